"""Links between files: read from pages and documents of every kind, and asked for in pairs."""

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pymupdf
import pytest

from indexers import pipeline
from indexers.base import WORD_SPACES, Job
from indexers.documents import INDEXER as PDFS
from indexers.link_targets import target_of
from indexers.media_types import HEAD_BYTES, sniff
from indexers.texts import INDEXER as TEXTS
from search.engine import Engine
from search.link_form import LINKS, MOST_OF_A_PAGE
from search.records import Page, Unchanged
from tests.indexers.writings.making import R, book, opendocument, para, related, shape, slides, word

AREA = pymupdf.Rect(50, 40, 200, 60)


def linked(path, media_type=None):
    """The links of a file: on which page, to what."""
    data = path.read_bytes()
    media_type = media_type or sniff(data[:HEAD_BYTES], str(path))
    indexer = PDFS if media_type == "application/pdf" else TEXTS
    job = Job(str(path), "d", media_type, len(data), 1, indexer.name, {LINKS: None}, thumbnails=False)
    found = indexer.extract(job).pieces
    assert all(piece.space == LINKS and piece.payload is None for piece in found)
    return [(piece.locator.number, piece.text) for piece in found]


def pdf(path, pages, *links):
    with pymupdf.open() as document:
        for text in pages:
            document.new_page().insert_text((50, 100), text)
        for page, link in links:
            document[page - 1].insert_link({"from": AREA, "to": pymupdf.Point(0, 0), **link})
        document.save(path)
    return path


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("report.pdf", "report.pdf"),
        ("../a%20b/report.pdf#page=4", "../a b/report.pdf#page=4"),
        ("report.pdf#zoom=5&page=12&x", "report.pdf#page=12"),
        ("notes.html?x=1#part", "notes.html"),
        ("#page=3", "#page=3"),
        (r"sub\report.pdf", "sub/report.pdf"),
        ("file:///home/ada/report.pdf", "/home/ada/report.pdf"),
        ("file:///C:/Users/ada/report.pdf", "C:/Users/ada/report.pdf"),
        (r"C:\Users\ada\report.pdf", "C:/Users/ada/report.pdf"),
        ("http://example.org/report.pdf", None),
        ("//example.org/report.pdf", None),
        ("mailto:ada@example.org", None),
        ("javascript:alert(1)", None),
        ("data:image/png;base64,AAAA", None),
        ("#part", None),
        ("", None),
        ("a\0b.pdf", None),
        ("x" * 2_000, None),
    ],
)
def test_what_a_reference_points_to(href, target):
    assert target_of(href) == target


class TestPdfs:
    def test_every_kind_of_link(self, tmp_path):
        path = pdf(
            tmp_path / "a.pdf",
            "abc",
            (1, {"kind": pymupdf.LINK_GOTO, "page": 2}),
            (1, {"kind": pymupdf.LINK_GOTO, "page": 2}),
            (1, {"kind": pymupdf.LINK_GOTO, "page": 0}),
            (2, {"kind": pymupdf.LINK_GOTOR, "file": "annual report.pdf", "page": 3}),
            (2, {"kind": pymupdf.LINK_LAUNCH, "file": "../sheet.xlsx"}),
            (3, {"kind": pymupdf.LINK_URI, "uri": "annual%20report.pdf#page=4"}),
            (3, {"kind": pymupdf.LINK_URI, "uri": "https://example.org/x.pdf"}),
        )
        assert linked(path) == [
            (1, "#page=3"),
            (2, "annual report.pdf#page=4"),
            (2, "../sheet.xlsx"),
            (3, "annual report.pdf#page=4"),
        ]

    def test_a_list_of_contents_joins_no_pages(self, tmp_path):
        count = MOST_OF_A_PAGE + 2
        links = [(1, {"kind": pymupdf.LINK_GOTO, "page": n}) for n in range(1, count)]
        kept = (1, {"kind": pymupdf.LINK_LAUNCH, "file": "b.pdf"})
        assert linked(pdf(tmp_path / "a.pdf", "x" * count, *links, kept)) == [(1, "b.pdf")]
        assert len(linked(pdf(tmp_path / "b.pdf", "x" * count, *links[1:]))) == MOST_OF_A_PAGE


