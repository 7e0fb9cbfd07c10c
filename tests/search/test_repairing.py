"""When a repaired picture leads, when it is only heard as well, and when it is left alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from search.calibration import Background
from search.engine import SearchOptions
from search.records import Fix, Segment
from search.repairing import HANDICAP, View, decide, fixes_of, fused, overlap, view_of
from search.spaces import PictureReference, PictureRepair, Pixels, Vector
from search.store import Found
from search.telling import told_of

BLANK: Pixels = np.zeros((2, 2, 3), np.uint8)


def repair(kind: str = "dark", told: str = "brightened", **facts: Any) -> PictureRepair:
    return PictureRepair(kind, told, facts.get("why", "too dark"), facts.get("improved", True), False, BLANK)


def found(**scores: float) -> list[Found]:
    made = [Found(Segment(name, "scene", 0), score) for name, score in scores.items()]
    return sorted(made, key=lambda one: -one.score)


def view(mean: float = 0.2, deviation: float = 0.1, **scores: float) -> View:
    return View(found(**scores), mean, deviation)


class TestDecision:
    def test_a_repair_that_the_library_answers_better_leads(self) -> None:
        decision = decide([repair()], [view(a=0.4, b=0.38), view(c=0.9, a=0.5)])
        assert decision.lead == 1
        assert decision.gains[0] == pytest.approx(4.05)

    @pytest.mark.parametrize(
        ("views", "improved"),
        [
            ([view(a=0.9, b=0.3), view(a=0.9, b=0.31)], True),  # hardly any gain
            ([view(a=0.4, b=0.38), view(c=0.9, a=0.5)], False),  # the picture is no better by its own measure
            ([view(), view()], True),  # nothing is there to find
        ],
    )
    def test_otherwise_the_original_leads(self, views: Sequence[View], improved: bool) -> None:
        assert decide([repair(improved=improved)], views).lead == 0

    def test_the_best_of_several_leads(self) -> None:
        views = [view(a=0.4), view(b=0.7), view(c=0.9)]
        assert decide([repair(), repair("noise", "freed of noise")], views).lead == 2


class TestFusion:
    def test_what_the_original_finds_is_never_lost(self) -> None:
        both = fused([view(a=0.8, b=0.5), view(c=0.9, b=0.6)], 1)
        assert [one.segment.digest for one in both] == ["c", "a", "b"]

    def test_the_leader_keeps_its_scores_and_others_are_set_back(self) -> None:
        both = {one.segment.digest: one.score for one in fused([view(a=0.8), view(b=0.8)], 0)}
        assert both == {"a": 0.8, "b": pytest.approx(0.8 - 0.1 * HANDICAP)}

    def test_other_scales_are_brought_to_the_leaders(self) -> None:
        bright = view(mean=0.6, deviation=0.05, b=0.7)  # 2 deviations, as 0.4 in the other
        both = fused([view(a=0.45), bright], 0)
        assert both[1].score == pytest.approx(0.4 - 0.1 * HANDICAP)


@given(st.lists(st.text("abcdef", min_size=1, max_size=1), unique=True, min_size=1))
def test_equal_rankings_overlap_wholly(ranking: list[str]) -> None:
    assert overlap(ranking, ranking) == pytest.approx(1)
    assert overlap(ranking, [one.upper() for one in ranking]) == 0


@given(
    st.lists(st.text("abcdef", min_size=1, max_size=1), unique=True),
    st.lists(st.text("abcdef", min_size=1, max_size=1), unique=True),
)
def test_overlap_is_a_share_and_has_no_direction(one: list[str], other: list[str]) -> None:
    assert 0 <= overlap(one, other) <= 1 + 1e-9
    assert overlap(one, other) == pytest.approx(overlap(other, one))


def test_few_samples_are_filled_up_with_what_pictures_have_in_common() -> None:
    alone = view_of(np.array([1, 0], np.float32), [], Background(np.zeros((0, 2), np.float32), 0.5, 0.15))
    assert (alone.mean, alone.deviation) == (pytest.approx(0.5), pytest.approx(0.15))


def test_what_is_told() -> None:
    decision = decide([repair()], [view(a=0.4, b=0.38), view(c=0.9, a=0.5)])
    (fix,) = fixes_of([repair()], decision).values()
    assert fix == Fix("dark", True, "brightened (too dark)", 4.05)
    assert told_of(fix).startswith("Searched with the picture brightened (too dark); --fix off")
    (hint,) = fixes_of([repair()], decision, only_suggested=True).values()
    assert not hint.applied
    assert told_of(hint).startswith("The picture could be brightened (too dark)")
    assert told_of(Fix("spelling", True, "Did you mean it so?", 0.0)) == "Did you mean it so?"


class Mender:
    """Takes every picture for a dark one and hands out what it was made with."""

    def __init__(self, pixels: Pixels) -> None:
        self.pixels = pixels

    def repairs(self, _: PictureReference) -> Sequence[PictureRepair]:
        return [PictureRepair("dark", "brightened", "too dark", True, False, self.pixels)]

    def turns(self, _: PictureReference) -> Sequence[PictureRepair]:
        return []


@pytest.fixture
def mending_encoder(caption_encoder: type[Any]) -> Callable[[str], Any]:
    class Mending(caption_encoder):  # type: ignore[misc]
        """Sees in every repaired picture what it was made with."""

        def __init__(self, seen: str) -> None:
            super().__init__()
            self.seen = seen
            self.batches: list[int] = []

        def encode_pixels(self, pictures: Sequence[Pixels]) -> Vector:
            self.batches.append(len(pictures))
            rows: Vector = np.stack([self.vector(self.seen) for _ in pictures])
            return rows

    return Mending


@pytest.fixture
def asked(shelf: Any, mending_encoder: Any, tmp_path: Path) -> Callable[..., Any]:
    """Asks with a red picture that, repaired, shows a green bicycle."""
    for n in range(30):
        shelf.photo(f"{n}.jpg", caption=f"thing{n} place{n}")
    shelf.photo("bike.jpg", caption="green bicycle")
    shelf.photo("red.jpg", caption="red")
    Image.new("RGB", (32, 32), (220, 30, 30)).save(tmp_path / "query.png")
    encoder = mending_encoder("green bicycle")
    engine = shelf.engine(encoder, repairer=Mender(BLANK))

    def ask(fix: Any) -> Any:
        result = engine.search("like:@query.png", SearchOptions(base=tmp_path, floor=0.0, fix=fix))
        return result, encoder

    return ask


def names(result: Any) -> list[str]:
    return [Path(hit.file.path).name for hit in result.hits[:2]]


def test_both_are_found_and_the_repair_is_told(asked: Any) -> None:
    result, encoder = asked("auto")
    assert set(names(result)) == {"red.jpg", "bike.jpg"}
    assert [fix.kind for fix in result.fixes] == ["dark"]
    assert encoder.batches == [1]


def test_a_suggestion_changes_nothing(asked: Any) -> None:
    result, _ = asked("suggest")
    assert names(result)[0] == "red.jpg"
    assert "bike.jpg" not in names(result)
    assert not result.fixes[0].applied


def test_off_is_off(asked: Any) -> None:
    result, encoder = asked("off")
    assert names(result)[0] == "red.jpg"
    assert (result.fixes, encoder.batches) == ((), [])
