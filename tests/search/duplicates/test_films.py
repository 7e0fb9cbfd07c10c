"""Films are the same by all of their moments in their order."""

from collections.abc import Sequence

import numpy as np
import pytest

from search.duplicates.films import Moments, alike_films
from search.records import Content

STEP = 4.0


def film(name: str, scenes: Sequence[int], width: int = 640, cut: float = 0.0) -> Moments:
    """A film of scenes of 4 seconds, each with a vector of its own; `cut` seconds are off its beginning."""
    rows = [np.sign(np.random.default_rng(scene).standard_normal(320)) / np.sqrt(320) for scene in scenes]
    spans = [(max(0.0, n * STEP - cut), (n + 1) * STEP - cut) for n in range(len(scenes))]
    content = Content(name, "video/mp4", 1, width=width, height=width, duration_s=len(scenes) * STEP - cut)
    return Moments(content, spans, {"phash": np.array(rows, np.float32)})


def told(*films: Moments) -> dict[tuple[str, str], str]:
    return {
        (films[one].content.digest, films[other].content.digest): verdict.why
        for one, other, verdict in alike_films(films)
    }


def test_an_encoding_is_the_same_film() -> None:
    assert told(film("a", range(8)), film("b", range(8), 320)) == {("a", "b"): "the same film, 320 × 320"}
    assert told(film("a", range(8)), film("b", range(8))) == {("a", "b"): "the same film, encoded anew"}


@pytest.mark.parametrize("cut", [0.0, 1.0])
def test_a_part_is_found_and_where_it_lies(cut: float) -> None:
    start = round(8 + cut)
    assert told(film("a", range(8)), film("b", range(2, 5), cut=cut)) == {
        ("a", "b"): f"a part of it: from 0:{start:02} to 0:20"
    }


def test_a_shared_beginning_is_not_enough() -> None:
    assert told(film("a", [1, 2, *range(10, 18)]), film("b", [1, 2, *range(20, 28)])) == {}


def test_the_same_scenes_in_another_order_are_another_film() -> None:
    assert told(film("a", range(8)), film("b", [5, 1, 7, 3, 0, 6, 2, 4])) == {}


def test_a_still_that_many_films_show_joins_none() -> None:
    assert told(film("a", [9] * 6), film("b", [1, 9, 2, 9, 3, 4])) == {}


def test_films_of_one_scene_are_compared_as_well() -> None:
    assert told(film("a", [3]), film("b", [3]), film("c", [4])) == {("a", "b"): "the same film, encoded anew"}


def test_no_films_and_blank_films_are_nothing() -> None:
    assert told() == {}
    blank = Moments(
        Content("x", "video/mp4", 1, duration_s=8.0), [(0, 8)], {"phash": np.zeros((1, 320), np.float32)}
    )
    assert told(blank, blank) == {}
