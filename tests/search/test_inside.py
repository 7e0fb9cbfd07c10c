"""What is told of the inside of one file, on a real library with foreseeable vectors."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from search.errors import CancelledError, CrossfindError
from search.inside import MOST, inside
from search.pieces import Inside, Piece, inside_from_json, inside_to_json
from search.records import Page, Region, Segment, TimeSpan, Whole
from search.spaces import Fingerprint

WORDS = Fingerprint("words", "1", "", 0)
BOX, OTHER = (0.1, 0.2, 0.3, 0.4), (0.5, 0.5, 0.75, 1.0)


def tell(shelf: Any, path: str, query: str = "", page: int | None = None) -> Inside:
    engine = shelf.engine()
    return inside(shelf.opened[-1], engine.asker, str(shelf.folder / path), query, page)


def add_words(shelf: Any, space: str, *segments: Segment) -> None:
    shelf.spaces[space] = WORDS
    shelf.rows.setdefault(space, []).extend((segment, None) for segment in segments)


@pytest.fixture
def film(shelf: Any) -> str:
    digest: str = shelf.film("a.mp4", (0, 4, "red boat"), (4, 9, "snow"), (9, 12, "a dog"))
    shelf.film("other.mp4", (0, 4, "red boat"))
    for number in range(9):
        shelf.photo(f"{number}.jpg", f"thing{number}")
    return digest


def test_scenes_are_scored_for_the_query_and_stay_in_order(shelf: Any, film: str) -> None:
    pieces = tell(shelf, "a.mp4", "scene:snow").of("scene")
    assert [piece.locator for piece in pieces] == [TimeSpan(0, 4), TimeSpan(4, 9), TimeSpan(9, 12)]
    assert pieces[1].score > 0.5 > max(pieces[0].score, pieces[2].score)


def test_without_a_query_or_with_one_that_cannot_be_read_nothing_scores(shelf: Any, film: str) -> None:
    assert [piece.score for piece in tell(shelf, "a.mp4").pieces] == [0, 0, 0]
    assert [piece.score for piece in tell(shelf, "a.mp4", "(snow").pieces] == [0, 0, 0]
    assert [piece.score for piece in tell(shelf, "a.mp4", "like:@gone.jpg").pieces] == [0, 0, 0]


def test_every_part_counts_but_what_a_not_rules_out(shelf: Any, film: str) -> None:
    pieces = tell(shelf, "a.mp4", "type:video (scene:snow OR scene:dog^0.2) -scene:boat").pieces
    assert [piece.score > 0.5 for piece in pieces] == [False, True, True]


def test_sentences_are_told_and_not_their_passage(shelf: Any, film: str) -> None:
    passage = Segment(film, "speech", 0, TimeSpan(0, 10), "We sail. The harbour is near.")
    first = Segment(film, "speech", 1, TimeSpan(0, 4), "We sail.", passage.id)
    second = Segment(film, "speech", 2, TimeSpan(5, 10), "The harbour is near.", passage.id)
    add_words(shelf, "speech", passage, second, first)
    add_words(shelf, "subtitles", Segment(film, "subtitles", 0, TimeSpan(0, 1), "We sail!"))
    pieces = tell(shelf, "a.mp4", 'said:"harbour"').of("speech")
    assert [piece.text for piece in pieces] == ["We sail.", "The harbour is near."]
    assert pieces[0].score == 0
    assert pieces[1].score > 0.9


def test_things_and_writing_have_their_boxes(shelf: Any) -> None:
    photo = shelf.photo("a.jpg")
    add_words(shelf, "label", Segment(photo, "label", 0, Region(Whole(), BOX), "dog"))
    add_words(shelf, "ocr", Segment(photo, "ocr", 0, Region(Whole(), OTHER), "NO DOGS"))
    found = tell(shelf, "a.jpg", "object:dog")
    assert found.of("object") == (Piece("object", Region(Whole(), BOX), "dog", found.of("object")[0].score),)
    assert found.of("object")[0].score > 0.5
    assert found.of("text") == (Piece("text", Region(Whole(), OTHER), "NO DOGS", 0.0),)


def test_one_page_of_a_document(shelf: Any) -> None:
    pdf = shelf.pdf("a.pdf", "x", "y")
    lines = [Segment(pdf, "ocr", n, Region(Page(n + 1), BOX), f"line {n + 1}") for n in range(2)]
    add_words(shelf, "ocr", *lines)
    assert [piece.text for piece in tell(shelf, "a.pdf", "line", 2).pieces] == ["line 2"]


def test_of_very_many_the_best_stay_and_the_rest_is_spread(shelf: Any) -> None:
    film = shelf.film("a.mp4", (0, 4, "x"))
    at = range(2 * MOST)
    things = [
        Segment(film, "label", n, Region(TimeSpan(n, n + 1), BOX), "dog" if n == 7 else "cat") for n in at
    ]
    add_words(shelf, "label", *things)
    found = tell(shelf, "a.mp4", "object:dog")
    told = found.of("object")
    assert (len(told), found.left_out) == (MOST, MOST)
    assert [piece.text for piece in told if piece.score > 0.5] == ["dog"]
    starts = [piece.locator.of.start_s for piece in told]  # type: ignore[union-attr]
    assert max(b - a for a, b in pairwise(starts)) <= 3


def test_all_places_of_the_same_bytes(shelf: Any, film: str) -> None:
    shelf.copy(film, "again/b.mp4")
    found = tell(shelf, "a.mp4")
    assert [Path(path).name for path in found.paths] == ["a.mp4", "b.mp4"]


def test_what_is_not_in_the_library_is_said(shelf: Any, film: str) -> None:
    with pytest.raises(CrossfindError, match="not in the library"):
        tell(shelf, "none.mp4")


def test_it_stops_when_nobody_waits(shelf: Any, film: str) -> None:
    engine = shelf.engine()
    with pytest.raises(CancelledError):
        inside(
            shelf.opened[-1], engine.asker, str(shelf.folder / "a.mp4"), "scene:snow", stopped=lambda: True
        )


def test_it_survives_being_written_down(tmp_path: Path) -> None:
    pieces = (
        Piece("scene", TimeSpan(0, 4.25), None, 0.5),
        Piece("object", Region(TimeSpan(1, 2), BOX), "dog", 0.25),
        Piece("face", Region(Whole(), OTHER), "Ada"),
        Piece("face", Region(TimeSpan(1, 2), OTHER), None, 0.5, 12),
        Piece("text", Region(Page(3), BOX), "x"),
        Piece("scene", Page(2)),
    )
    for found in (Inside(pieces, 3, ("Ada",), ("/a", "/b"), tmp_path / "s.webp"), Inside()):
        assert inside_from_json(json.loads(json.dumps(inside_to_json(found)))) == found
