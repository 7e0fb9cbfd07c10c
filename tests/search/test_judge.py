"""The logic of the query tree: what holds for a file, at a moment, and in turn."""

from itertools import product
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.filters import Facts
from search.fusion import Answer, Clue, fuse
from search.judge import SURE, Judge
from search.query import And, Leaf, Name, Not, Or, Part, Same, Then, Words, looked_for
from search.records import Evidence, Locator, Page, Region, TimeSpan, Whole

shares = st.floats(0, 1)
CAT, DOG, OWL = Words("cat"), Words("dog"), Words("owl")
WHOLE = Whole()
PATH = "/folder/x.mp4"


def clue(space: str, score: float, locator: Locator = WHOLE, path: str | None = None) -> Clue:
    return Clue(Evidence(space, 1, score, locator, None, score), path)


def answers(cat: float | None, dog: float | None) -> dict[int, Answer]:
    scores = ((CAT, cat), (DOG, dog))
    return {id(leaf): {"d": [clue("scene", score)]} for leaf, score in scores if score is not None}


JUDGED: dict[str, tuple[Part, float | None, float | None, float | None]] = {
    "leaf": (CAT, 0.8, None, 0.8),
    "leaf below the floor": (CAT, 0.2, None, None),
    "leaf not found": (CAT, None, 0.9, None),
    "and is the mean": (And((CAT, DOG)), 0.8, 0.4, 0.6),
    "and wants all": (And((CAT, DOG)), 0.8, 0.1, None),
    "or is the best": (Or((CAT, DOG)), 0.8, 0.4, 0.8),
    "or wants one": (Or((CAT, DOG)), None, 0.4, 0.4),
    "not decides only": (And((CAT, Not(DOG))), 0.8, 0.3, 0.8),
    "not takes out what is sure": (And((CAT, Not(DOG))), 0.8, 0.7, None),
    "a filter decides only": (And((CAT, Name("x"))), 0.8, None, 0.8),
    "a filter can refuse": (And((CAT, Name("y"))), 0.8, None, None),
    "a filter beside a leaf": (Or((CAT, Name("x"))), None, None, 0.5),
    "a filter does not hide a better leaf": (Or((CAT, Name("x"))), 0.8, None, 0.8),
    "a not beside a leaf": (Or((CAT, Not(DOG))), None, None, 0.5),
}


@pytest.mark.parametrize(("tree", "cat", "dog", "expected"), JUDGED.values(), ids=JUDGED.keys())
def test_the_logic_of_the_tree(
    tree: Part, cat: float | None, dog: float | None, expected: float | None
) -> None:
    score = Judge(answers(cat, dog), 0.25).score(tree, "d", "/x.jpg", Facts(name="x.jpg"))
    assert score == (None if expected is None else pytest.approx(expected))


def test_weights_move_the_mean() -> None:
    heavy = Words("cat", weight=3)
    judge = Judge({id(heavy): {"d": [clue("scene", 0.8)]}} | answers(None, 0.4), 0.0)
    assert judge.score(And((heavy, DOG)), "d", "/x", Facts()) == pytest.approx(0.7)
    assert judge.score(Or((heavy, DOG)), "d", "/x", Facts()) == pytest.approx(0.8)


def test_a_clue_of_one_path_counts_for_it_alone() -> None:
    judge = Judge({id(CAT): {"d": [clue("name", 0.9, path="/a"), clue("scene", 0.4)]}}, 0.25)
    a, b = (judge.score(CAT, "d", path, Facts()) for path in ("/a", "/b"))
    assert a is not None
    assert b == pytest.approx(0.4)
    assert a > 0.9
    assert judge.bound(CAT, "d") == a
    assert len(judge.clues(CAT, "d", "/b")) == 1


def test_what_a_not_looks_for_is_no_evidence() -> None:
    judge = Judge(answers(0.9, 0.4), 0.25)
    tree = And((CAT, Not(Or((DOG, CAT)))))
    assert [found.evidence.score for found in judge.clues(tree, "d", "/x")] == [0.9]


@given(shares | st.none(), shares | st.none(), st.sampled_from([tree for tree, *_ in JUDGED.values()]))
def test_the_bound_is_never_less_than_the_score(cat: float | None, dog: float | None, tree: Part) -> None:
    judge = Judge(answers(cat, dog), 0.25)
    score = judge.score(tree, "d", "/x.jpg", Facts(name="x.jpg"))
    bound = judge.bound(tree, "d")
    assert score is None or (bound is not None and bound >= score - 1e-12)


def film(**seen: list[tuple[float, float, float]]) -> dict[int, Answer]:
    """What a film shows: per leaf, first and last second and score of every moment."""
    leaves = {"cat": CAT, "dog": DOG, "owl": OWL}
    return {
        id(leaves[name]): {"d": [clue("scene", score, TimeSpan(a, b)) for a, b, score in moments]}
        for name, moments in seen.items()
    }


