"""Office documents, OpenDocument and e-books: what of them is told, and in which order."""

import datetime
import io

import openpyxl
import pytest

from indexers.base import LeftOutError
from indexers.facts import Facts
from indexers.writings.blocks import Heading, Paragraph, Place, Row
from search.errors import MediaError
from tests.indexers.writings.making import book, opendocument, packed, para, shape, slides, word


def test_a_word_document_has_headings_paragraphs_tables_and_notes(blocks):
    cells = "".join(f"<w:tc>{para(text)}</w:tc>" for text in ("Berth", "Fee"))
    more = "".join(f"<w:tc>{para(text)}</w:tc>" for text in ("A12", "300 euros"))
    body = (
        para("The deposit", "berschrift1")
        + para("It is paid before")
        + "<w:p><w:r><w:t>May</w:t><w:tab/><w:t>ends</w:t></w:r>"
        + "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>"
        + f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{more}</w:tr></w:tbl>"
    )
    note = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    facts, *rest = blocks(word(body, footnotes=f"{note}{para('See clause 4.')}</w:footnotes>"), "a.docx")
    assert facts == Facts(
        taken_at=datetime.datetime(2023, 5, 1, 9, 30),
        title="Lease of a boat",
        words="Lease of a boat\nAda Byron\nboat; harbour",
        tags=("boat", "harbour"),
    )
    assert rest == [
        Heading("The deposit"),
        Paragraph("It is paid before"),
        Paragraph("May\tends"),
        Row(("Berth", "Fee")),
        Row(("A12", "300 euros"), ("Berth", "Fee")),
        Paragraph("See clause 4."),
    ]


def test_what_word_writes_twice_for_old_programs_is_read_once(blocks):
    box = f"<Choice>{para('In a box')}</Choice><Fallback>{para('In a box')}</Fallback>"
    assert blocks(word(f"<w:p><AlternateContent>{box}</AlternateContent></w:p>"), "a.docx")[1:] == [
        Paragraph("In a box")
    ]


def test_slides_come_as_they_are_shown(blocks):
    first = shape("Spring tides", "ctrTitle") + shape("High water at noon") + shape("7", "sldNum")
    facts, *rest = blocks(slides(first, shape("Neap tides", "title")), "a.pptx")
    assert facts.title == "Lease of a boat"
    assert rest == [Place("Spring tides"), Paragraph("High water at noon"), Place("Neap tides")]


def test_sheets_come_row_by_row_with_their_header(blocks):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["Ship", "Built", "Length"])
    sheet.append(["Kittiwake", datetime.datetime(1931, 4, 2), 7.5])
    sheet.append([])
    sheet.append(["Petrel", datetime.datetime(1950, 1, 1, 12, 30), 3.0])
    made.create_sheet("Berths").append(["A12"])
    file = io.BytesIO()
    made.save(file)
    _, *rest = blocks(file.getvalue(), "a.xlsx")
    header = ("Ship", "Built", "Length")
    assert rest == [
        Place(""),
        Row(header),
        Row(("Kittiwake", "1931-04-02", "7.5"), header),
        Row(("Petrel", "1950-01-01 12:30", "3"), header),
        Place("Berths"),
        Row(("A12",)),
    ]


def test_an_opendocument_text(blocks):
    content = (
        "<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        '<text:h text:outline-level="1">Tides</text:h>'
        "<text:p>High <text:s/>water<text:line-break/>at noon</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>Day</text:p></table:table-cell>"
        "<table:table-cell><text:p>Height</text:p></table:table-cell></table:table-row></table:table></office:text>"
    )
    facts, *rest = blocks(opendocument(content), "a.odt")
    assert (facts.title, facts.taken_at) == ("Tide tables", datetime.datetime(2022, 2, 3, 4, 5, 6))
    assert rest == [Heading("Tides"), Paragraph("High  water\nat noon"), Row(("Day", "Height"))]


def test_an_opendocument_spreadsheet_and_presentation(blocks):
    cells = '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
    content = (
        '<office:spreadsheet><table:table table:name="Fees">'
        '<table:table-row table:number-rows-repeated="1000000">'
        f"{cells}</table:table-row></table:table></office:spreadsheet>"
    )
    _, *rest = blocks(opendocument(content, "spreadsheet"), "a.ods")
    assert rest == [Place("Fees"), Row(("x",) * 20)]
    content = (
        '<office:presentation><draw:page draw:name="page1"><text:p>Moored</text:p></draw:page>'
        '<draw:page draw:name="End"/></office:presentation>'
    )
    _, *rest = blocks(opendocument(content, "presentation"), "a.odp")
    assert rest == [Place(""), Paragraph("Moored"), Place("End")]


def test_chapters_of_a_book_come_in_the_order_of_reading(blocks):
    chapters = {
        "z.xhtml": "<html><head><title>x</title></head><body><h1>Moon</h1><p>It pulls.</p></body></html>",
        "cover.xhtml": "<html><body><img src='http://example.com/a.png'/></body></html>",
        "a%20b.xhtml": "<html><head><title>Sun</title></head><body><p>So does it.</p></body></html>",
    }
    given = dict(zip(("z.xhtml", "cover.xhtml", "a b.xhtml"), chapters.values(), strict=True))
    data = book(given)
    facts, *rest = blocks(data, "a.epub")
    assert (facts.title, facts.words) == ("The tides", "The tides\nMary Somerville")
    assert rest == [Place("Moon"), Paragraph("It pulls."), Place("Sun"), Paragraph("So does it.")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", packed({"x": "y"})),
        ("a.xlsx", packed({"x": "y"})),
        ("a.pptx", packed({"x": "y"})),
        ("a.odt", packed({"x": "y"})),
        ("a.epub", packed({"x": "y"})),
    ],
)
def test_archives_that_are_called_otherwise(blocks, name, data):
    with pytest.raises(MediaError, match=r"is a ZIP archive, not an? .* as its name says"):
        blocks(data, name)


def test_locked_documents_say_what_helps(blocks):
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(LeftOutError, match=r"encrypted and it needs a password\. Give it with --pass"):
        blocks(locked, "a.docx")
    with pytest.raises(LeftOutError, match="encrypted with a password"):
        blocks(opendocument("", manifest="<m><encryption-data/></m>"), "a.odt")
    drm = '<e><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></e>'
    with pytest.raises(LeftOutError, match="DRM"):
        blocks(book({"a.html": "x"}, **{"META-INF__encryption.xml": drm}), "a.epub")
    fonts = drm.replace("http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.idpf.org/2008/embedding")
    fonts = fonts.replace("embedding", "obfuscation")
    assert Place("") in blocks(book({"a.html": "<p>x"}, **{"META-INF__encryption.xml": fonts}), "a.epub")


def test_old_documents_say_what_helps(blocks):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    for name, instead in (("a.doc", ".docx"), ("a.xls", ".xlsx"), ("a.ppt", ".pptx")):
        with pytest.raises(LeftOutError, match=rf"which is not read\. Save it as \{instead}"):
            blocks(old, name)
    with pytest.raises(LeftOutError, match="old Office document, whatever its name"):
        blocks(old, "a.docx")
    with pytest.raises(LeftOutError, match="Export it as PDF"):
        blocks(packed({"Index/Document.iwa": "x"}), "a.pages")
    with pytest.raises(LeftOutError, match="Unpack it"):
        blocks(b"7z\xbc\xaf\x27\x1c" + bytes(40), "a.7z")
