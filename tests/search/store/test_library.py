"""Opening, reading, moving, forgetting: what a library promises."""

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from search.errors import LibraryCorruptError, LibraryMissingError, LibraryNewerError
from search.records import Content, File, Page, Region, Segment, TimeSpan, Whole
from search.spaces import Fingerprint
from search.store import Batch, KnownFile, Library, Mark, Root, SegmentRows, Thumbnail, Words, indexes
from search.store.manifest import SCHEMA_VERSION, read_manifest, save_manifest
from search.store.schema import FILES
from search.store.tables import Database, Tables


def test_no_library_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError, match="crossfind index"):
        Library.open(tmp_path / "nowhere")


def test_create_opens_what_is_there(filled: Library) -> None:
    again = Library.create(filled.folder)
    assert again.status().contents == 40
    again.close()


def test_newer_library_is_left_alone(filled: Library) -> None:
    path = filled.folder / "library.toml"
    path.write_text(path.read_text().replace(f"schema = {SCHEMA_VERSION}", f"schema = {SCHEMA_VERSION + 1}"))
    with pytest.raises(LibraryNewerError, match="Update Crossfind"):
        Library.open(filled.folder)


@pytest.mark.parametrize(
    "text", ["schema = ", "schema = 1", "\x00", "schema = 'x'\nspaces = 3", "[[spaces]]"]
)
def test_corrupt_manifest_names_doctor(filled: Library, text: str) -> None:
    (filled.folder / "library.toml").write_text(text)
    with pytest.raises(LibraryCorruptError, match="crossfind doctor"):
        Library.open(filled.folder)


def test_corrupt_table_names_doctor(filled: Library) -> None:
    for data in (filled.folder / "contents.lance" / "data").iterdir():
        data.write_bytes(b"\x00" * data.stat().st_size)
    reader = Library.open(filled.folder)
    with pytest.raises(LibraryCorruptError, match="crossfind doctor"):
        reader.contents(["d1"])


def test_everything_written_is_read_back(library: Library, world: Any) -> None:
    content = Content(
        "abc",
        "application/pdf",
        12,
        3,
        4,
        5,
        6.5,
        datetime(2024, 5, 1, 12, 30),
        51.5,
        -0.12,
        "Nikon D3",
        "T",
        "w",
    )
    file = File("/r/Ünï 'q'/a\nb 😀.PDF", "abc", 12, 17 * 10**17 + 1, "/r", False)
    places = [
        Whole(),
        Page(2),
        TimeSpan(0.25, 1.5),
        Region(Page(3), (0.1, 0.2, 0.3, 0.4)),
        Region(Whole(), (0, 0, 1, 1)),
    ]
    segments = [Segment("abc", "scene", n, place, f"t{n}", "abc:scene:0") for n, place in enumerate(places)]
    vectors = world.vectors(len(segments))
    marks = [
        Mark("abc", "scene", world.scene.key, segments=5),
        Mark("abc", "text", world.text.key, "failed", "why"),
    ]
    with library.writer() as writer:
        writer.add_root(Root("/r", ("*.tmp", "it's")))
        writer.open_space("scene", world.scene)
        writer.open_space("text", world.text)
        told = [replace(segments[0], quality=0.75, landmarks=((0.25, 0.5), (0.375, 1.0))), *segments[1:]]
        writer.write(Batch([content], [file], {"scene": SegmentRows(world.scene, told, vectors)}, marks))
    assert library.contents(["abc", "unknown"]) == {"abc": content}
    assert library.files_of(["abc"]) == {"abc": [file]}
    assert library.segments("scene", "abc") == segments
    assert library.segments("scene", "abc", looks=True) == told
    assert np.allclose(library.vectors("scene", [segments[3].id, segments[0].id]), vectors[[3, 0]], atol=1e-3)
    assert library.roots == (Root("/r", ("*.tmp", "it's")),)
    assert library.spaces() == {"scene": world.scene, "text": world.text}
    assert library.known_files("/r") == {file.path: KnownFile(12, file.mtime_ns, "abc", False)}
    assert library.marks("scene", world.scene.key) == {"abc": marks[0]}
    assert library.marks("text", world.text.key) == {"abc": marks[1]}
    status = library.status()
    assert (status.files, status.contents, status.offline, dict(status.kinds)) == (1, 1, 1, {"pdf": 1})
    assert [(failure.path, failure.space, failure.reason) for failure in status.failures] == [
        (file.path, "text", "why")
    ]
    assert status.disk_bytes > 0


