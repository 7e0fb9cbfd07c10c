"""Killed at any step, a library is as before the batch; running again gives the uninterrupted result."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from search.errors import LibraryError, LibraryMissingError
from search.records import File
from search.spaces import Fingerprint
from search.store import Batch, Library, Mark, Writer
from search.store.check import check
from search.store.tables import Table

BETTER = Fingerprint("model-b", "1", "384", 8)
STEPS = [
    (Path, "replace"),
    (Path, "unlink"),
]


class Killed(BaseException):
    """The process is gone: nothing after this happens."""


def kill_at(step: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let everything that changes the disk fail from that step on, as if the process had ended there."""
    import lancedb.table

    done: list[str] = []
    places = [*STEPS, *((lancedb.table.LanceTable, name) for name in ("add", "delete", "update", "restore"))]
    for owner, name in places:
        original = getattr(owner, name)

        def counted(
            self: Any, *args: Any, _original: Any = original, _name: str = name, **options: Any
        ) -> Any:
            if len(done) >= step:
                raise Killed
            done.append(_name)
            return _original(self, *args, **options)

        monkeypatch.setattr(owner, name, counted)
    return done


def new_pictures(writer: Writer, world: Any) -> None:
    writer.write(world.batch(range(35, 45)))


def new_model(writer: Writer, world: Any) -> None:
    writer.open_space("scene", BETTER)
    rows = world.batch(range(40), scene=BETTER).segments["scene"]
    marks = [Mark(f"d{n}", "scene", BETTER.key, segments=1) for n in range(40)]
    writer.write(Batch(segments={"scene": rows}, marks=marks))
    writer.promote_complete_spaces()


def moved_and_gone(writer: Writer, world: Any) -> None:
    writer.write(Batch(files=[File(f"{world.root}/else.jpg", "d1", 100, 7, world.root)]))
    writer.remove_files([f"{world.root}/trip/IMG_{n}.jpg" for n in (1, 2)])
    writer.set_present(world.root, False)


def forgotten(writer: Writer, world: Any) -> None:
    writer.forget(f"{world.root}/trip/IMG_3.jpg")
    writer.remove_files([f"{world.root}/trip/IMG_4.jpg"])
    writer.prune()


RUNS = [new_pictures, new_model, moved_and_gone, forgotten]


@pytest.mark.parametrize("run", RUNS)
def test_killed_at_every_step_and_run_again(
    tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch, run: Callable[[Writer, Any], None]
) -> None:
    def start(name: str) -> Library:
        library = Library.create(tmp_path / name)
        world.fill(library, world.batch(range(40)))
        return library

    whole = start("whole")
    with whole.writer() as writer:
        run(writer, world)
    expected = world.dump(whole.folder)
    whole.close()
    library = start("broken")
    before = world.dump(library.folder)
    step = 0
    while True:
        with monkeypatch.context() as patch:
            done = kill_at(step, patch)
            try:
                with library.writer() as writer:
                    run(writer, world)
            except Killed:
                pass
            else:
                break
            assert len(done) == step
        (library.folder / "lock.holder.json").unlink(missing_ok=True)
        if run is new_pictures:
            with library.writer():
                assert world.dump(library.folder)["rows"] in (before["rows"], expected["rows"])
        step += 1
        assert step < 200
    assert step > 5
    assert world.dump(library.folder) == expected
    assert check(library.folder) == []
    library.close()


PROGRAM = """
import os, sys
from pathlib import Path
import lancedb.table
from search.store import Library
sys.path.insert(0, {tests!r})
from conftest import World

step, seen = int(sys.argv[2]), []
def counted(name):
    original = getattr(lancedb.table.LanceTable, name)
    def call(self, *args, **options):
        if len(seen) == step:
            os._exit(9)
        seen.append(name)
        return original(self, *args, **options)
    setattr(lancedb.table.LanceTable, name, call)
for name in ("add", "delete"):
    counted(name)
with Library.open(Path(sys.argv[1])).writer() as writer:
    writer.write(World.batch(range(35, 45)))
"""


