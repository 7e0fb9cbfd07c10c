import pytest

from app.show import place, reasons
from search.records import Evidence, Locator, Page, Region, TimeSpan, Whole


def evidence(space: str, calibrated: float) -> Evidence:
    return Evidence(space, 1, 0.5, Whole(), None, calibrated)


def test_only_what_counts_is_told_the_strongest_first() -> None:
    found = (evidence("look", 0.9), evidence("scene", 0.4), evidence("phash", 0.01))
    assert reasons(found) == "same picture, looks like it"


def test_a_leg_is_told_once_and_the_best_one_always() -> None:
    assert reasons((evidence("text", 0.7), evidence("text", 0.6))) == "words on the page"
    assert reasons((evidence("scene", 0.02), evidence("look", 0.01))) == "looks like it"
    assert reasons((evidence("smell", 0.5),)) == "smell"


@pytest.mark.parametrize(
    ("locator", "said"),
    [
        (Whole(), ""),
        (Page(3), ", page 3"),
        (TimeSpan(65.9, 70), ", at 1:05"),
        (TimeSpan(3725, 3730), ", at 1:02:05"),
        (Region(TimeSpan(5, 6), (0, 0, 1, 1)), ", at 0:05, a part"),
    ],
)
def test_places_as_a_person_says_them(locator: Locator, said: str) -> None:
    assert place(locator) == said
