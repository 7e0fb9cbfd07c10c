"""What is kept in memory between queries never changes what they find."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.store import Library, held
from search.store.held import Held
from search.store.library import View
from search.store.manifest import read_manifest, segment_table
from search.store.tables import Database, Tables


def opened(filled: Library, world: Any) -> Held:
    tables = Tables(Database(filled.folder), read_manifest(filled.folder).versions)
    return Held(tables.get(segment_table("scene", world.scene)))


def until_read(held: Held) -> None:
    deadline = time.monotonic() + 30
    while held.rows_at_hand() is None:
        assert time.monotonic() < deadline, "the rows were never read"
        time.sleep(0.01)


def test_rows_are_read_when_they_are_asked_for_again(filled: Library, world: Any) -> None:
    kept = opened(filled, world)
    assert kept.rows_at_hand() is None
    until_read(kept)
    rows = kept.rows_at_hand()
    assert rows is not None
    assert len(rows.of(["d3", "unknown", "d39"])) == 2
    assert len(rows.of([])) == 0


def test_what_is_read_by_row_is_what_the_index_finds(filled: Library) -> None:
    digests = ["d3", "unknown", "d39", "d17"]
    before = filled.contents(digests), filled.files_of(digests)
    view: View = filled._view
    until_read(view.held("files"))
    until_read(view.held("contents"))
    assert (filled.contents(digests), filled.files_of(digests)) == before
    assert filled.contents(["unknown"]) == {}


def test_a_commit_is_seen_although_rows_were_kept(filled: Library, world: Any) -> None:
    until_read(filled._view.held("files"))
    with filled.writer() as writer:
        writer.remove_files([f"{world.root}/trip/IMG_3.jpg"])
    assert filled.files_of(["d3"]) == {}
    assert list(filled.files_of(["d4"])) == ["d4"]


def test_the_vectors_of_the_last_filter_are_kept(filled: Library, world: Any) -> None:
    kept = opened(filled, world)
    some, others = frozenset({"d1", "d2"}), frozenset({"d5"})
    fetched = kept.vectors(some)
    assert kept.vectors(some) is fetched
    stored = world.vectors(1000)[[1, 2]].astype(np.float16)
    assert sorted(map(tuple, fetched.vectors.round(2))) == sorted(
        map(tuple, stored.astype(np.float32).round(2))
    )
    assert len(kept.vectors(others).ids) == 1
    assert len(kept.vectors(frozenset({"unknown"})).ids) == 0


def test_more_vectors_than_allowed_are_not_kept(
    filled: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "KEPT", 1)
    kept = opened(filled, world)
    some = frozenset({"d1", "d2"})
    assert kept.vectors(some) is not kept.vectors(some)


def test_a_table_that_cannot_be_read_is_left_to_the_search(filled: Library, world: Any) -> None:
    kept = opened(filled, world)
    for data in Path(filled.folder).glob("seg_scene*/data/*"):
        data.write_bytes(b"\x00" * data.stat().st_size)
    kept.rows_at_hand()
    kept.rows_at_hand()
    time.sleep(0.3)
    assert kept.rows_at_hand() is None