def judged(tree: Part, answers: dict[int, Answer], place: Locator | None = None) -> float | None:
    return Judge(answers, 0.25).score(tree, "d", PATH, Facts(name="x.mp4", kind="video"), place)


class TestSame:
    BOTH = And((CAT, DOG))

    def test_what_meets_belongs_to_one_moment(self) -> None:
        together = film(cat=[(0, 2, 0.5), (50, 52, 0.8)], dog=[(51, 53, 0.6)])
        assert judged(Same("moment", self.BOTH), together) == pytest.approx(0.7)
        apart = film(cat=[(0, 2, 0.8)], dog=[(51, 53, 0.8)])
        assert judged(Same("moment", self.BOTH), apart) is None
        assert judged(Same("file", self.BOTH), apart) == pytest.approx(0.8)

    def test_a_moment_is_generous_by_a_second(self) -> None:
        assert judged(Same("moment", self.BOTH), film(cat=[(0, 2, 0.8)], dog=[(2.9, 4, 0.8)])) is not None
        assert judged(Same("moment", self.BOTH), film(cat=[(0, 2, 0.8)], dog=[(3.1, 4, 0.8)])) is None

    def test_the_name_of_a_film_belongs_to_none_of_its_moments(self) -> None:
        named = film(cat=[(0, 2, 0.8)]) | {id(DOG): {"d": [clue("name", 0.9)]}}
        assert judged(self.BOTH, named) is not None
        assert judged(Same("moment", self.BOTH), named) is None

    def test_a_photo_is_one_moment_and_one_page(self) -> None:
        seen = {id(CAT): {"d": [clue("object", 0.8, Region(WHOLE, (0, 0, 1, 1)))]}}
        seen |= {id(DOG): {"d": [clue("scene", 0.6)]}}
        for scope in ("moment", "page"):
            score = Judge(seen, 0.25).score(Same(scope, self.BOTH), "d", "/x.jpg", Facts(kind="image"))
            assert score == pytest.approx(0.7)

    def test_all_must_be_there_at_once(self) -> None:
        """Two that each meet a third, but not each other, are no moment."""
        seen = film(cat=[(0, 4, 0.8)], dog=[(8, 12, 0.8)], owl=[(3, 9, 0.8)])
        assert judged(Same("moment", And((CAT, DOG, OWL))), seen) is None
        assert judged(Same("moment", And((CAT, OWL))), seen) == pytest.approx(0.8)
        assert judged(Same("moment", And((OWL, Or((CAT, DOG))))), seen) == pytest.approx(0.8)
        closer = film(cat=[(0, 4, 0.8)], dog=[(4.5, 12, 0.8)], owl=[(3, 9, 0.8)])
        assert judged(Same("moment", And((CAT, DOG, OWL))), closer) == pytest.approx(0.8)

    def test_a_page(self) -> None:
        pages = {id(CAT): {"d": [clue("text", 0.8, Page(1)), clue("text", 0.7, Page(2))]}}
        pages |= {id(DOG): {"d": [clue("scene", 0.5, Page(2))]}}
        assert judged(Same("page", self.BOTH), pages) == pytest.approx(0.6)
        assert judged(Same("page", self.BOTH), pages, Page(2)) == pytest.approx(0.6)
        assert judged(Same("page", self.BOTH), pages, Page(1)) == 0.0
        assert judged(Same("moment", self.BOTH), pages) is None

    def test_not_in_this_moment(self) -> None:
        tree = Same("moment", And((CAT, Not(DOG))))
        assert judged(tree, film(cat=[(0, 2, 0.8)], dog=[(10, 12, 0.9)])) == pytest.approx(0.8)
        assert judged(tree, film(cat=[(10, 11, 0.8)], dog=[(10, 12, 0.9)])) is None

    def test_a_passage_does_not_count_where_its_sentence_is_known(self) -> None:
        said = film(cat=[(0, 30, 0.8), (2, 4, 0.8)], dog=[(20, 22, 0.8)])
        assert judged(Same("moment", self.BOTH), said) is None

    def test_a_folder(self) -> None:
        tree = Same("folder", And((CAT, DOG)))
        answers = {id(CAT): {"d": [clue("scene", 0.8)]}}
        for folder, expected in (("/folder", 0.8), ("/other", None)):
            judge = Judge(answers, 0.25, {id(tree): frozenset((PurePath(folder),))})
            assert judge.score(tree, "d", PATH, Facts()) == expected


