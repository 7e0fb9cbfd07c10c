from app.show import reasons
from search.records import Evidence, Whole


def evidence(space: str, calibrated: float) -> Evidence:
    return Evidence(space, 1, 0.5, Whole(), None, calibrated)


def test_only_what_counts_is_told_the_strongest_first() -> None:
    found = (evidence("look", 0.9), evidence("scene", 0.4), evidence("phash", 0.01))
    assert reasons(found) == "same picture, looks like it"


def test_a_leg_is_told_once_and_the_best_one_always() -> None:
    assert reasons((evidence("text", 0.7), evidence("text", 0.6))) == "words on the page"
    assert reasons((evidence("scene", 0.02), evidence("look", 0.01))) == "looks like it"
    assert reasons((evidence("smell", 0.5),)) == "smell"
