"""A film in other films: the offset of what is the same, and the order of what is alike."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.calibration import Background
from search.clips import IN_ANY_ORDER, FilmSearch, clip_remark, stretch_of
from search.records import TimeSpan
from search.spaces import ClipReference, Footage


def footage(*starts: float, end: float, is_cut: bool = False) -> Footage:
    return Footage(np.zeros((len(starts), 4), np.float32), starts, end, is_cut)


def spans(*ends: float) -> list[TimeSpan]:
    return [TimeSpan(first, last) for first, last in zip((0.0, *ends), ends, strict=False)]


def alike(asked: int, found: int, *pairs: tuple[int, int]) -> Any:
    scores = np.full((asked, found), 0.05)
    for row, column in pairs:
        scores[row, column] = 1.0
    return scores


def test_the_same_film_is_found_where_it_lies() -> None:
    film = spans(10, 13, 17, 22, 30)
    found = stretch_of(footage(0, 3, 7, end=12), film, alike(3, 5, (0, 1), (1, 2), (2, 3)))
    assert found.place == TimeSpan(10, 22)
    assert found.score == pytest.approx(1)


def test_a_part_of_the_query_is_enough() -> None:
    """The library's film is a piece from the middle of the one that is asked with."""
    found = stretch_of(footage(0, 10, 13, 17, 22, end=30), spans(3, 7), alike(5, 2, (1, 0), (2, 1)))
    assert found.place == TimeSpan(0, 7)
    assert found.score > 0.9


def test_moments_in_another_order_count_less() -> None:
    film, asked = spans(4, 8, 12), footage(0, 4, 8, end=12)
    in_turn = stretch_of(asked, film, alike(3, 3, (0, 0), (1, 1), (2, 2)))
    reversed_ = stretch_of(asked, film, alike(3, 3, (0, 2), (1, 1), (2, 0)))
    assert in_turn.score == pytest.approx(1)
    assert reversed_.score == pytest.approx(IN_ANY_ORDER)


def test_of_equal_offsets_that_of_most_pairs_counts() -> None:
    """Cuts agree to the frame; moments within a shot are counted from its beginning."""
    film, asked = spans(5.4, 7.4, 9.0, 11.0), footage(0, 1.6, 3.6, end=5)
    scores = alike(3, 4, (0, 0), (0, 1), (1, 2), (2, 3))
    assert stretch_of(asked, film, scores).place.start_s == pytest.approx(5.4)


def test_one_moment_each() -> None:
    found = stretch_of(footage(0, end=2), spans(2), alike(1, 1, (0, 0)))
    assert (found.place, found.best) == (TimeSpan(0, 2), 0)


def test_what_follows_is_told() -> None:
    clip = ClipReference(Path("a b.mp4"))
    assert clip_remark(clip, footage(0, end=3)) is None
    fix = clip_remark(clip, footage(0, 5, end=93.2, is_cut=True))
    assert fix is not None
    assert fix.detail.endswith('For what follows write clip:@"a b.mp4"[93.2..]')


class TestInALibrary:
    @pytest.fixture
    def library(self, shelf: Any) -> Any:
        shelf.film("day.mp4", (0, 4, "harbour boats"), (4, 9, "forest trees"), (9, 15, "cat sofa"))
        shelf.film("night.mp4", (0, 6, "cat sofa"), (6, 11, "forest trees"), (11, 20, "harbour boats"))
        shelf.film("other.mp4", (0, 5, "violin"), (5, 9, "desert"))
        shelf.photo("cat.jpg", "cat sofa")
        for n in range(8):
            shelf.photo(f"{n}.jpg", f"thing{n} place{n}")
        return shelf.library()

    def found(self, shelf: Any, library: Any, *moments: tuple[float, str], end: float) -> list[Any]:
        vectors = np.stack([shelf.captions.vector(caption) for _, caption in moments])
        asked = Footage(vectors, tuple(start for start, _ in moments), end)
        background = Background(library.sample("scene", 100), 0.0, 0.1)
        names = {file.digest: file.path.rpartition("/")[2] for file in shelf.files}
        answer = FilmSearch(library, "scene", asked, background).found(10, None)
        return [(names[digest], one.locator, one.calibrated) for one, digest in answer]

    def test_the_film_comes_first_with_its_seconds(self, shelf: Any, library: Any) -> None:
        answer = self.found(shelf, library, (0, "forest trees"), (5, "cat sofa"), end=11)
        assert answer[0] == ("day.mp4", TimeSpan(4, 15), pytest.approx(1))
        scores = {name: score for name, _, score in reversed(answer)}
        assert scores["cat.jpg"] == pytest.approx(0.9)
        assert scores["night.mp4"] < scores["cat.jpg"]
        assert scores.get("other.mp4", 0.0) < 0.2

    def test_nothing_to_compare(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "words")
        library = shelf.library()
        asked = Footage(np.ones((1, 4), np.float32) / 2, (0.0,), 1.0)
        background = Background(np.zeros((0, 4), np.float32), 0.5, 0.1)
        assert FilmSearch(library, "scene", asked, background).found(5, None) == []
