"""The automatic grouping: who belongs together, what must stay apart, and that order of arrival is kept."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.people.grouping import Known, group
from search.spaces import Vector, unit_rows

SAME = 0.6


def faces(
    people: int, each: int, seed: int = 0, noise: float = 0.5, dim: int = 64
) -> tuple[Vector, NDArray[np.int64]]:
    """Faces of some people, in the order person 0, 1, 2, 0, 1, 2 ..."""
    draw = np.random.default_rng(seed)
    centres = unit_rows(draw.normal(size=(people, dim)))
    who = np.arange(people * each) % people
    return unit_rows(centres[who] + noise * unit_rows(draw.normal(size=(len(who), dim)))), who


def new(count: int, **known: object) -> Known:
    given_: dict[str, object] = {
        "groups": np.zeros(count, np.int64),
        "rivals": [[] for _ in range(count)],
        **known,
    }
    return Known(**given_)  # type: ignore[arg-type]


def together(found: NDArray[np.int64]) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(found == number).tolist()) for number in set(found.tolist())}


def test_people_are_told_apart_and_numbered_in_order() -> None:
    vectors, who = faces(5, 20)
    found = group(vectors, np.ones(100), new(100), SAME)
    assert together(found) == together(who)
    assert found[:5].tolist() == [1, 2, 3, 4, 5]


def test_two_in_one_picture_are_never_one() -> None:
    vectors, _ = faces(1, 6)
    rivals = [[1], [0], [], [], [], []]
    found = group(vectors, np.ones(6), new(6, rivals=rivals), SAME)
    assert found[0] != found[1]
    assert len(together(found)) == 2


def test_a_pair_that_looks_alike_does_not_join_two_people() -> None:
    vectors, who = faces(2, 10, noise=0.3)
    bridge = unit_rows((vectors[0] + vectors[1])[None])
    everybody = np.concatenate([vectors, bridge])
    assert (bridge @ vectors.T > SAME).sum() > 5
    found = group(everybody, np.ones(21), new(21), SAME)
    assert together(found[:20]) == together(who)


def test_poor_faces_follow_but_do_not_lead() -> None:
    vectors, who = faces(2, 10)
    quality = np.where(np.arange(20) < 10, 0.9, 0.1)
    assert together(group(vectors, quality, new(20), SAME)) == together(who)
    assert len(together(group(vectors, np.full(20, 0.1), new(20), SAME))) == 20


def test_settled_groups_keep_apart_and_draw_others_in() -> None:
    vectors, _ = faces(1, 6)
    groups = np.array([7, 7, 9, 9, 3, 0])
    found = group(vectors, np.ones(6), new(6, groups=groups, settled={7, 9}, free=20), SAME)
    assert found[:4].tolist() == [7, 7, 9, 9]
    assert found[5] in (7, 9)
    joined = group(vectors, np.ones(6), new(6, groups=groups, settled={9}, free=20), SAME)
    assert set(joined.tolist()) == {9}


def test_groups_of_one_owner_are_one_person_to_those_beside() -> None:
    vectors, _ = faces(1, 6)
    groups = np.array([7, 7, 9, 9, 0, 0])
    apart = [[], [], [], [], [5], [4]]
    free = new(6, groups=groups, rivals=apart, settled={7, 9}, free=20)
    assert set(group(vectors, np.ones(6), free, SAME)[4:].tolist()) == {7, 9}
    owned = new(6, groups=groups, rivals=apart, settled={7, 9}, owners={9: 7}, free=20)
    assert 20 in group(vectors, np.ones(6), owned, SAME)[4:].tolist()


def test_nothing_new_changes_nothing() -> None:
    vectors, _ = faces(1, 4)
    groups = np.array([4, 4, 2, 2])
    assert group(vectors, np.ones(4), new(4, groups=groups), SAME).tolist() == [4, 4, 2, 2]


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_the_kind_of_number_does_not_matter(kind: type) -> None:
    vectors, who = faces(3, 5)
    assert together(group(vectors.astype(kind), np.ones(15), new(15), SAME)) == together(who)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 4), st.data())
def test_rules_hold_whatever_the_faces(seed: int, people: int, data: st.DataObject) -> None:
    vectors, _ = faces(people, 6, seed, noise=1.0, dim=8)
    count = len(vectors)
    numbers = st.integers(0, count - 1)
    pairs = data.draw(
        st.lists(st.tuples(numbers, numbers).filter(lambda pair: pair[0] != pair[1]), max_size=12)
    )
    rivals: list[list[int]] = [[] for _ in range(count)]
    for one, other in pairs:
        rivals[one].append(other)
        rivals[other].append(one)
    quality = np.array(data.draw(st.lists(st.floats(0, 1), min_size=count, max_size=count)))
    known = new(count, rivals=rivals)
    found = group(vectors, quality, known, SAME)
    assert (found > 0).all()
    assert all(found[one] != found[other] for one, other in pairs)
    assert found.tolist() == group(vectors, quality, known, SAME).tolist()
    again = group(vectors, quality, new(count, rivals=rivals, groups=found), SAME)
    assert again.tolist() == found.tolist()
    firsts = [int(np.flatnonzero(found == number)[0]) for number in sorted(Counter(found.tolist()))]
    assert firsts == sorted(firsts)
