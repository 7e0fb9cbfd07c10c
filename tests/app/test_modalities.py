"""What a library learns is chosen for it, and what it learned can be deleted."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import resources
from app import cli
from app.modalities import delete_learned
from indexers.base import load
from search.records import Content, Segment, TimeSpan
from search.spaces import Fingerprint
from search.store import Batch, Library, SegmentRows

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    for name in ("cat.jpg", "recipes.pdf"):
        shutil.copy(next(resources.path("samples").rglob(name)), made)
    return made


def counts(folder: Path) -> dict[str, int]:
    library = Library.open(folder)
    try:
        return {space.name: space.contents for space in library.status().spaces}
    finally:
        library.close()


def test_what_is_off_is_not_learned_until_it_is_on_again(
    crossfind: Any, folder: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    assert crossfind("modalities", "off", "documents", "-l", library)[0] == cli.DONE  # before anything else
    crossfind("index", folder, "-l", library)
    assert counts(library)["phash"] == 1
    assert "text" not in counts(library) or counts(library)["text"] == 0
    assert crossfind("modalities", "on", "documents", "-l", library)[0] == cli.DONE
    _, out, _ = crossfind("index", "-l", library)
    assert "1 indexed, 1 unchanged" in out
    assert counts(library)["text"] == 1


def test_who_asks_for_it_by_name_is_told_that_it_is_off(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    crossfind("modalities", "off", "documents", "-l", library)
    _, _, told = crossfind("index", folder, "--only", "documents", "-l", library)
    assert "documents is switched off for this library." in told


def test_what_was_learned_stays_until_it_is_deleted(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    crossfind("index", folder, "-l", library)
    crossfind("modalities", "off", "documents", "-l", library)
    assert counts(library)["text"] == 1
    (folder / "notes.txt").write_text("A note that stays.")
    crossfind("index", folder, "-l", library)
    assert counts(library)["text"] == 2
    _, out, _ = crossfind("modalities", "off", "documents", "--delete", "-l", library)
    assert "segments deleted (layout, links, look, meaning, phash, scene, text)." in out
    assert "What others learned stays (" in out
    assert (counts(library)["text"], counts(library)["phash"]) == (1, 1)
    _, out, _ = crossfind("search", "text:note", "-l", library, "--json", "--no-service")
    assert [Path(hit["path"]).name for hit in json.loads(out)["hits"]] == ["notes.txt"]
    crossfind("index", folder, "-l", library)
    assert (counts(library)["text"], counts(library)["phash"]) == (1, 1)
    crossfind("modalities", "on", "documents", "-l", library)
    crossfind("index", folder, "-l", library)
    assert (counts(library)["text"], counts(library)["phash"]) == (2, 2)
    texts = ("documents", "texts", "archives", "code")
    _, out, _ = crossfind("modalities", "off", *texts, "--delete", "-l", library)
    assert "text" not in counts(library)
    assert counts(library)["phash"] == 1


def test_one_modality_alone_reads_a_type_of_file_for_a_space() -> None:
    """By this what it learned can be told from what others did, see `delete_learned`."""
    read = [(space, kind) for one in load().indexers for space in one.spaces for kind in one.media_types]
    assert len(read) == len(set(read))


def test_what_was_made_of_deleted_words_goes_with_them(tmp_path: Path) -> None:
    words, vectors = Fingerprint("words", "1", "", 0), Fingerprint("meant", "1", "", 4)
    segments = {
        space: SegmentRows(
            vectors if space in ("spoken", "depicted") else words,
            [Segment("d", space, 0, TimeSpan(0, 1), "a secret")],
            np.ones((1, 4), np.float32) if space in ("spoken", "depicted") else None,
        )
        for space in ("speech", "spoken", "ocr", "depicted")
    }
    library = Library.create(tmp_path / "library")
    with library.writer() as writer:
        for space, rows in segments.items():
            writer.open_space(space, rows.fingerprint)
        writer.write(Batch(contents=[Content("d", "video/mp4", 1)], segments=segments))
    library.close()
    assert delete_learned(tmp_path / "library", ["speech"]) == 2
    assert counts(tmp_path / "library").keys() == {"ocr", "depicted"}


def test_the_list_and_its_json(crossfind: Any, tmp_path: Path) -> None:
    library = tmp_path / "library"
    crossfind("modalities", "off", "speech", "-l", library)
    _, out, _ = crossfind("modalities", "-l", library)
    assert [line.split()[:2] for line in out.splitlines() if "speech" in line.split()[1]] == [
        ["off", "speech"]
    ]
    _, out, _ = crossfind("modalities", "--json", "-l", library)
    assert {one["name"]: one["on"] for one in json.loads(out)}["speech"] is False


def test_a_name_that_is_none(crossfind: Any, tmp_path: Path) -> None:
    code, _, told = crossfind("modalities", "off", "nonsense", "-l", tmp_path / "library")
    assert code == cli.INCOMPLETE
    assert "There is no modality called nonsense. There are pictures, documents" in told
    assert not (tmp_path / "library").exists()


def test_a_run_can_keep_to_some_and_knows_their_names(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    code, _, told = crossfind("index", folder, "--only", "documents,picture", "-l", library)
    assert code == cli.INCOMPLETE
    assert "called picture. Did you mean pictures?" in told
    assert not library.exists()
    _, out, _ = crossfind("index", folder, "--only", "documents, image", "-l", library)
    assert "2 indexed" in out


def test_what_files_say_is_learned_of_what_others_read_or_by_itself_where_nothing_else_is() -> None:
    everything = load()
    others = {one.name for one in everything.indexers} - {"metadata"}
    photos_left_out = everything.without({"pictures", "ocr", "faces", "objects"})
    assert photos_left_out.of_type("image/jpeg") == ()
    alone = everything.without(others)
    assert [one.name for one in alone.of_type("image/jpeg")] == ["metadata"]
    assert [one.name for one in alone.of_type("audio/mpeg")] == ["metadata"]
    assert everything.without(others | {"metadata"}).of_type("image/jpeg") == ()