@pytest.mark.skipif(os.name == "nt", reason="Windows names are Unicode")
def test_names_that_are_no_utf8_survive(library: Library, world: Any) -> None:
    path = os.fsdecode(b"/r/caf\xe9 \xff.jpg")
    content = Content("x", "image/jpeg", 1)
    with library.writer() as writer:
        writer.write(Batch([content], [File(path, "x", 1, 1, "/r")]))
    assert list(library.known_files("/r")) == [path]
    assert library.files_of(["x"])["x"][0].path == path
    assert library.matching("kind = 'image'").paths == {path}
    with library.writer() as writer:
        writer.remove_files([path])
    assert library.known_files("/r") == {}


def test_unknown_things_find_nothing(filled: Library, world: Any) -> None:
    assert filled.nearest("sound", world.vectors(1)[0], 5) == []
    assert filled.segments("sound", "d1") == []
    assert filled.contents([]) == {}
    assert filled.known_files("/nowhere") == {}
    assert filled.sample("sound", 5).shape[0] == 0
    assert filled.thumbnail("nothing", Whole()) is None
    assert filled.find_words("text", Words("topic1"), 5, digests=()) == []
    with pytest.raises(KeyError):
        filled.vectors("scene", ["nothing:scene:0"])


def test_upserting_a_digest_twice_leaves_one_row(filled: Library, world: Any) -> None:
    """LanceDB's `merge_insert` can silently update nothing on an indexed key, so it is not used."""
    world.fill(filled, world.batch([3, 4]), world.batch([3, 4]))
    assert filled.status().contents == 40
    assert filled.status().files == 40
    assert [space.segments for space in filled.status().spaces] == [40, 40]
    assert len(filled.marks("scene", world.scene.key)) == 40


