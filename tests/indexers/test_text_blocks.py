"""Lines become blocks: what belongs together, in the order it is read, whichever way it is turned."""

import pytest

from indexers.text_blocks import around, blocks
from indexers.text_lines import Line


def line(text, left, top, width=0.3, height=0.04, quarters=0):
    return Line(text, 0.9, (left, top, left + width, top + height), quarters)


def texts(lines, ratio=1.0):
    return [block.text for block in blocks(lines, ratio)]


def test_lines_below_each_other_are_one_text():
    assert texts([line("until sunset", 0.1, 0.15), line("open from nine", 0.1, 0.1)]) == [
        "open from nine until sunset"
    ]


def test_what_stands_apart_or_is_of_another_size_is_another_text():
    lines = [
        line("Kittiwake", 0.1, 0.1, height=0.1),
        line("boats for hire", 0.1, 0.21),
        line("Exit", 0.1, 0.8),
    ]
    assert texts(lines) == ["Kittiwake", "boats for hire", "Exit"]


def test_pieces_of_a_row_are_read_from_left_to_right():
    assert texts([line("Grün", 0.42, 0.101), line("Bäckerei", 0.1, 0.1)]) == ["Bäckerei Grün"]


def test_two_columns_are_read_one_after_the_other():
    left = [line(f"l{n}", 0.05, 0.1 + 0.05 * n, width=0.4) for n in range(4)]
    right = [line(f"r{n}", 0.55, 0.1 + 0.05 * n, width=0.4) for n in range(4)]
    assert texts([*right, *left]) == ["l0 l1 l2 l3", "r0 r1 r2 r3"]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_picture_is_read_as_an_upright_one(quarters):
    upright = [(0.1, 0.1, 0.6, 0.16), (0.1, 0.17, 0.5, 0.23), (0.1, 0.6, 0.3, 0.66)]
    turned = []
    for box, text in zip(upright, ("one", "two", "three"), strict=True):
        for _ in range(quarters):  # the picture is turned to the right
            box = (1 - box[3], box[0], 1 - box[1], box[2])
        turned.append(Line(text, 0.9, box, quarters))
    assert texts(turned[::-1], 1.5 if quarters % 2 == 0 else 1 / 1.5) == ["one two", "three"]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("docu-", "ment", "document"),
        ("Jean-", "Paul", "Jean- Paul"),
        ("東京都", "渋谷区", "東京都渋谷区"),
        ("東京", "Tower", "東京 Tower"),
    ],
)
def test_the_ends_of_lines_are_mended(first, second, whole):
    assert texts([line(first, 0.1, 0.1), line(second, 0.1, 0.15)]) == [whole]


def test_the_box_of_a_text_holds_its_lines():
    [block] = blocks([line("a", 0.1, 0.1), line("b", 0.2, 0.15)], 1.0)
    assert block.box == around([one.box for one in block.lines]) == pytest.approx((0.1, 0.1, 0.5, 0.19))


def test_nothing_gives_nothing():
    assert blocks([], 1.0) == []