@pytest.mark.parametrize("step", [1, 6])
def test_a_really_killed_process_loses_only_its_batch(filled: Library, world: Any, step: int) -> None:
    before = world.dump(filled.folder)
    program = PROGRAM.format(tests=str(Path(__file__).parent))
    ended = subprocess.run(
        [sys.executable, "-c", program, filled.folder, str(step)], cwd=Path(__file__).parents[3]
    )
    assert ended.returncode == 9
    assert [problem.kind for problem in check(filled.folder)] == ["unfinished batch", "thumbnail"]
    assert len(filled.matching(None)) == 40
    with filled.writer() as writer:
        assert writer.recovered
        assert world.dump(filled.folder)["rows"] == before["rows"]
        writer.write(world.batch(range(35, 45)))
    assert filled.status().contents == 45


def test_a_full_disk_is_one_sentence_and_loses_nothing(
    filled: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import lancedb.table

    def full(self: Table, *args: Any, **options: Any) -> None:
        raise RuntimeError("lance error: LanceError(IO): No space left on device (os error 28)")

    before = world.dump(filled.folder)
    with filled.writer() as writer:
        with monkeypatch.context() as patch:
            patch.setattr(lancedb.table.LanceTable, "add", full)
            with pytest.raises(LibraryError, match=r"full\..*Free some space"):
                writer.write(world.batch([50]))
        assert world.dump(filled.folder)["rows"] == before["rows"]
        writer.write(world.batch([50]))
    assert filled.status().contents == 41


def test_a_disk_too_full_to_undo_is_undone_before_the_next_batch(
    filled: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import lancedb.table

    def full(self: Table, *args: Any, **options: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = world.dump(filled.folder)
    with filled.writer() as writer:
        with monkeypatch.context() as patch:
            patch.setattr(lancedb.table.LanceTable, "restore", full)
            patch.setattr("search.store.writer.marks_table", full)
            with pytest.raises(LibraryError, match="full"):
                writer.write(world.batch([50]))
        assert world.dump(filled.folder)["rows"] == before["rows"]
        writer.write(world.batch([51]))
        assert len(filled.contents(["d50", "d51"])) == 1
    assert {problem.kind for problem in check(filled.folder)} == {"thumbnail"}


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be moved there")
def test_a_library_that_is_gone_is_not_begun_anew_in_its_place(filled: Library, world: Any) -> None:
    away = filled.folder.with_name("unplugged")
    with filled.writer() as writer:
        filled.folder.rename(away)
        with pytest.raises(LibraryMissingError, match=r"cannot be reached\. .*plug it in"):
            writer.write(world.batch([50]))
        assert not filled.folder.exists()
        away.rename(filled.folder)
        writer.write(world.batch([51]))
    assert filled.status().contents == 41
    assert check(filled.folder) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_read_only_library_is_searched_and_says_so_when_written(filled: Library) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "import lancedb\n"
        "from search.errors import LibraryReadOnlyError\n"
        "from search.store import Library, Words\n"
        "from search.store.check import check\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "library.find_words('text', Words('topic7'), 5), check(library.folder)\n"  # imports, while it may
        "with library.writer():\n    pass\n"
        "os.setuid(65534)\n"
        "library = Library.open(Path(sys.argv[1]))\n"
        "assert len(library.find_words('text', Words('topic7'), 5)) == 1\n"
        "assert check(library.folder) == []\n"
        "try:\n    library.writer().__enter__()\nexcept LibraryReadOnlyError as error:\n    print(error)\n"
    )
    with tempfile.TemporaryDirectory() as shared:
        Path(shared).chmod(0o755)
        copy = shutil.copytree(filled.folder, Path(shared) / "library")
        command = [sys.executable, "-c", program, copy]
        ended = subprocess.run(command, cwd=Path(__file__).parents[3], capture_output=True, text=True)
    assert "cannot be written" in ended.stdout, ended.stderr
