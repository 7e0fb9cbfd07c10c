"""What a bar says about a search."""

from search.records import Fix, Missing, SearchResult
from ui.notices import result_text

GAP = Missing("face", "no model for face search is installed", "crossfind models pull yunet")


def test_how_a_picture_was_taken_comes_before_what_could_not_be_asked() -> None:
    fixes = (
        Fix(
            "face",
            applied=True,
            detail="There are 2 faces in a.jpg; the largest is searched.",
            confidence_gain=0,
        ),
        Fix("rotate", applied=False, detail="90°", confidence_gain=0),
    )
    assert result_text(SearchResult("face:@a.jpg", 1.0, (), (GAP,), fixes)).splitlines() == [
        "There are 2 faces in a.jpg; the largest is searched.",
        "No model for face search is installed.",
    ]
    assert result_text(SearchResult("dog", 1.0, ())) == ""
