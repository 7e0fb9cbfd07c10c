import pymupdf
import pytest

from indexers import documents
from indexers.base import Job, LeftOutError
from indexers.documents import INDEXER
from search.errors import MediaError
from search.records import Page
from search.spaces import PictureInput
from search.spots import spot_of

SPACES = {"text": None, "scene": PictureInput(64, 64), "phash": PictureInput(32, 32, "squash")}


def job(path, **changes) -> Job:
    facts = {"path": str(path), "digest": "d", "media_type": "application/pdf", "size": 1, "mtime_ns": 0}
    return Job(**{**facts, "indexer": "documents", "spaces": SPACES, **changes})


def parts(path, **changes):
    """All parts of a document, in order."""
    start, found = 0, []
    while start is not None:
        found.append(INDEXER.extract(job(path, start=start, **changes)))
        start = found[-1].next
    return found


def test_every_page_has_its_pieces(tmp_path, save_pdf):
    (part,) = parts(save_pdf(tmp_path / "a.pdf", "first page", "", "third page"))
    assert [(piece.locator, piece.text) for piece in part.pieces if piece.space == "text"] == [
        (Page(1), "first page"),
        (Page(3), "third page"),
    ]
    for space, side in (("scene", 64), ("phash", 32)):
        pieces = [piece for piece in part.pieces if piece.space == space]
        assert [piece.locator for piece in pieces] == [Page(1), Page(2), Page(3)]
        assert {piece.payload.shape for piece in pieces} == {(side, side, 3)}
    assert [place for place, _ in part.thumbnails] == [Page(1), Page(2), Page(3)]
    assert (part.content.pages, part.content.width, part.content.height) == (3, 300, 400)


def test_only_what_is_wanted(tmp_path, save_pdf):
    (part,) = parts(save_pdf(tmp_path / "a.pdf", "words"), spaces={"text": None}, thumbnails=False)
    assert [piece.space for piece in part.pieces] == ["text"]
    assert part.thumbnails == []


def test_meaning_is_made_of_passages_and_leaves_figures_out(tmp_path, save_pdf):
    spaces = {"text": None, "meaning": None}
    (part,) = parts(save_pdf(tmp_path / "a.pdf", "A boat is let.", "12 34 56"), spaces=spaces)
    assert [(piece.space, spot_of(piece.locator), piece.text, piece.payload) for piece in part.pieces] == [
        ("text", Page(1), "A boat is let.", None),
        ("meaning", Page(1), "A boat is let.", "A boat is let."),
        ("text", Page(2), "12 34 56", None),
    ]
    assert part.pieces[1].locator.box == pytest.approx((20 / 300, 0.07, 0.27, 0.11), abs=0.01)
    (part,) = parts(tmp_path / "a.pdf", spaces={"meaning": None}, thumbnails=False)
    assert [piece.space for piece in part.pieces] == ["meaning"]


def test_long_documents_come_in_parts(tmp_path, save_pdf):
    path = save_pdf(tmp_path / "a.pdf", *map(str, range(40)))
    found = parts(path)
    assert [part.next for part in found] == [16, 32, None]
    assert [part.content is not None for part in found] == [True, False, False]
    texts = [piece.text for part in found for piece in part.pieces if piece.space == "text"]
    assert texts == list(map(str, range(40)))


def test_thumbnails_of_the_first_pages_only(tmp_path, save_pdf, monkeypatch):
    monkeypatch.setattr(documents, "PAGES_WITH_THUMBNAIL", 2)
    (part,) = parts(save_pdf(tmp_path / "a.pdf", "1", "2", "3"))
    assert [place for place, _ in part.thumbnails] == [Page(1), Page(2)]


class TestPasswords:
    @pytest.fixture
    def locked(self, tmp_path, save_pdf):
        encryption = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "user_pw": "öffne", "owner_pw": "x"}
        return save_pdf(tmp_path / "a.pdf", "secret", **encryption)

    @pytest.mark.parametrize(
        ("given", "said"), [((), "needs a password"), (("wrong",), "none of the passwords")]
    )
    def test_without_the_right_one(self, locked, given, said):
        with pytest.raises(LeftOutError, match=rf"{said}.*--password-file"):
            INDEXER.extract(job(locked, passwords=given))

    def test_with_it(self, locked):
        (part,) = parts(locked, passwords=("wrong", "öffne"))
        assert part.pieces[0].text == "secret"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"%PDF-1.7\n" + b"\xff" * 500, b"not a pdf"])
