import pymupdf
import pytest

from indexers import documents
from indexers.base import Job
from indexers.documents import INDEXER
from indexers.headings import LONGEST, Headings

BODY = "The rent is to be paid on the first day of each month, and it is lowered when the heating fails. " * 4


def paper(path, *pages, title="", outline=()):
    """A PDF whose pages are (size of the letters, bold, text) one below the other."""
    with pymupdf.open() as document:
        for blocks in pages:
            page, top = document.new_page(), 40
            for size, bold, text in blocks:
                box = (40, top, 550, top + 20 + size * (1 + len(text) * size // 900))
                page.insert_textbox(box, text, fontsize=size, fontname="hebo" if bold else "helv")
                top = box[3] + 10
        document.set_metadata({"title": title})
        document.set_toc(list(outline))
        document.save(path)
    return path


def cut(path, start=0):
    """What each passage stands under, with the words it begins with."""
    job = Job(str(path), "d", "application/pdf", 1, 0, "documents", {"meaning": None}, False, start=start)
    pieces = INDEXER.extract(job).pieces
    assert all(piece.payload == piece.text for piece in pieces)
    return [(piece.over, piece.text.split("\n")[0][:14]) for piece in pieces]


def headings(path):
    with documents.opened(path) as document:
        return Headings.of(document)


def test_a_passage_stands_under_its_title_and_heading(tmp_path):
    pages = (
        [(20, False, "Lease of a boat"), (11, False, BODY), (15, False, "2. Deposit"), (11, False, BODY * 3)],
    )
    found = cut(paper(tmp_path / "a.pdf", *pages))
    assert found[0] == (None, "Lease of a boa")
    assert found[1][0] == "Lease of a boat"
    assert found[-1][0] == "Lease of a boat. 2. Deposit"


def test_headings_of_the_outline_reach_over_pages(tmp_path):
    pages = [[(11, False, "1 Duties"), (11, False, BODY * 3)], [(11, False, BODY)], [(11, False, BODY)]]
    outline = [(1, "Duties", 1), (1, "Rights", 3)]
    found = cut(paper(tmp_path / "a.pdf", *pages, title="Lease of a boat", outline=outline))
    assert found[0] == ("Lease of a boat", "1 Duties")
    assert [over for over, _ in found[1:]] == ["Lease of a boat. Duties"] * 3


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("Microsoft Word - Lease of a boat", "Lease of a boat"),
        ("Lease of a boat", "Lease of a boat"),
        ("Microsoft Word - Document1", ""),
        ("PowerPoint Presentation", ""),
        ("untitled", ""),
        ("lease_final.docx", ""),
        ("12/34", ""),
        ("x" * (LONGEST + 1), ""),
    ],
)
def test_what_a_document_is_called(tmp_path, said, title):
    assert headings(paper(tmp_path / "a.pdf", [(11, False, BODY)], title=said)).title == title


def test_bold_letters_are_headings_and_the_title_comes_first(tmp_path):
    page = [
        (17, False, "Lease of a boat"),
        (14.5, True, "Duties"),
        (11, False, BODY),
        (11, True, "Rights"),
        (11, False, BODY),
    ]
    path = paper(tmp_path / "a.pdf", page)
    assert headings(path).title == "Lease of a boat"
    assert cut(path) == [(None, "Lease of a boa"), ("Lease of a boat", "Rights")]


def test_a_page_in_letters_of_one_size_has_none(tmp_path):
    assert cut(paper(tmp_path / "a.pdf", [(11, False, BODY), (11, False, BODY)]))[0][0] is None


def test_a_page_without_words(tmp_path):
    path = paper(tmp_path / "a.pdf", [])
    assert headings(path) == Headings()
    assert cut(path) == []
