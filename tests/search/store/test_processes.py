"""Several processes and threads: one writes, all read, nobody waits."""

import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from search.errors import LibraryBusyError
from search.spaces import Fingerprint
from search.store import Batch, Library, Mark, SegmentRows, Words

ROOT = Path(__file__).parents[3]
OTHER = """
import sys
from pathlib import Path
from search.store import Library
sys.path.insert(0, {tests!r})
from conftest import World

library, world = Library.open(Path(sys.argv[1])), World()
print("ready", flush=True)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
"""


class Other:
    """Another process that has the library open and runs lines of code on it."""

    def __init__(self, folder: Path) -> None:
        program = OTHER.format(tests=str(Path(__file__).parent))
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer("ready")

    def run(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        self._answer("done")

    def _answer(self, expected: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == expected

    def __enter__(self) -> "Other":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def test_a_reader_sees_what_another_process_commits(filled: Library, world: Any) -> None:
    assert filled.status().contents == 40
    with Other(filled.folder) as other:
        other.run("writer = library.writer(); w = writer.__enter__()")
        with (
            pytest.raises(LibraryBusyError, match=rf"process {other.process.pid} on .* since 2"),
            filled.writer(),
        ):
            pass
        other.run("w.write(world.batch([60]))")
        assert filled.status().contents == 41
        assert filled.nearest("scene", world.vectors(1000)[60], 1)[0].segment.digest == "d60"
        assert len(filled.find_words("text", Words("topic60"), 5)) == 1
        other.run("w.optimize(); w.prune()")
        assert filled.nearest("scene", world.vectors(1000)[60], 1)[0].segment.digest == "d60"
        other.run("w.forget(world.root)")
        assert filled.status().contents == 0
        other.run("writer.__exit__(None, None, None)")
        with filled.writer() as writer:
            writer.write(world.batch([61]))
        other.run("assert library.status().contents == 1")


def test_a_reader_follows_a_promotion_by_another_process(filled: Library, world: Any) -> None:
    better = Fingerprint("model-b", "1", "384", 8)
    assert filled.nearest("scene", world.vectors(1000)[5], 1)[0].segment.digest == "d5"
    with Other(filled.folder) as other:
        lines = [
            "from search.spaces import Fingerprint; from search.store import Batch, Mark",
            "fp = Fingerprint('model-b', '1', '384', 8)",
            "writer = library.writer(); w = writer.__enter__(); w.open_space('scene', fp)",
            "rows = world.batch(range(40), scene=fp).segments",
            "marks = [Mark(f'd{n}', 'scene', fp.key, segments=1) for n in range(40)]",
            "w.write(Batch(segments={'scene': rows['scene']}, marks=marks))",
            "assert w.promote_complete_spaces() == ['scene']",
        ]
        for line in lines:
            other.run(line)
        assert filled.spaces()["scene"] == better
        found = filled.nearest("scene", world.vectors(1000, dim=8)[5], 1)
        assert found[0].segment.digest == "d5"


def test_a_dead_writer_blocks_nobody(filled: Library) -> None:
    with Other(filled.folder) as other:
        other.run("writer = library.writer(); w = writer.__enter__()")
        other.process.kill()
        other.process.wait()
        with filled.writer() as writer:
            writer.optimize()
    assert not (filled.folder / "lock.holder.json").exists()


def test_two_writers_in_one_process_are_refused_too(filled: Library) -> None:
    with filled.writer():
        note = json.loads((filled.folder / "lock.holder.json").read_text())
        assert note["pid"] == os.getpid()
        with pytest.raises(LibraryBusyError, match=str(os.getpid())), Library.open(filled.folder).writer():
            pass


def test_readers_see_whole_batches_only(library: Library, world: Any) -> None:
    """While batches are written, threads that read find every content with its vector and its words."""
    world.fill(library)
    stop = threading.Event()

    def read() -> int:
        rounds = 0
        while not stop.is_set() or not rounds:
            held = library.status()
            segments = {space.segments for space in held.spaces} | {held.contents, held.files}
            assert len(segments) == 1
            library.nearest("scene", world.vectors(1)[0], 5)
            library.find_words("text", Words("page"), 5)
            rounds += 1
        return rounds

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        try:
            with library.writer() as writer:
                for start in range(0, 60, 10):
                    writer.write(world.batch(range(start, start + 10)))
                writer.optimize()
        finally:
            stop.set()
        assert all(future.result() for future in reading)


def test_refresh_costs_nothing_when_nothing_happened(
    filled: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.refresh()
    view = filled._view
    filled.matching(None)
    assert filled._view is view


def test_many_batches_do_not_pile_up(library: Library, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fragments stay few during a long run, because the writer looks after the tables."""
    monkeypatch.setattr("search.store.writer.OPTIMIZE_EVERY", 8)
    monkeypatch.setattr("search.store.indexes.MAX_PIECES", 4)
    world.fill(library)
    fingerprint = world.scene
    with library.writer() as writer:
        for n in range(24):
            rows = world.batch([n]).segments["scene"]
            mark = Mark(f"d{n}", "scene", fingerprint.key, segments=1)
            writer.write(
                Batch(segments={"scene": SegmentRows(fingerprint, rows.segments, rows.vectors)}, marks=[mark])
            )
    library.refresh()
    table = library._view.tables.get(f"seg_scene_{fingerprint.key}")
    assert table.count_rows() == 24
    assert table.stats()["fragment_stats"]["num_fragments"] <= 9