def test_lookup_indexes_change_nothing(tmp_path: Path, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are found, replaced and deleted the same with and without an index on digest and path."""
    dumps = []
    for rows in (1, 1_000_000):
        monkeypatch.setattr(indexes, "LOOKUP_FROM", rows)
        library = Library.create(tmp_path / str(rows))
        world.fill(library, world.batch(range(40)))
        with library.writer() as writer:
            writer.optimize()
            writer.write(world.batch(range(30, 50)))
            writer.remove_files([f"{world.root}/trip/IMG_{n}.jpg" for n in (3, 44)])
            writer.forget(f"{world.root}/trip/IMG_41.jpg")
            writer.optimize()
            writer.prune()
        named = indexes.existing_indexes(Tables(Database(library.folder)).get(FILES))
        assert ({"digest_lookup", "path_lookup"} <= named) is (rows == 1)
        assert set(library.contents(["d3", "d4", "d44", "d49"])) == {"d4", "d49"}
        dumps.append(world.dump(library.folder))
        library.close()
    assert dumps[0] == dumps[1]


def test_a_move_changes_one_row_and_no_vector(filled: Library, world: Any) -> None:
    before = filled.vectors("scene", ["d7:scene:0"])
    old = f"{world.root}/trip/IMG_7.jpg"
    moved = File(f"{world.root}/new/IMG_7.jpg", "d7", 100, 5, world.root)
    with filled.writer() as writer:
        writer.write(Batch(files=[moved]))
        writer.remove_files([old])
    assert filled.files_of(["d7"]) == {"d7": [moved]}
    assert np.array_equal(filled.vectors("scene", ["d7:scene:0"]), before)
    assert filled.matching("folder LIKE '%/new/'").digests == {"d7"}
    assert filled.status().contents == 40


def test_two_paths_share_a_content(filled: Library, world: Any) -> None:
    copy = File(f"{world.root}/copy.jpg", "d7", 100, 5, world.root, present=False)
    with filled.writer() as writer:
        writer.write(Batch(files=[copy]))
    assert [file.present for file in filled.files_of(["d7"])["d7"]] == [True, False]
    with filled.writer() as writer:
        assert writer.forget(copy.path) == 1
    assert set(filled.contents(["d7"])) == {"d7"}


def test_new_facts_reach_every_copy(filled: Library, world: Any) -> None:
    copy = File(f"{world.root}/copy.jpg", "d7", 100, 5, world.root)
    with filled.writer() as writer:
        writer.write(Batch(files=[copy]))
        writer.write(Batch(contents=[Content("d7", "image/jpeg", 100, camera="Leica")]))
    assert len(filled.matching("camera = 'leica'").paths) == 2


def test_a_file_needs_its_content(filled: Library, world: Any) -> None:
    before = world.dump(filled.folder)
    with filled.writer() as writer, pytest.raises(ValueError, match="no content"):
        writer.write(Batch(files=[File("/r/x.jpg", "never seen", 1, 1, "/r")]))
    assert world.dump(filled.folder) == before


def test_an_offline_root_keeps_its_files(filled: Library, world: Any) -> None:
    with filled.writer() as writer:
        writer.set_present(world.root, False)
    assert filled.status().offline == 40
    assert filled.nearest("scene", world.vectors(1000)[3], 1)[0].segment.digest == "d3"
    with filled.writer() as writer:
        writer.set_present(world.root, True)
    assert filled.status().offline == 0


def test_removed_files_leave_what_was_learned_until_prune(filled: Library, world: Any) -> None:
    with filled.writer() as writer:
        writer.remove_files([f"{world.root}/trip/IMG_{n}.jpg" for n in range(10)])
        assert set(filled.contents(["d1"])) == {"d1"}
        report = writer.prune()
    assert (report.contents, report.segments, report.thumbnails) == (10, 20, 10)
    assert filled.contents(["d1"]) == {}
    assert len(filled.marks("scene", world.scene.key)) == 30
    assert filled.thumbnail("d1", Whole()) is None
    assert filled.thumbnail("d11", Whole()) is not None


def test_forget_takes_a_folder_and_its_root(filled: Library, world: Any) -> None:
    beside = File(f"{world.root}/trips.jpg", "d1", 100, 5, world.root)
    with filled.writer() as writer:
        writer.write(Batch(files=[beside]))
        assert writer.forget(f"{world.root}/trip") == 40
    assert list(filled.known_files(world.root)) == [beside.path]
    assert set(filled.contents([f"d{n}" for n in range(40)])) == {"d1"}
    assert filled.roots == (Root(world.root),)
    with filled.writer() as writer:
        assert writer.forget(world.root) == 1
        assert writer.forget("/it's/not/there") == 0
    assert filled.roots == ()
    assert [space.segments for space in filled.status().spaces] == [0, 0]
    assert list(filled.folder.glob("thumbs/*/*.webp")) == []


def test_thumbnails_of_pages_and_regions(filled: Library, world: Any) -> None:
    page = Thumbnail("d1", Page(3), b"page 3")
    with filled.writer() as writer:
        writer.write(Batch(thumbnails=[page]))

    def shown(place: Any) -> bytes:
        path = filled.thumbnail("d1", place)
        assert path is not None
        return path.read_bytes()

    assert shown(Page(3)) == shown(Region(Page(3), (0, 0, 1, 1))) == b"page 3"
    assert shown(Page(4)) == shown(Whole()) == b"webp d1"
    with filled.writer() as writer:
        writer.write(Batch(thumbnails=[Thumbnail("document", Page(1), b"page 1")]))
    first = filled.thumbnail("document", Whole())
    assert first is not None
    assert first.read_bytes() == b"page 1"


def test_segments_may_come_in_several_batches(library: Library, world: Any) -> None:
    world.fill(library)
    content = Content("pdf", "application/pdf", 9)
    vectors = world.vectors(6)
    segments = [Segment("pdf", "scene", n, Page(n + 1)) for n in range(6)]
    for _ in range(2):
        with library.writer() as writer:
            for start in (0, 2, 4):
                some = SegmentRows(world.scene, segments[start : start + 2], vectors[start : start + 2])
                done = [Mark("pdf", "scene", world.scene.key, segments=6)] if start == 4 else []
                writer.write(Batch([content], [], {"scene": some}, done))
        assert library.segments("scene", "pdf") == segments
    with library.writer() as writer:
        writer.write(Batch(marks=[Mark("pdf", "scene", world.scene.key, "skipped", "too long")]))
    assert library.segments("scene", "pdf") == []


def test_a_changed_model_serves_only_when_complete(filled: Library, world: Any) -> None:
    better = Fingerprint("model-b", "1", "384", 8)
    digests = [f"d{n}" for n in range(40)]
    rows = world.batch(range(40), scene=better).segments["scene"]
    query = world.vectors(1000, dim=8)[3]
    with filled.writer() as writer:
        writer.open_space("scene", better)
        assert filled.next_spaces() == {"scene": better}
        assert writer.promote_complete_spaces() == []
        marks = [Mark(digest, "scene", better.key, segments=1) for digest in digests]
        writer.write(Batch(segments={"scene": rows}, marks=marks[:-1]))
        assert filled.spaces()["scene"] == world.scene
        assert filled.nearest("scene", world.vectors(1000)[3], 1)[0].segment.digest == "d3"
        assert filled.status().spaces[0].pending == 1
        writer.write(Batch(marks=[marks[-1]._replace(outcome="failed", reason="broken", segments=0)]))
        assert writer.promote_complete_spaces() == ["scene"]
    assert filled.spaces()["scene"] == better
    assert filled.nearest("scene", query, 1)[0].segment.digest == "d3"
    assert filled.marks("scene", world.scene.key) == {}
    assert len(filled.marks("text", world.text.key)) == 40
    assert len(list(filled.folder.glob("seg_scene_*"))) == 1


def test_going_back_to_the_serving_model_drops_the_next(filled: Library, world: Any) -> None:
    before = world.dump(filled.folder)
    with filled.writer() as writer:
        writer.open_space("scene", Fingerprint("model-b", "1", "384", 8))
        writer.open_space("scene", world.scene)
    assert world.dump(filled.folder) == before
    assert len(list(filled.folder.glob("seg_scene_*"))) == 1


@pytest.mark.parametrize(
    ("shape", "value"), [((1, 16), 1.0), ((2, 15), 1.0), ((2, 16), np.nan), ((2, 16), np.inf)]
)
def test_vectors_that_do_not_fit_are_refused(
    filled: Library, world: Any, shape: tuple[int, int], value: float
) -> None:
    before = world.dump(filled.folder)
    rows = SegmentRows(
        world.scene, world.batch([1, 2]).segments["scene"].segments, np.full(shape, value, np.float32)
    )
    with filled.writer() as writer, pytest.raises(ValueError, match="vectors"):
        writer.write(Batch(segments={"scene": rows}))
    assert world.dump(filled.folder) == before


def test_closed_spaces_and_odd_names_are_refused(filled: Library, world: Any) -> None:
    other = Fingerprint("other", "1", "", world.dim)
    with filled.writer() as writer:
        with pytest.raises(ValueError, match="not open"):
            writer.write(Batch(segments={"scene": SegmentRows(other, [], None)}))
        with pytest.raises(ValueError, match="not open"):
            writer.write(Batch(marks=[Mark("d1", "scene", other.key)]))
        with pytest.raises(ValueError, match="cannot be called"):
            writer.open_space("../x", other)


def test_100_000_files_are_known(library: Library) -> None:
    count = 100_000
    rows = pa.table(
        {
            "path": [f"/r/{n % 100}/é{n}.jpg" for n in range(count)],
            "digest": [f"{n:064x}" for n in range(count)],
            "size": list(range(count)),
            "mtime_ns": list(range(count)),
            "root": ["/r"] * count,
            "present": [True] * count,
        }
    )
    tables = Tables(Database(library.folder))
    tables.get(FILES).add(rows)
    save_manifest(library.folder, read_manifest(library.folder).committed(tables))
    known = library.known_files("/r")
    assert len(known) == count
    assert known["/r/99/é99.jpg"].size == 99


def test_a_dropped_space_leaves_nothing_and_takes_nothing_else(filled: Library, world: Any) -> None:
    before = world.dump(filled.folder)
    table = next(filled.folder.glob("seg_scene_*.lance"))
    with filled.writer() as writer:
        assert writer.drop_space("scene") == 40
        assert writer.drop_space("scene") == writer.drop_space("never") == 0
    assert not table.exists()
    assert filled.spaces() == {"text": world.text}
    assert filled.segments("scene", "d3") == []
    assert filled.marks("scene", world.scene.key) == {}
    after = world.dump(filled.folder)
    name = next(name for name in before["rows"] if name.startswith("seg_text"))
    assert after["rows"][name] == before["rows"][name]
    assert len(filled.marks("text", world.text.key)) == 40
    with filled.writer() as writer:
        writer.open_space("scene", world.scene)
        writer.write(world.batch(range(3)))
    assert len(filled.segments("scene", "d2")) == 1


def test_many_roots_are_remembered_in_one_step(library: Library) -> None:
    before = read_manifest(library.folder).generation
    with library.writer() as writer:
        writer.add_root(*(Root(f"/p/{n}.jpg") for n in range(3)))
        writer.add_root(Root("/p/1.jpg", ("*.tmp",)))
    assert library.roots == (Root("/p/0.jpg"), Root("/p/2.jpg"), Root("/p/1.jpg", ("*.tmp",)))
    assert read_manifest(library.folder).generation == before + 2
