"""Tables: which lines of a page are one, what heads its columns, and what is none."""

import pymupdf
import pytest

from indexers.page_lines import Line, lines_of
from indexers.tables import tables

HEADER = ("Town", "Inhabitants", "Founded")
ROWS = (("Coimbra", "143,396", "1139"), ("Tartu", "91,407", "1030"), ("Zadar", "70,829", "998"))


def cells(rows, lefts=(50, 200, 350), size=10, pitch=16, top=100, bold=()):
    """The lines of a grid of texts."""
    return [
        Line(
            (left, top + n * pitch, left + size * 0.5 * len(text), top + n * pitch + size),
            text,
            size,
            n,
            bold=n in bold,
        )
        for n, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]


def told(lines):
    return [[row.told for row in table.rows] for table in tables(lines)]


def test_each_row_is_told_with_what_heads_its_columns():
    [table] = tables(cells((HEADER, *ROWS)))
    assert table.header == "Town; Inhabitants; Founded"
    assert [row.told for row in table.rows] == [
        "Town: Coimbra; Inhabitants: 143,396; Founded: 1139",
        "Town: Tartu; Inhabitants: 91,407; Founded: 1030",
        "Town: Zadar; Inhabitants: 70,829; Founded: 998",
    ]
    assert table.rows[0].plain == "Coimbra 143,396 1139"
    assert table.rows[1].box == pytest.approx((50, 132, 370, 142))
    assert table.box[1] == 100
    assert len(table.lines) == 12


def test_a_header_in_two_lines_is_joined():
    rows = (("", "Area", "Official"), ("Country", "(km2)", "language"), *ROWS)
    [table] = tables(cells(rows, pitch=11))
    assert table.header == "Country; Area (km2); Official language"
    assert len(table.rows) == 3


def test_the_second_line_of_a_cell_goes_with_its_row():
    rows = (HEADER, ROWS[0], ("", "(with suburbs)", ""), *ROWS[1:])
    [found] = told(cells(rows, pitch=11))
    assert found[0] == "Town: Coimbra; Inhabitants: 143,396 (with suburbs); Founded: 1139"
    assert len(found) == 3


def test_a_name_that_stands_once_counts_for_the_rows_below():
    rows = (("Country", "Town", "Founded"), ("Croatia", "Zadar", "998"), ("", "Split", "305"), ROWS[0])
    [found] = told(cells(rows))
    assert found[1] == "Country: Croatia; Town: Split; Founded: 305"


def test_names_alone_are_a_table_under_bold_letters():
    rows = (("Guest", "Dish"), ("Ada Lovelace", "Soup"), ("Alan Turing", "Pie"), ("Emmy Noether", "Salad"))
    assert told(cells(rows, (50, 200))) == []
    [found] = told(cells(rows, (50, 200), bold=(0,)))
    assert found[0] == "Guest: Ada Lovelace; Dish: Soup"


@pytest.mark.parametrize(
    "rows",
    [
        (("1. Introduction", "3"), ("2. Methods", "17"), ("3. Results", "29"), ("4. Discussion", "41")),
        (HEADER, ROWS[0]),
        (("Name:", "Ada Lovelace"), ("Town:", "London"), ("Born:", "1815")),
    ],
)
def test_lists_of_contents_and_forms_are_none(rows):
    assert told(cells(rows, (50, 200, 350)[: len(rows[0])])) == []


def test_columns_of_prose_are_none_and_do_not_hide_one():
    prose = [("and the river rose again in spring as it", "of the town went on until nobody came", "")] * 8
    assert told(cells(prose, (50, 300, 500))) == []
    beside = cells([(text,) for text, _, _ in prose[:4]], (50,))
    [found] = told([*beside, *cells((HEADER, *ROWS), (300, 400, 500))])
    assert found[0].startswith("Town: Coimbra; ")


def test_a_page_without_any_takes_none():
    assert tables([]) == []
    assert tables(cells([("A line.",)] * 5, (50,))) == []


@pytest.mark.parametrize(
    ("file", "page", "row"),
    [
        (
            "multicolumn.pdf",
            3,
            "Country: Austria; Population (millions): 8.9; Area (km2): 83,879; Capital: Vienna",
        ),
        ("tracemonkey.pdf", 12, "3d-morph; Loops: 5; Trees: 8; Traces: 8; Aborts: 2; Flushes: 0"),
        ("google-doc-document.pdf", 1, "Capital; Indonesia"),
    ],
)
def test_real_tables_are_found(media_dir, file, page, row):
    with pymupdf.open(media_dir / "pdf" / file) as document:
        [found] = told(lines_of(document[page - 1]).lines)
    assert any(one.startswith(row) for one in found)


def test_a_book_of_prose_has_none(media_dir):
    with pymupdf.open(media_dir / "pdf" / "pdkids.pdf") as document:
        assert [number for number in range(20) if tables(lines_of(document[number]).lines)] == []
