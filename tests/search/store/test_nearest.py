"""Vector search: exact scores, filters that lose nothing, indexes that change nothing but speed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.records import Content, Segment
from search.spaces import Fingerprint, Vector, unit_rows
from search.store import Batch, Found, Library, Mark, SegmentRows, indexes, nearest
from search.store.manifest import segment_table
from search.store.tables import Database, Tables

CLUSTERED = Fingerprint("clustered", "1", "", 256)


def exact(vectors: Vector, query: Vector, wanted: list[int], limit: int) -> list[int]:
    stored = unit_rows(vectors.astype(np.float16))
    scores = stored @ unit_rows(query)
    return sorted(wanted, key=lambda n: (-scores[n], f"d{n}"))[:limit]


def numbers(found: list[Found]) -> list[int]:
    return [int(one.segment.digest[1:]) for one in found]


def many(library: Library, world: Any, vectors: Vector, fingerprint: Fingerprint) -> None:
    """One content per vector, `d0` and so on, in the space `scene`."""
    segments = [Segment(f"d{n}", "scene", 0) for n in range(len(vectors))]
    with library.writer() as writer:
        writer.open_space("scene", fingerprint)
        writer.write(
            Batch(
                contents=[Content(segment.digest, "image/png", 1) for segment in segments],
                segments={"scene": SegmentRows(fingerprint, segments, vectors)},
                marks=[Mark(segment.digest, "scene", fingerprint.key, segments=1) for segment in segments],
            )
        )


def clustered(count: int, dim: int, seed: int = 0) -> Vector:
    random = np.random.default_rng(seed)
    centres = random.normal(size=(20, dim))
    return unit_rows(centres[random.integers(0, 20, count)] + 0.8 * random.normal(size=(count, dim)))


def test_scores_are_cosines_whatever_the_query_s_length(filled: Library, world: Any) -> None:
    vectors = world.vectors(1000)
    found = filled.nearest("scene", vectors[5] * 37, 40)
    assert numbers(found) == exact(vectors, vectors[5], list(range(40)), 40)
    expected = unit_rows(vectors.astype(np.float16)) @ vectors[5]
    assert np.allclose([one.score for one in found], expected[numbers(found)], atol=1e-6)
    assert found[0].score == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_nothing_found(filled: Library, world: Any, limit: int) -> None:
    assert filled.nearest("scene", world.vectors(1)[0], limit) == []


def test_more_asked_than_there_is(filled: Library, world: Any) -> None:
    assert len(filled.nearest("scene", world.vectors(1)[0], 1000)) == 40


def test_a_zero_query_is_no_error(filled: Library, world: Any) -> None:
    found = filled.nearest("scene", np.zeros(world.dim, np.float32), 3)
    assert all(one.score == 0 for one in found)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.sets(st.integers(0, 49)), limit=st.integers(1, 12), selective=st.sampled_from([0, 1000]))
def test_a_filter_never_loses_a_result(
    filled: Library, world: Any, monkeypatch: pytest.MonkeyPatch, wanted: set[int], limit: int, selective: int
) -> None:
    """Both ways, pre-filtering and over-fetching, give what an exact search of the wanted ones gives."""
    monkeypatch.setattr(nearest, "SELECTIVE", selective)
    vectors = world.vectors(1000)
    found = filled.nearest("scene", vectors[7], limit, digests={f"d{n}" for n in wanted})
    assert numbers(found) == exact(vectors, vectors[7], [n for n in wanted if n < 40], limit)


@pytest.mark.parametrize("dim", [16, 256])
def test_an_index_changes_nothing_but_speed(
    library: Library, world: Any, monkeypatch: pytest.MonkeyPatch, dim: int
) -> None:
    """Flat and indexed search agree; rows the index has not seen are found, and filters hold."""
    monkeypatch.setattr(indexes, "FLAT_BELOW", 1000)
    fingerprint = Fingerprint("clustered", "1", "", dim)
    vectors = clustered(3000, dim)
    many(library, world, vectors, fingerprint)
    queries = clustered(20, dim, seed=1)
    flat = [numbers(library.nearest("scene", query, 10)) for query in queries]
    assert flat == [exact(vectors, query, list(range(3000)), 10) for query in queries]
    with library.writer() as writer:
        writer.optimize()
    tables = Tables(Database(library.folder))
    table = tables.get(segment_table("scene", fingerprint))
    assert indexes.existing_indexes(table) == {indexes.VECTOR}
    assert table.index_stats(indexes.VECTOR).distance_type == indexes.METRIC
    indexed = [numbers(library.nearest("scene", query, 10)) for query in queries]
    shared = sum(len(set(a) & set(b)) for a, b in zip(flat, indexed, strict=True))
    assert shared >= 0.99 * 200

    new = Segment("d9999", "scene", 0)
    with library.writer() as writer:
        writer.write(
            Batch(
                [Content("d9999", "image/png", 1)],
                segments={"scene": SegmentRows(fingerprint, [new], queries[:1])},
            )
        )
    assert numbers(library.nearest("scene", queries[0], 1)) == [9999]
    kept = list(range(0, 3000, 50))
    monkeypatch.setattr(nearest, "SELECTIVE", 10)
    found = library.nearest("scene", queries[0], 60, digests={f"d{n}" for n in kept})
    assert numbers(found) == exact(vectors, queries[0], kept, 60)


def test_the_index_is_not_built_again_and_again(
    library: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that looked for an index under a wrong name rebuilt it at every call."""
    monkeypatch.setattr(indexes, "FLAT_BELOW", 500)
    many(library, world, clustered(600, 16), Fingerprint("clustered", "1", "", 16))
    built: list[str] = []
    original = indexes.build_index
    monkeypatch.setattr(
        indexes, "build_index", lambda table, name: (built.append(name), original(table, name))
    )
    for _ in range(3):
        with library.writer() as writer:
            writer.optimize()
    assert built == [indexes.VECTOR]


def test_a_long_unindexed_tail_is_taken_in(
    library: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "FLAT_BELOW", 500)
    monkeypatch.setattr(indexes, "MAX_TAIL", 100)
    fingerprint = Fingerprint("clustered", "1", "", 16)
    vectors = clustered(900, 16)
    many(library, world, vectors[:600], fingerprint)
    with library.writer() as writer:
        writer.optimize()
        rest = [Segment(f"x{n}", "scene", 0) for n in range(300)]
        writer.write(Batch(segments={"scene": SegmentRows(fingerprint, rest, vectors[600:])}))
        writer.optimize()
    tables = Tables(Database(library.folder))
    assert indexes.unindexed_rows(tables.get(segment_table("scene", fingerprint))) == 0


def test_sample_is_random_and_repeatable(filled: Library, world: Any) -> None:
    first, again, other = (filled.sample("scene", 10, seed) for seed in (1, 1, 2))
    assert first.shape == (10, world.dim)
    assert first.dtype == np.float32
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert filled.sample("scene", 1000).shape == (40, world.dim)


def test_many_wanted_contents_are_compared_exactly(library: Library, world: Any) -> None:
    vectors = clustered(3000, CLUSTERED.dim, seed=11)
    many(library, world, vectors, CLUSTERED)
    wanted = [n for n in range(3000) if n % 3]
    digests = {f"d{n}" for n in wanted} | {"of another space"}
    assert nearest.SELECTIVE < len(digests) <= nearest.FETCHED
    found = library.nearest("scene", vectors[1], 20, digests=digests)
    assert numbers(found) == exact(vectors, vectors[1], wanted, 20)
    assert library.nearest("scene", vectors[1], 5, digests={f"none{n}" for n in range(600)}) == []
