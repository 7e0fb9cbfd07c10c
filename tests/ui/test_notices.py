"""What a bar says about a search."""

from search.records import Fix, Missing, SearchResult
from ui.notices import result_text

GAP = Missing("face", "no model for searching faces is installed", "crossfind models pull yunet")


def test_how_a_query_was_taken_is_said_but_for_its_picture() -> None:
    fixes = (
        Fix("spelling", applied=True, detail="Searched dog as well.", confidence_gain=0),
        Fix("spelling", applied=False, detail="Or dig?", confidence_gain=0),
        Fix("rotate", applied=True, detail="turned by 90°", confidence_gain=0),
        Fix("face", applied=True, detail="There are 2 faces.", confidence_gain=0),
    )
    assert result_text(SearchResult("face:@a.jpg", 1.0, (), (GAP,), fixes)).splitlines() == [
        "Searched dog as well.",
    ]
    assert result_text(SearchResult("dog", 1.0, ())) == ""