def test_broken_documents(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)
    with pytest.raises(MediaError):
        INDEXER.extract(job(tmp_path / "a.pdf"))


def test_a_repairable_document_is_read(tmp_path, save_pdf):
    data = save_pdf(tmp_path / "a.pdf", "still here").read_bytes()
    (tmp_path / "a.pdf").write_bytes(b"garbage\n" * 20 + data[: data.rindex(b"startxref")])
    assert parts(tmp_path / "a.pdf")[0].pieces[0].text == "still here"


@pytest.mark.parametrize("size", [(28_000, 700), (14_400, 14_400), (3, 3), (3, 14_000)])
def test_absurd_pages_are_drawn_small(tmp_path, save_pdf, size):
    path = save_pdf(tmp_path / "a.pdf", "x", size=size)
    with documents.opened(path) as document:
        picture = documents.render(document[0], 448)
    assert max(picture.size) <= 4100
    assert min(picture.size) >= 1
    assert len(parts(path)[0].pieces) >= 2


def test_rotated_pages_are_upright(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=200, height=400)
        page.draw_rect((0, 0, 200, 50), fill=(1, 0, 0), color=None)
        page.set_rotation(90)
        document.save(tmp_path / "a.pdf")
    picture = documents.page_picture(tmp_path / "a.pdf", 1, 200)
    assert picture.size == (400, 200)
    assert picture.getpixel((390, 100)) == (255, 0, 0)


@pytest.mark.parametrize("number", [0, 3])
def test_a_page_that_is_not_there(tmp_path, save_pdf, number):
    with pytest.raises(MediaError, match="the PDF has 2"):
        documents.page_picture(save_pdf(tmp_path / "a.pdf", "1", "2"), number, 100)


def test_hyphens_at_line_ends_are_mended(tmp_path):
    with pymupdf.open() as document:
        document.new_page().insert_textbox(
            (50, 50, 300, 300), "an exam-\nple of well-known\nTwo-\nColumn text"
        )
        document.save(tmp_path / "a.pdf")
    assert parts(tmp_path / "a.pdf")[0].pieces[0].text == "an example of well-known Two- Column text"


def test_columns_are_read_one_after_the_other(tmp_path):
    with pymupdf.open() as document:
        page = document.new_page(width=600, height=800)
        page.insert_text((100, 50), "A title over both columns of the whole page", fontsize=20)
        for column, left in enumerate((50, 320)):
            for row in range(3):
                lines = "\n".join(f"column {column} row {row} line {line}" for line in range(3))
                page.insert_textbox((left, 100 + row * 200, left + 240, 250 + row * 200), lines)
        document.save(tmp_path / "a.pdf")
    text = parts(tmp_path / "a.pdf")[0].pieces[0].text
    order = [text.index(f"column {column} row {row}") for column in (0, 1) for row in range(3)]
    assert order == sorted(order)
    assert text.startswith("A title")


def test_real_documents_give_their_words(media_dir):
    """The evidence of the questions stands on its page, unless only the page's picture shows it."""
    with documents.opened(media_dir / "pdf" / "tracemonkey.pdf") as document:
        text = documents.page_text(document[0])
    assert "generally applicable" in text or "dynamically-typed" in text
    assert text.index("Abstract") < text.index("Introduction")


def test_a_row_of_a_table_is_encoded_behind_what_it_stands_under(tmp_path):
    with pymupdf.open() as document:
        document.set_metadata({"title": "Prices in Oviedo"})
        page = document.new_page()
        rows = (("Article", "Price"), ("red boat", "300.00"), ("old drum", "45.00"), ("white kite", "12.50"))
        for n, row in enumerate(rows):
            for left, text in zip((60, 220), row, strict=True):
                page.insert_text((left, 100 + 18 * n), text)
        document.save(tmp_path / "a.pdf")
    table, first, *_ = parts(tmp_path / "a.pdf", spaces={"meaning": None})[0].pieces
    assert (table.text, table.payload, table.parent) == ("Article; Price", "Article; Price", None)
    assert (first.text, first.parent, first.over) == (
        "Article: red boat; Price: 300.00",
        0,
        "Prices in Oviedo",
    )
    assert first.payload == "Prices in Oviedo\nArticle: red boat; Price: 300.00"
