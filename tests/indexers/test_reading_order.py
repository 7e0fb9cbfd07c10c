import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.reading_order import Block, in_reading_order


def page(*rows: tuple[float, float, float, float, str]) -> str:
    """Order blocks given as left, top, right, bottom, name; return the names."""
    return "".join(block.text for block in in_reading_order([Block(*row) for row in rows]))


LEFT = [(50, 100 * n, 250, 100 * n + 90, name) for n, name in enumerate("abc", 1)]
RIGHT = [(300, 100 * n, 500, 100 * n + 90, name) for n, name in enumerate("xyz", 1)]
TITLE = (60, 10, 480, 40, "T")
FOOT = (200, 700, 350, 720, "F")
MIDDLE = (60, 195, 490, 198, "M")


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([], ""),
        (LEFT, "abc"),
        ([*RIGHT, *LEFT], "abcxyz"),
        ([*RIGHT, TITLE, FOOT, *LEFT], "TabcxyzF"),
        ([*LEFT, *RIGHT, MIDDLE], "axMbcyz"),
        ([(50, 10, 100, 20, "k"), (300, 10, 400, 20, "v")], "kv"),
    ],
    ids=["empty", "one column", "two columns", "title and foot", "a rule across", "side by side"],
)
def test_order(rows, order):
    assert page(*rows) == order


@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.floats(0, 700), st.floats(1, 300), st.floats(1, 100)), max_size=25
    )
)
def test_no_block_is_lost(boxes):
    blocks = [Block(x, y, x + w, y + h, str(n)) for n, (x, y, w, h) in enumerate(boxes)]
    assert sorted(block.text for block in in_reading_order(blocks)) == sorted(block.text for block in blocks)
