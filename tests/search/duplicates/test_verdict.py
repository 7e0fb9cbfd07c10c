"""What two pictures are to each other, from how they agree and when they were taken."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from search.duplicates.records import Agreement
from search.duplicates.verdict import judge_pictures
from search.records import Content

NOON = datetime(2024, 5, 1, 12)
LARGE = Content("a", "image/jpeg", 900, 4000, 3000)
SMALL = Content("b", "image/jpeg", 90, 800, 600)
SAME = Agreement(0.3, 0.999, 0.999, 1.0, 1.0)
OTHER = Agreement(6.0, 0.2, 0.1, 0.4, 0.4)


def told(
    first: Content, second: Content, agreement: Agreement | None, hashes: float = 0.9
) -> tuple[str, str] | None:
    verdict = judge_pictures(first, second, agreement, hashes)
    return (verdict.kind, verdict.why) if verdict else None


def test_copies_say_how_they_differ() -> None:
    assert told(LARGE, SMALL, SAME) == ("copy", "smaller: 800 × 600")
    assert told(LARGE, replace(LARGE, media_type="image/webp"), SAME) == ("copy", "as webp")
    assert told(LARGE, replace(LARGE, size=1), SAME) == ("copy", "encoded anew")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, ("copy", "encoded anew")),
        (2, ("near", "taken 2 s after")),
        (-7, ("near", "taken 7 s before")),
        (600, ("near", "taken 10 min after")),
        (86_400, ("near", "taken 24 h after")),
    ],
)
def test_pictures_of_different_seconds_are_no_copies(seconds: int, expected: tuple[str, str]) -> None:
    first = replace(LARGE, taken_at=NOON)
    second = replace(LARGE, size=1, taken_at=NOON + timedelta(seconds=seconds))
    assert told(first, second, SAME) == expected
    assert told(first, replace(second, taken_at=None), SAME) == ("copy", "encoded anew")


@pytest.mark.parametrize(
    ("agreement", "why"),
    [
        (Agreement(3.0, 0.4, 0.99, 0.49, 1.0), "shows 49% of it"),
        (Agreement(3.0, 0.4, 0.99, 0.8, 0.7), "shows 80% of it, and more"),
        (Agreement(3.0, 0.4, 0.99, 1.0, 0.6), "shows more around it"),
        (Agreement(5.0, 0.97, 0.97, 1.0, 1.0), "other tones or colours"),
        (Agreement(5.0, 0.5, 0.9, 1.0, 1.0), "shows the same, moved or edited"),
    ],
)
def test_what_is_near_says_why(agreement: Agreement, why: str) -> None:
    assert told(LARGE, SMALL, agreement) == ("near", why)


def test_other_pictures_are_nothing_to_each_other() -> None:
    assert told(LARGE, SMALL, OTHER) is None
    loose = Agreement(5.0, 0.3, 0.6, 1.0, 1.0)
    assert told(LARGE, SMALL, loose) is None
    soon = replace(SMALL, taken_at=NOON + timedelta(seconds=3))
    assert told(replace(LARGE, taken_at=NOON), soon, loose) == ("near", "taken 3 s after")


def test_blank_pictures_are_no_copies_and_without_thumbnails_the_hash_decides() -> None:
    assert told(LARGE, SMALL, Agreement(0.0, 0.0, 0.0, 0.0, 0.0)) is None
    assert told(LARGE, SMALL, None, 0.95) == ("copy", "smaller: 800 × 600")
    assert told(LARGE, SMALL, None, 0.85) is None