class TestThen:
    def test_order(self) -> None:
        seen = film(cat=[(0, 2, 0.6)], dog=[(5, 7, 0.8)])
        assert judged(Then((CAT, DOG), (None,)), seen) == pytest.approx(0.7)
        assert judged(Then((DOG, CAT), (None,)), seen) is None

    def test_within(self) -> None:
        seen = film(cat=[(0, 2, 0.6)], dog=[(5, 7, 0.8)])
        assert judged(Then((CAT, DOG), (3,)), seen) is not None
        assert judged(Then((CAT, DOG), (2.9,)), seen) is None

    def test_the_hit_spans_from_first_to_last(self) -> None:
        seen = film(cat=[(0, 2, 0.6), (100, 101, 0.3)], dog=[(5, 7, 0.8)], owl=[(8, 9, 0.4)])
        tree = Then((CAT, DOG, OWL), (None, 1))
        judge = Judge(seen, 0.25)
        places = judge.places(tree, "d", PATH, Facts())
        assert places[0] == TimeSpan(0, 9)
        assert judged(tree, seen, TimeSpan(0, 9)) == pytest.approx(0.6)
        assert judged(tree, seen, TimeSpan(5, 7)) == 0.0

    def test_the_best_way_is_taken(self) -> None:
        seen = film(cat=[(0, 2, 0.9), (4, 5, 0.3)], dog=[(6, 7, 0.5)])
        assert judged(Then((CAT, DOG), (10,)), seen) == pytest.approx(0.7)
        assert judged(Then((CAT, DOG), (2,)), seen) == pytest.approx(0.4)

    def test_pages_have_no_time(self) -> None:
        pages = {id(leaf): {"d": [clue("text", 0.8, Page(n))]} for n, leaf in ((1, CAT), (2, DOG))}
        assert judged(Then((CAT, DOG), (None,)), pages) is None

    def test_beside_another_part(self) -> None:
        seen = film(cat=[(0, 2, 0.6)], dog=[(5, 7, 0.8)], owl=[(6, 6.5, 0.5)])
        tree = And((Then((CAT, DOG), (None,)), OWL))
        assert judged(tree, seen, TimeSpan(0, 7)) == pytest.approx(0.6)


# A slow evaluator that follows the definitions, against which random trees are held.


def _is_somewhere(part: Part) -> bool:
    return any(isinstance(inner, Leaf) for inner in looked_for(part))


moments = st.tuples(st.integers(0, 12), st.integers(1, 3)).map(lambda at: TimeSpan(at[0], at[0] + at[1]))
spots = st.one_of(st.just(WHOLE), st.builds(Page, st.integers(1, 2)), moments)
found = st.lists(st.tuples(st.sampled_from(("scene", "speech")), spots, shares), max_size=4)
trees = st.recursive(
    st.sampled_from((CAT, DOG, OWL, Name("x"), Name("y"))),
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=3).map(lambda some: And(tuple(some))),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: Or(tuple(some))),
        parts.map(Not),
        st.builds(Same, st.sampled_from(("moment", "page", "file")), parts.filter(_is_somewhere)),
        st.builds(
            lambda first, second, gap: Then((first, second), (gap,)),
            parts.filter(_is_somewhere),
            parts.filter(_is_somewhere),
            st.none() | st.integers(0, 6),
        ),
    ),
    max_leaves=6,
)


