import pytest

from search.records import Missing


@pytest.mark.parametrize(
    ("reason", "remedy", "told"),
    [
        ("no model is installed", None, "No model is installed."),
        (
            "no model is installed",
            "crossfind models pull m",
            "No model is installed. Run: crossfind models pull m",
        ),
        ("The model m is damaged.", "Remove it: rm m.", "The model m is damaged. Remove it: rm m."),
    ],
)
def test_what_is_missing_is_told_in_sentences(reason: str, remedy: str | None, told: str) -> None:
    assert Missing("scene", reason, remedy).told == told
