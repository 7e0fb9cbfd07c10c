from itertools import count
from pathlib import Path

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from search.spaces import Fingerprint
from search.store import Batch, KnownFile, LastSeen, Library, Mark, Marked
from search.store.known import marked_in
from search.store.schema import FILES_SCHEMA, MARKS_SCHEMA
from search.store.text import path_to_text

ROW = st.fixed_dictionaries(
    {
        "path": st.text("ab/é\udc80\U0001f600", min_size=1, max_size=6).map(lambda path: f"/{path}"),
        "size": st.integers(0, 3),
        "mtime_ns": st.integers(-1, 2**62),
        "digest": st.sampled_from("xyz"),
        "present": st.booleans(),
        "beside": st.sampled_from((None, "state")),
        "ext": st.sampled_from(("jpg", "pdf", "")),
        "root": st.sampled_from(("/", "/é")),
    }
)
ROWS = st.lists(ROW, max_size=12, unique_by=lambda row: row["path"])
DONE = st.fixed_dictionaries({space: st.sets(st.sampled_from("xyz")) for space in ("one", "two")})
NEEDED = {"jpg": ("one", "two"), "pdf": ("two",), "": ()}


def last_seen(rows: list[dict[str, object]]) -> LastSeen:
    columns = {name: [row[name] for row in rows] for name in LastSeen.COLUMNS}
    columns["path"] = [path_to_text(path) for path in columns["path"]]
    return LastSeen(
        pa.table(columns, schema=pa.schema([FILES_SCHEMA.field(name) for name in LastSeen.COLUMNS]))
    )


def marks(done: set[str]) -> Marked:
    rows = [Mark(digest, "s", "k")._asdict() for digest in sorted(done)]
    failed = [Mark("y", "s", "k", "failed", "It is broken.")._asdict()] if "y" not in done else []
    return Marked(pa.Table.from_pylist(rows + failed, schema=MARKS_SCHEMA))


@given(ROWS, DONE)
def test_judged_is_what_a_look_at_every_file_tells(rows, done):
    marked = {space: marks(digests) for space, digests in done.items()}
    judged = last_seen(rows).judged(lambda ending: [marked[space] for space in NEEDED[ending]])
    settled, troubled, rest = judged.parted()
    asked = {space for row in rows for space in NEEDED[row["ext"]]}
    ill = {"y"} if any("y" not in done[space] for space in asked) else set()
    expected = {"done": set(), "failed": set(), "rest": set()}
    for row in rows:
        complete = all(row["digest"] in done[space] | {"y"} for space in NEEDED[row["ext"]])
        outcome = "rest" if not complete else "failed" if row["digest"] in ill else "done"
        expected[outcome].add((row["path"], row["size"], row["mtime_ns"], row["beside"]))
    assert settled == expected["done"]
    assert troubled == dict.fromkeys(expected["failed"], ("failed", "It is broken."))
    assert rest.files().keys() == {seen[0] for seen in expected["rest"]}


@given(ROWS, st.sampled_from(("/", "/é", "/nowhere")))
def test_of_a_root(rows, root):
    assert set(last_seen(rows).of_root(root).paths()) == {row["path"] for row in rows if row["root"] == root}


@given(ROWS)
def test_files_and_their_presence(rows):
    seen = last_seen(rows)
    facts = {row["path"]: KnownFile(*(row[name] for name in KnownFile._fields)) for row in rows}
    assert seen.files() == facts
    assert sorted(seen.paths()) == sorted(facts)
    assert seen.are_present is all(row["present"] for row in rows)
    assert len(seen) == len(rows)


@given(ROWS, st.sampled_from(("/", "/a", "/a/", "/a/b", "/é")))
def test_below_a_folder(rows, folder):
    inside = folder if folder.endswith("/") else f"{folder}/"
    wanted = {row["path"] for row in rows if row["path"] == folder or row["path"].startswith(inside)}
    assert set(last_seen(rows).below(folder, "/").paths()) == wanted


def test_marks_are_parted_by_space_and_fingerprint():
    number = count()
    rows = [
        Mark(f"{next(number)}", space, key, outcome, None, segments)
        for space in ("a", "b")
        for key in ("1", "2")
        for outcome, segments in (("done", 3), ("failed", 0))
    ]
    table = pa.Table.from_pylist([row._asdict() for row in rows], schema=MARKS_SCHEMA)
    marked = marked_in(table, {"a": "2", "c": "1"})
    assert marked["a"].segments == {"2": 3, "3": 0}
    assert marked["a"].digests.to_pylist() == ["2", "3"]
    assert marked["a"].others == [rows[3]]
    assert marked["a"].without(["2"]).segments == {"3": 0}
    assert marked["c"].segments == {}


def test_marks_of_a_library(tmp_path: Path):
    fingerprint = Fingerprint("m", "1", "", 2)
    library = Library.create(tmp_path)
    with library.writer() as writer:
        writer.open_space("s", fingerprint)
        writer.write(Batch(marks=[Mark("d", "s", fingerprint.key, "skipped", "Too large.")]))
    assert library.marked({"s": fingerprint})["s"].others == [
        Mark("d", "s", fingerprint.key, "skipped", "Too large.")
    ]
    assert not len(library.last_seen("/nowhere"))
