from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from ui.results.layout import Layout

COUNTS = st.integers(0, 60)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[Layout, int]:
    count = draw(COUNTS)
    headings = sorted(draw(st.sets(st.integers(0, count - 1), max_size=8))) if count else []
    return Layout(count, headings, draw(st.integers(1, 5)), QSize(20, 30), 12), count


@given(layouts())
def test_every_row_is_found_where_it_lies_and_none_lie_on_each_other(made: tuple[Layout, int]) -> None:
    layout, count = made
    places = [layout.rect(row) for row in range(count)]
    for row, place in enumerate(places):
        assert layout.row_at(place.center().x(), place.center().y()) == row
        assert layout.row_at(place.left(), place.top()) == row
        assert layout.row_at(place.right(), place.bottom()) == row
        assert place.bottom() < layout.height
        assert not any(place.intersects(other) for other in places[:row])


@given(layouts(), st.integers(0, 90), st.integers(0, 900), st.integers(1, 90), st.integers(1, 200))
def test_the_rows_in_an_area_are_those_that_touch_it(
    made: tuple[Layout, int], x: int, y: int, width: int, height: int
) -> None:
    layout, count = made
    area = QRect(x, y, width, height)
    found = [row for rows in layout.rows_in(area) for row in rows]
    assert found == [row for row in range(count) if layout.rect(row).intersects(area)]


@given(layouts())
def test_going_down_and_up_reaches_the_ends(made: tuple[Layout, int]) -> None:
    layout, count = made
    if count:
        assert layout.rect(layout.below(0, 200)).bottom() == layout.height - 1
        assert layout.rect(layout.above(count - 1, 200)).top() == 0


def test_a_short_line_below_is_reached_at_its_last_row() -> None:
    layout = Layout(5, [], 3, QSize(10, 10))
    assert layout.below(2) == 4
    assert layout.above(4) == 1
    assert layout.row_at(25, 15) == -1
    assert layout.row_at(-1, 5) == -1


def test_nothing_has_no_height() -> None:
    layout = Layout()
    assert layout.height == 0
    assert layout.row_at(0, 0) == -1
    assert layout.rows_in(QRect(0, 0, 100, 100)) == []