class Reference:
    """Scores by the definitions, one spot after the other; no shortcut."""

    def __init__(self, answers: dict[int, Answer], floor: float, kind: str) -> None:
        self.answers, self.floor, self.kind = answers, floor, kind

    def score(
        self, part: Part, spot: Locator | None, floor: float, instant: float | None = None
    ) -> float | None:
        match part:
            case And(parts):
                scores = [self.score(inner, spot, floor, instant) for inner in parts]
                ranked = [s for s, p in zip(scores, parts, strict=True) if _is_ranked(p) and s is not None]
                return None if None in scores else sum(ranked) / len(ranked) if ranked else 1.0
            case Or(parts):
                scores = [(self.score(inner, spot, floor, instant), _is_ranked(inner)) for inner in parts]
                return max(
                    (s if is_ranked else 0.5 for s, is_ranked in scores if s is not None), default=None
                )
            case Not(inner):
                return 1.0 if self.score(inner, spot, max(floor, SURE)) is None else None
            case Name(text):
                return 1.0 if text == "x" else None
            case Same("file", inner):
                return self.score(inner, None, floor)
            case Same(scope, inner):
                return max(self.at(inner, scope, spot, floor).values(), default=None)
            case Then((first, second), (gap,)):
                a, b = (self.at(inner, "moment", spot, floor) for inner in (first, second))
                pairs = [
                    (x, y) for x, y in product(a, b) if isinstance(x, TimeSpan) and isinstance(y, TimeSpan)
                ]
                in_turn = [
                    (a[x] + b[y]) / 2
                    for x, y in pairs
                    if x.start_s < y.start_s and (gap is None or y.start_s <= x.end_s + gap)
                ]
                return max(in_turn, default=None)
        return self.leaf(part, spot, floor, instant)

    def leaf(self, leaf: Part, spot: Locator | None, floor: float, instant: float | None) -> float | None:
        clues = self.answers[id(leaf)]["d"]
        if spot is not None:
            clues = [one for one in _finest(clues) if _meet(one.evidence.locator, spot)]
        if instant is not None:
            clues = [one for one in clues if _is_then(one.evidence.locator, instant)]
        places = [one.evidence.locator for one in clues if one.evidence.locator != WHOLE] or [WHOLE]
        best = max((self.fused(clues, place) for place in places), default=0.0) if clues else 0.0
        return best if clues and best >= floor else None

    @staticmethod
    def fused(clues: list[Clue], place: Locator) -> float:
        there = [one.evidence for one in clues if one.evidence.locator in (place, WHOLE)]
        return fuse(max(e.calibrated for e in there if e.space == s) for s in {e.space for e in there})

    def at(self, part: Part, scope: str, within: Locator | None, floor: float) -> dict[Locator, float]:
        found: list[Locator] = []
        for leaf in looked_for(part):
            if isinstance(leaf, Leaf):
                clues = _finest(self.answers[id(leaf)]["d"])
                exact = [one.evidence.locator for one in clues if one.evidence.locator != WHOLE]
                spots = exact or [WHOLE] * bool(clues)
                found += [spot for spot in spots if self.fused(clues, spot) >= floor]
        kinds = {"moment": TimeSpan, "page": Page}
        scores = {}
        for spot in found:
            fits = isinstance(spot, kinds[scope]) or (spot == WHOLE and self.kind == "image")
            if fits and (within is None or _meet(spot, within)):
                scores[spot] = self.at_some_instant(part, spot, floor)
        return {spot: score for spot, score in scores.items() if score is not None}

    def at_some_instant(self, part: Part, spot: Locator, floor: float) -> float | None:
        """All must be there at once: tried at every quarter of a second of the spot."""
        if not isinstance(spot, TimeSpan):
            return self.score(part, spot, floor)
        quarters = [spot.start_s - 0.5 + n / 4 for n in range(int(4 * (spot.end_s - spot.start_s) + 4))]
        scores = [self.score(part, spot, floor, instant) for instant in quarters]
        return max((score for score in scores if score is not None), default=None)


def _is_then(place: Locator, instant: float) -> bool:
    return not isinstance(place, TimeSpan) or place.start_s - 0.5 <= instant < place.end_s + 0.5


def _times(spots: dict[Locator, float]) -> list[TimeSpan]:
    return [spot for spot in spots if isinstance(spot, TimeSpan)]


def _is_ranked(part: Part) -> bool:
    if isinstance(part, Not | Name):
        return False
    return not isinstance(part, And | Or) or any(_has_leaf(inner) for inner in part.parts)


def _has_leaf(part: Part) -> bool:
    inner = (part.part,) if isinstance(part, Not | Same) else getattr(part, "parts", ())
    return isinstance(part, Leaf) or any(map(_has_leaf, inner))


def _meet(one: Locator, other: Locator) -> bool:
    if isinstance(one, TimeSpan) and isinstance(other, TimeSpan):
        return max(one.start_s, other.start_s) - min(one.end_s, other.end_s) < 1.0
    return one == other


def _finest(clues: list[Clue]) -> list[Clue]:
    def holds_another(outer: Evidence) -> bool:
        others = [one.evidence for one in clues if one.evidence.space == outer.space]
        return any(_is_inside(inner.locator, outer.locator) for inner in others)

    return [one for one in clues if not holds_another(one.evidence)]


def _is_inside(inner: Locator, outer: Locator) -> bool:
    if not (isinstance(inner, TimeSpan) and isinstance(outer, TimeSpan)) or inner == outer:
        return False
    return outer.start_s <= inner.start_s and inner.end_s <= outer.end_s


@given(trees, found, found, found, st.sampled_from(("video", "image", "pdf")), st.sampled_from((0.0, 0.25)))
def test_the_judge_follows_the_definitions(tree, cat, dog, owl, kind, floor) -> None:
    answers: dict[int, Answer] = {
        id(leaf): {"d": [clue(space, score, spot) for space, spot, score in seen]}
        for leaf, seen in ((CAT, cat), (DOG, dog), (OWL, owl))
    }
    expected = Reference(answers, floor, kind).score(tree, None, floor)
    judge = Judge(answers, floor)
    score = judge.score(tree, "d", PATH, Facts(name="x", kind=kind))
    assert score == (None if expected is None else pytest.approx(expected))
    bound = judge.bound(tree, "d")
    assert score is None or (bound is not None and bound >= score - 1e-9)
