"""Plain texts, markup, web pages, tables and RTF."""

import pytest

from indexers.facts import Facts
from indexers.writings.blocks import Heading, Paragraph, Row
from indexers.writings.decoding import decoded
from search.errors import MediaError


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Grüße aus München, schöne Straße", "cp1252"),
        ("Grüße aus München", "utf-8"),
        ("Grüße aus München", "utf-8-sig"),
        ("Grüße aus München", "utf-16"),
        ("Grüße aus München und anderswo", "utf-16-le"),
        ("Grüße aus München und anderswo", "utf-16-be"),
        ("Grüße", "utf-32"),
        ("Привет мир, это короткий текст", "cp1251"),
        ("Привет мир, это короткий текст", "koi8-r"),
        ("これは日本語の短い文章です。", "shift_jis"),
        ("这是一个简短的中文文本。", "gb18030"),
        ("Αυτό είναι ένα σύντομο κείμενο", "cp1253"),
        ("café", "latin-1"),
    ],
)
def test_any_encoding(text, encoding):
    assert decoded(text.encode(encoding)) == text


def test_an_encoding_that_is_declared_is_believed_where_it_fits():
    assert decoded("naïve".encode("cp1250", "replace"), "cp1250") == "na?ve"
    assert decoded("Łódź".encode("iso8859-2"), "iso8859-2") == "Łódź"
    for wrong in ("no-such", "zip", "\0"):
        assert decoded(b"plain", wrong) == "plain"


def test_text_that_is_cut_in_a_letter_or_has_a_wrong_byte_stays_utf8():
    assert decoded("schön ü".encode()[:-1]).startswith("schön ")
    assert decoded("ü".encode() * 500 + b"\xff" + "ü".encode()).count("ü") == 501


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(MediaError, match="no text"):
        decoded(bytes(range(1, 32)) * 50)
    assert decoded(b"words\0with\0holes") == "wordswithholes"


def test_paragraphs_are_parted_by_empty_lines(blocks):
    data = b"One line\r\ngoes on.\r\n\r\nAnother.\r\n- a\r\n- b\r\n"
    assert blocks(data, "a.txt") == [Paragraph(t) for t in ("One line goes on.", "Another.", "- a", "- b")]


def test_markdown(blocks):
    data = (
        b"---\ntitle: Harbour notes\ntags: [sea, boats]\n---\n"
        b"# Moorings\n\nSee **the** [plan](http://x/y) of `pier`.\n\n"
        b"Fees\n----\n\n| a | b |\n|---|---|\n\n```\n# no heading\n```\n"
    )
    assert blocks(data, "a.md") == [
        Facts(title="Harbour notes", words="Harbour notes\nsea, boats\nMoorings", tags=("sea", "boats")),
        Heading("Moorings"),
        Paragraph("See the plan of pier."),
        Heading("Fees"),
        Paragraph("| a | b |"),
        Paragraph("# no heading"),
    ]


def test_restructured_text(blocks):
    assert blocks(b"Moorings\n========\n\nAre let.\n", "a.rst") == [
        Facts(title="Moorings", words="Moorings"),
        Heading("Moorings"),
        Paragraph("Are let."),
    ]


def test_source_code_keeps_its_lines(blocks):
    assert blocks(b"def f():\n    return 1\n", "a.py") == [Paragraph("def f():\n    return 1\n")]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_tables_have_their_header(blocks, sign):
    data = "\n".join(sign.join(row) for row in (("Ship", "Port"), ("Petrel", "Oban"), ("", ""), ("Tern", "")))
    header = ("Ship", "Port")
    assert blocks(data.encode(), "a.csv") == [
        Row(header),
        Row(("Petrel", "Oban"), header),
        Row(("Tern", ""), header),
    ]


def test_tables_of_numbers_have_none(blocks):
    assert blocks(b"1,2\n3,4\n", "a.csv") == [Row(("1", "2")), Row(("3", "4"))]


def test_a_table_with_a_field_without_end(blocks):
    found = blocks(b'a,b\n"' + b"x" * 300_000, "a.csv")
    assert all(isinstance(row, Row) and len(row.cells[0]) <= 2_000 for row in found)


def test_a_web_page(blocks):
    data = (
        "<!DOCTYPE html><html><head><meta charset='iso-8859-1'><title>Häfen</title><style>p {}</style>"
        "<meta name='description' content='Where to moor'></head><body><script>var x = '<p>no</p>'</script>"
        "<h2>Oban</h2><p>A <b>ferry</b> port<p>of Scotland<ul><li>pier<li>quay</ul>"
        "<table><tr><th>Day<th>Fee<tr><td>1 May<td>3 &euro;</table><table><tr><td>for looks</table>"
        "<img src='http://example.com/track.png' alt='x'><pre>a\n  b</pre>"
    ).encode("latin-1")
    assert blocks(data, "a.html") == [
        Facts(title="Häfen", words="Häfen\nWhere to moor"),
        Heading("Oban"),
        *map(Paragraph, ("A ferry port", "of Scotland", "pier", "quay")),
        Row(("Day", "Fee")),
        Row(("1 May", "3 €"), ("Day", "Fee")),
        Paragraph("for looks"),
        Paragraph("a\n  b"),
    ]


def test_a_page_with_tags_left_open_or_closed_twice(blocks):
    found = blocks(b"<div><p>a</div></div></p><td>b</table><!-- c <p>d", "a.html")
    assert found[1:3] == [Paragraph("a"), Paragraph("b")]


def test_comments_without_end_are_left_out(blocks):
    assert blocks(b"<p>a<!-- b --><!-- c > --><?php d ?><p>e" + b"<!-- <? <!" * 50_000, "a.html")[1:] == [
        Paragraph("a"),
        Paragraph("e"),
    ]


def test_rich_text(blocks):
    data = rb"{\rtf1\ansi\ansicpg1252 {\fonttbl{\f0 Arial;}}\f0 Gr\'fc\'dfe aus \b Oban\b0 .\par Zwei\par}"
    assert blocks(data, "a.rtf") == [Paragraph("Grüße aus Oban."), Paragraph("Zwei")]
