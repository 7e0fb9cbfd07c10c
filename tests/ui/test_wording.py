from collections.abc import Callable
from datetime import datetime

import pytest

from search.records import Hit, Locator, Page, Region, TimeSpan, Whole
from ui import wording

BOX = (0.1, 0.1, 0.5, 0.5)


@pytest.mark.parametrize(
    ("locator", "badge", "page"),
    [
        (Whole(), None, 1),
        (Page(12), "p. 12", 12),
        (TimeSpan(75.9, 80), "1:15", 1),
        (Region(Page(3), BOX), "p. 3", 3),
        (Region(Whole(), BOX), None, 1),
        (TimeSpan(3723, 3724), "1:02:03", 1),
    ],
    ids=repr,
)
def test_where_in_the_file(locator: Locator, badge: str | None, page: int) -> None:
    assert wording.place(locator) == badge
    assert wording.page_number(locator) == page


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (9_950, "10 kB"), (999_499, "999 kB"),
     (999_500, "1.0 MB"), (12_345_678, "12 MB"), (3_200_000_000, "3.2 GB"), (7_400_000_000_000, "7.4 TB")],
)  # fmt: skip
def test_sizes(size: int, said: str) -> None:
    assert wording.file_size(size) == said


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (3540, "59 min"), (7_260, "2 h 1 min")]
)
def test_durations(seconds: float, said: str) -> None:
    assert wording.duration(seconds) == said


def test_counts_begin_with_the_most_and_leave_out_nothing_at_all() -> None:
    assert wording.counts({"pdf": 1, "image": 1200, "video": 0}) == "1,200 pictures · 1 PDF"
    assert wording.counts({}) == ""


def test_a_space_this_window_does_not_know_keeps_its_name() -> None:
    assert wording.space_name("scene") == "What it shows"
    assert wording.space_name("spoken_words") == "Spoken words"


def test_the_date_is_when_the_picture_was_taken_or_when_the_file_changed(
    make_hit: Callable[..., Hit],
) -> None:
    when = datetime(2014, 5, 3, 12, 30)
    assert wording.taken(make_hit(taken_at=when)) == when
    assert wording.taken(make_hit(mtime_ns=0)) == datetime.fromtimestamp(0)
    assert wording.taken(make_hit(mtime_ns=10**30)) == datetime.min


def test_names_that_are_no_text_can_be_shown(make_hit: Callable[..., Hit]) -> None:
    assert wording.file_name(make_hit("a\udcff\nb.jpg")) == "a\ufffd b.jpg"


def test_how_long_and_how_fast() -> None:
    assert (wording.took(12.4), wording.took(999), wording.took(98_187)) == ("12 ms", "999 ms", "98.2 s")
    assert (wording.speed(31.4), wording.speed(3.14), wording.speed(0.04)) == (
        "31 files/s",
        "3.1 files/s",
        "2 files/min",
    )
