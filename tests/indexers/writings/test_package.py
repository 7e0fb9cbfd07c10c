"""XML that is a trap."""

import pytest

from indexers.writings.blocks import Paragraph
from search.errors import MediaError
from tests.indexers.writings.making import W, packed, para, word

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
TRAPS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>',
    "another file": '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
    "the net": '<!DOCTYPE x SYSTEM "http://example.com/x.dtd">',
}


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS)
def test_document_types_are_refused(blocks, trap):
    body = f'<w:document xmlns:w="{W}">{para("&l9;" if "l9" in trap else "x")}</w:document>'
    with pytest.raises(MediaError, match="declares an XML document type"):
        blocks(packed({"word/document.xml": f"<?xml version='1.0'?>{trap}{body}"}), "a.docx")
    with pytest.raises(MediaError, match="declares an XML document type"):
        blocks(packed({"xl/workbook.xml": f"{trap}<workbook/>"}), "a.xlsx")


def test_nesting_without_end_is_refused(blocks):
    with pytest.raises(MediaError, match="nested without end"):
        blocks(packed({"word/document.xml": "<a>" * 100_000}), "a.docx")


def test_broken_xml(blocks):
    with pytest.raises(MediaError, match="its XML cannot be read"):
        blocks(packed({"word/document.xml": "<a><b></a>"}), "a.docx")


def test_macros_are_not_read(blocks):
    data = word(para("Body"), vbaProject="Sub AutoOpen()")
    assert blocks(data, "a.docm")[1:] == [Paragraph("Body")]