class TestDocuments:
    def test_web_pages(self, tmp_path):
        path = tmp_path / "a.html"
        path.write_text(
            '<p>See <a href="sub/b.pdf#page=2">page 2</a> and <a href="https://x.org/">the web</a>, '
            '<a href="#below">below</a>.<table><tr><td><a href="c.xlsx">c</a></td><td>d</td></tr></table>'
            '<img src="chart.png"><a href="last.md">'
        )
        assert linked(path) == [(1, "sub/b.pdf#page=2"), (1, "c.xlsx"), (1, "chart.png"), (1, "last.md")]

    def test_markdown(self, tmp_path):
        path = tmp_path / "a.md"
        path.write_text(
            "# Notes\n\nSee [the report](docs/b.pdf#page=4), [[Diary]] and [[sub/plan.md#part|the plan]].\n"
            'A ![chart](chart.png "Sales") and [spaces](<my file.pdf>), [web](http://x.org), [h](#part).\n\n'
            "[ref]: c.docx\n"
        )
        assert linked(path) == [
            (1, "docs/b.pdf#page=4"),
            (1, "chart.png"),
            (1, "my file.pdf"),
            (1, "Diary.md"),
            (1, "sub/plan.md"),
            (1, "c.docx"),
        ]

    def test_a_link_stands_where_its_paragraph_does(self, tmp_path):
        path = tmp_path / "a.md"
        path.write_text("# One\n\n" + "Rain fell all day. " * 300 + "\n\nSee [b](b.pdf).\n")
        [(number, target)] = linked(path)
        assert (number > 1, target) == (True, "b.pdf")

    def test_word(self, tmp_path):
        path = tmp_path / "a.docx"
        link = f'<w:p><w:hyperlink xmlns:r="{R}" r:id="r1"><w:r><w:t>b</w:t></w:r></w:hyperlink></w:p>'
        path.write_bytes(word(para("Hello") + link))
        outside = (
            f'<Relationships><Relationship Id="r1" Type="{R}/hyperlink" Target="b%20c.pdf" '
            f'TargetMode="External"/></Relationships>'
        )
        with ZipFile(path, "a") as package:
            package.writestr("word/_rels/document.xml.rels", outside)
        assert linked(path) == [(1, "b c.pdf")]

    def test_slides_link_to_each_other(self, tmp_path):
        path = tmp_path / "a.pptx"
        jump = f'<a:hlinkClick xmlns:r="{R}" r:id="r1" action="ppaction://hlinksldjump"/>'
        path.write_bytes(slides(shape("One") + jump, shape("Two"), shape("Three")))
        with ZipFile(path, "a") as package:  # the first slide is stored last
            package.writestr("ppt/slides/_rels/slide3.xml.rels", related(r1="slide1.xml"))
        assert linked(path) == [(1, "#page=3")]

    def test_sheets(self, tmp_path):
        made = openpyxl.Workbook()
        made.active["A1"] = "see"
        made.active["A1"].hyperlink = "b.pdf#page=2"
        second = made.create_sheet("Two")
        second["A1"] = "and"
        second["A1"].hyperlink = "c.docx"
        made.save(tmp_path / "a.xlsx")
        assert linked(tmp_path / "a.xlsx") == [(1, "b.pdf#page=2"), (2, "c.docx")]

    def test_opendocument_is_a_folder_of_its_own(self, tmp_path):
        path = tmp_path / "a.odt"
        told = '<text:a xmlns:xlink="x" xlink:href="../b.pdf">b</text:a>'
        path.write_bytes(opendocument(f"<office:text><text:p>See {told}</text:p></office:text>"))
        assert linked(path) == [(1, "b.pdf")]

    def test_chapters_of_a_book(self, tmp_path):
        path = tmp_path / "a.epub"
        chapters = {
            "one.xhtml": '<h1>One</h1><p>See <a href="three.xhtml#x">three</a>.</p>',
            "two.xhtml": "<h1>Two</h1><p>x</p>",
            "three.xhtml": '<h1>Three</h1><p><a href="one.xhtml">back</a><a href="none.xhtml">n</a></p>',
        }
        path.write_bytes(book(chapters))
        assert linked(path) == [(1, "#page=3"), (3, "#page=1")]

    def test_links_of_what_is_attached_mean_what_lies_there(self, tmp_path):
        mail = b"From: a@b.c\nSubject: x\nContent-Type: multipart/mixed; boundary=Z\n\n--Z\n"
        mail += b'Content-Disposition: attachment; filename="a.html"\nContent-Type: text/html\n\n'
        mail += b'<p><a href="b.pdf">b</a></p>\n--Z--\n'
        (tmp_path / "a.eml").write_bytes(mail)
        assert linked(tmp_path / "a.eml") == []


class TestLibrary:
    def test_two_files_answer_together(self, folder, library, run_index):
        pdf(folder / "annual report.pdf", ["Rain fell.", "Rain fell.", "Miller is the auditor."])
        pdf(folder / "other.pdf", ["Miller is the auditor."])
        (folder / "notes.md").write_text("Our revenue rose, see [the report](annual%20report.pdf#page=3).\n")
        run_index(folder)
        result = Engine(library, []).search("SAME pair (revenue AND auditor)")
        [hit] = result.hits
        told = [(one.part, one.path and Path(one.path).name, one.locator) for one in hit.evidence]
        assert hit.file.name == "notes.md"
        assert told[:2] == [("revenue", None, Page(1)), ("auditor", "annual report.pdf", Page(3))]

        (folder / "sub").mkdir()
        (folder / "annual report.pdf").rename(folder / "sub" / "annual report.pdf")
        run_index(folder)
        [hit] = Engine(library, []).search("SAME pair (revenue AND auditor)").hits
        assert hit.evidence[1].path == str(folder / "sub" / "annual report.pdf")

    def test_a_library_of_before_learns_links_and_nothing_else(self, folder, library, run_index, monkeypatch):
        pdf(folder / "a.pdf", "ab", (1, {"kind": pymupdf.LINK_LAUNCH, "file": "b.pdf"}))
        older = {name: made for name, made in WORD_SPACES.items() if name != LINKS}
        with monkeypatch.context() as before:
            before.setattr(pipeline, "WORD_SPACES", older)
            before.setattr(PDFS.__class__, "spaces", PDFS.spaces - {LINKS})
            run_index(folder)
        digest = library.digest_at(str(folder / "a.pdf"))
        text = library.version_of("text")
        run_index(folder)
        assert [one.text for one in library.segments(LINKS, digest)] == ["b.pdf"]
        assert library.version_of("text") == text
        assert isinstance(run_index(folder)[0], Unchanged)
