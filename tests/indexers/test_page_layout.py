"""What a page is made of: order, lists, notes, page numbers, captions; drawn as real PDFs."""

import pymupdf
import pytest

from indexers.figures import figure_boxes
from indexers.page_layout import layout
from indexers.page_lines import lines_of
from indexers.page_margins import edges
from indexers.page_passages import passages_of

PROSE = "The river rose again in spring and the lower streets of the town were under water for a week. "


@pytest.fixture
def page():
    with pymupdf.open() as document:
        yield document.new_page(width=600, height=800)


def write(page, left, top, text, width=480, size=10, font="helv"):
    page.insert_textbox((left, top, left + width, top + 400), text, fontsize=size, fontname=font)


def parts(page, heads=()):
    return layout(lines_of(page), lambda: figure_boxes(page), heads)


def texts(page, kind="text", heads=()):
    return [one.text for one in parts(page, heads) if one.kind == kind]


def test_a_paragraph_goes_on_in_the_next_column(page):
    write(page, 50, 100, PROSE * 3 + "and then they", width=230)
    write(page, 320, 100, "went home again. " + PROSE * 3, width=230)
    [whole] = texts(page)
    assert "and then they went home again" in whole


def test_a_new_paragraph_in_the_next_column_does_not(page):
    write(page, 50, 100, PROSE * 3, width=230)
    write(page, 320, 100, PROSE * 3, width=230)
    assert len(texts(page)) == 2


def test_items_of_a_list_are_paragraphs(page):
    write(page, 50, 100, "a) one ladder of four metres\nwhich is made of wood\nb) two buckets\nc) a rope")
    assert texts(page) == [
        "a) one ladder of four metres which is made of wood",
        "b) two buckets",
        "c) a rope",
    ]


def test_footnotes_come_last_and_apart(page):
    write(page, 50, 100, PROSE * 2, width=230)
    write(page, 50, 740, "1 See the minutes of the council for that year.", width=230, size=7)
    write(page, 320, 100, PROSE * 2, width=230)
    assert [one.kind for one in parts(page)] == ["text", "text", "note"]
    assert texts(page, "note") == ["1 See the minutes of the council for that year."]


@pytest.mark.parametrize("number", ["12", "- 12 -", "Page 3 of 10", "Seite 3", "xiv", "3/10"])
def test_page_numbers_are_no_paragraphs(page, number):
    write(page, 50, 100, PROSE)
    page.insert_text((300, 785), number)
    assert texts(page, "margin") == [number]
    assert len(texts(page)) == 1


def test_running_heads_are_known_by_the_pages_around(page):
    page.insert_text((50, 40), "A History of Floods   4")
    write(page, 50, 100, PROSE)
    with pymupdf.open() as book:
        other = book.new_page(width=600, height=800)
        other.insert_text((50, 40), "A History of Floods   6")
        heads = edges(lines_of(other))
    assert texts(page, "margin") == []
    assert texts(page, "margin", heads) == ["A History of Floods 4"]


def draw_chart(page, top=300):
    for n in range(12):
        page.draw_rect((120 + 30 * n, top + 10 * (n % 5), 140 + 30 * n, top + 120), fill=(0.2, 0.4, 0.8))
    page.insert_text((125, top + 118), "1990", fontsize=6)


def test_a_caption_has_the_place_of_its_figure(page):
    write(page, 50, 100, PROSE)
    draw_chart(page)
    write(page, 120, 430, "Figure 3: Revenue of the port by year")
    [figure] = [one for one in parts(page) if one.kind == "figure"]
    assert figure.text == "Figure 3: Revenue of the port by year"
    left, top, right, bottom = figure.box
    assert max(left - 130, top - 320, 430 - bottom, 460 - right) < 0
    assert "1990" in texts(page, "margin")


def test_a_sentence_about_a_figure_is_no_caption(page):
    draw_chart(page)
    write(page, 120, 430, "Figure 3 shows that the revenue of the port fell.")
    assert texts(page, "figure") == []


def table(page, top):
    rows = (("Town", "People", "Founded"), ("Coimbra", "143,396", "1139"), ("Tartu", "91,407", "1030"))
    for n, row in enumerate((*rows, ("Zadar", "70,829", "998"))):
        for left, text in zip((60, 200, 340), row, strict=True):
            page.insert_text((left, top + 16 * n), text, fontsize=10)


def test_a_table_has_its_caption_and_its_rows_their_places(page):
    write(page, 50, 100, PROSE)
    write(page, 60, 200, "Table 2. Towns and when they began")
    table(page, 235)
    found = passages_of(lines_of(page), parts(page))
    assert [one.text for one in found[1:3]] == [
        "Table 2. Towns and when they began\nTown; People; Founded",
        "Town: Coimbra; People: 143,396; Founded: 1139",
    ]
    assert [one.parent for one in found] == [None, None, 1, 1, 1]
    assert found[2].box == pytest.approx((0.1, 0.303, 0.6, 0.318), abs=0.01)
    assert found[0].box[3] < found[1].box[1]
    plain = next(one.plain for one in parts(page) if one.table)
    assert plain.splitlines()[1:3] == ["Town People Founded", "Coimbra 143,396 1139"]


def test_columns_below_a_wide_table_are_read_one_after_the_other(page):
    table(page, 60)
    page.insert_text((480, 60), "Rivers")
    for n in range(3):
        page.insert_text((480, 76 + 16 * n), str(n + 1))
    for left, name in ((50, "left"), (320, "right")):
        for n in range(3):
            write(page, left, 200 + 150 * n, f"The {name} column, number {n}. {PROSE}", width=230)
    found = [one for one in texts(page) if "column" in one]
    assert [one.split(".")[0] for one in found] == [
        f"The {name} column, number {n}" for name in ("left", "right") for n in range(3)
    ]


def test_a_long_paragraph_is_cut_and_each_part_has_its_place(page):
    write(page, 50, 100, PROSE * 30, width=500, size=8)
    first, second, *_ = passages_of(lines_of(page), parts(page))
    assert first.box[1] < second.box[1]
    assert first.box[3] == pytest.approx(second.box[1], abs=0.03)
    assert second.before == len("".join(first.text.split()))
