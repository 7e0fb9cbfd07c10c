"""`doctor`: each kind of damage is named, what is safe is mended, and a good library has no problems."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from search.errors import LibraryBusyError, LibraryCorruptError, LibraryMissingError
from search.records import Content, Segment, Whole
from search.store import Batch, Library, SegmentRows, Thumbnail, Words, indexes
from search.store.check import check, repair
from search.store.manifest import read_manifest, save_manifest, segment_table
from search.store.rows import contents_table, segments_table
from search.store.schema import CONTENTS, FILES, MARKS
from search.store.tables import Database, Tables


def test_a_good_library_has_no_problems(filled: Library) -> None:
    with filled.writer() as writer:
        writer.optimize()
    assert check(filled.folder) == []
    assert repair(filled.folder) == []


def spoil(library: Library, change: Callable[[Tables], object]) -> None:
    """Change tables behind the library's back, and commit it."""
    tables = Tables(Database(library.folder))
    change(tables)
    save_manifest(library.folder, read_manifest(library.folder).committed(tables))


def duplicate_content(library: Library, world: Any) -> None:
    spoil(library, lambda tables: tables.get(CONTENTS).add(contents_table([Content("d1", "image/png", 1)])))


def orphan_marks(library: Library, world: Any) -> None:
    spoil(library, lambda tables: tables.get(CONTENTS).delete("digest IN ('d1', 'd2')"))


def lost_segments(library: Library, world: Any) -> None:
    table = segment_table("scene", world.scene)
    spoil(library, lambda tables: tables.get(table).delete("digest = 'd3'"))


def segments_without_mark(library: Library, world: Any) -> None:
    spoil(library, lambda tables: tables.get(MARKS).delete("digest = 'd3' AND space = 'scene'"))


def not_a_number(library: Library, world: Any) -> None:
    name = segment_table("scene", world.scene)
    good = segments_table("scene", SegmentRows(world.scene, [Segment("d3", "scene", 0)], world.vectors(1)))
    flat = pa.array(np.full(world.dim, np.inf, np.float16))
    bad = good.set_column(
        good.schema.get_field_index("vector"), "vector", pa.FixedSizeListArray.from_arrays(flat, world.dim)
    )

    def change(tables: Tables) -> None:
        tables.get(name).delete("digest = 'd3'")
        tables.get(name).add(bad)

    spoil(library, change)


def no_word_index(library: Library, world: Any) -> None:
    spoil(library, lambda tables: tables.get(FILES).drop_index(indexes.WORDS))


def no_marks_table(library: Library, world: Any) -> None:
    shutil.rmtree(library.folder / "marks.lance")


def no_text_table(library: Library, world: Any) -> None:
    shutil.rmtree(library.folder / f"{segment_table('text', world.text)}.lance")


def table_nobody_names(library: Library, world: Any) -> None:
    table = segment_table("scene", world.scene)
    shutil.copytree(library.folder / f"{table}.lance", library.folder / "seg_scene_00000000.lance")


def killed_in_a_batch(library: Library, world: Any) -> None:
    Tables(Database(library.folder)).get(CONTENTS).delete("digest = 'd1'")


def version_that_is_gone(library: Library, world: Any) -> None:
    manifest = read_manifest(library.folder)
    save_manifest(library.folder, replace(manifest, versions={**manifest.versions, "marks": 999}))


def strange_thumbnail(library: Library, world: Any) -> None:
    with library.writer() as writer:
        writer.write(Batch(thumbnails=[Thumbnail("unknown", Whole(), b"webp")]))


@pytest.mark.parametrize(
    ("damage", "kinds"),
    [
        (duplicate_content, {"duplicate"}),
        (orphan_marks, {"orphan", "thumbnail"}),
        (lost_segments, {"unfinished"}),
        (segments_without_mark, {"unfinished"}),
        (not_a_number, {"bad vector"}),
        (no_word_index, {"missing index"}),
        (no_marks_table, {"missing table"}),
        (no_text_table, {"missing table"}),
        (table_nobody_names, {"unnamed table"}),
        (killed_in_a_batch, {"unfinished batch"}),
        (version_that_is_gone, {"unfinished batch"}),
        (strange_thumbnail, {"thumbnail"}),
    ],
)
def test_damage_is_named_and_mended(
    filled: Library, world: Any, damage: Callable[[Library, Any], None], kinds: set[str]
) -> None:
    damage(filled, world)
    found = check(filled.folder)
    assert {problem.kind for problem in found} == kinds
    assert all(problem.safe_to_repair and problem.detail for problem in found)
    assert {problem.kind for problem in repair(filled.folder)} >= kinds
    assert check(filled.folder) == []
    world.fill(filled, world.batch(range(40)))
    assert filled.status().contents == 40
    assert len(filled.find_words("text", Words("page"), 50)) == 40
    assert check(filled.folder) == []


def test_long_unindexed_tail_is_a_problem(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexes, "MAX_WORDS_TAIL", 10)
    assert {problem.kind for problem in check(filled.folder)} == {"index behind"}
    repair(filled.folder)
    assert check(filled.folder) == []


def test_an_unreadable_table_is_reported_and_left(filled: Library) -> None:
    for data in (filled.folder / "contents.lance" / "data").iterdir():
        data.write_bytes(b"\x00" * 64)
    found = check(filled.folder)
    assert [(problem.kind, problem.safe_to_repair) for problem in found] == [("unreadable table", False)]
    assert "contents.lance" in found[0].detail
    assert repair(filled.folder) == []


def test_following_the_advice_for_an_unreadable_table_helps(filled: Library, world: Any) -> None:
    table = filled.folder / f"{segment_table('scene', world.scene)}.lance"
    for data in (table / "data").iterdir():
        data.write_bytes(b"")
    assert "delete" in check(filled.folder)[0].detail
    shutil.rmtree(table)
    assert {problem.kind for problem in repair(filled.folder)} == {"missing table", "unfinished"}
    assert filled.marks("scene", world.scene.key) == {}
    world.fill(filled, world.batch(range(40)))
    assert check(filled.folder) == []


def test_missing_busy_and_corrupt_libraries_say_so(filled: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError):
        check(tmp_path / "nowhere")
    with filled.writer():
        for look in (check, repair):
            with pytest.raises(LibraryBusyError):
                look(filled.folder)
    (filled.folder / "library.toml").write_text("???")
    with pytest.raises(LibraryCorruptError):
        check(filled.folder)
