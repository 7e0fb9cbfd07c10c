"""Saved searches, collections and duplicates from the command line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

import resources


@pytest.fixture
def folder(tmp_path: Path, crossfind: Any) -> Path:
    folder = tmp_path / "files"
    shutil.copytree(resources.path("samples"), folder)
    crossfind("index", folder, "--exclude", "*.md")
    return folder


def run(crossfind: Any, *arguments: object) -> Any:
    code, out, err = crossfind(*arguments)
    assert code in (0, None, 1), err
    return json.loads(out)


def test_a_saved_search_tells_what_is_new(crossfind: Any, folder: Path) -> None:
    told = run(crossfind, "saved", "add", "coffee", "name:coffee", "--json", "--no-service")
    before = told["hits"]
    assert before >= 1
    (listed,) = run(crossfind, "saved", "list", "--json", "--no-service")
    assert (listed["name"], listed["hits"], listed["new"]) == ("coffee", before, 0)
    source = next(folder.rglob("coffee*"))
    (folder / f"new coffee{source.suffix}").write_bytes(source.read_bytes() + b"\0")
    crossfind("index", folder, "--exclude", "*.md")
    (listed,) = run(crossfind, "saved", "list", "--json", "--no-service")
    assert (listed["hits"], listed["new"]) == (before + 1, 1)
    new = run(crossfind, "saved", "run", "coffee", "--new", "--json", "--no-service")
    assert [Path(hit["path"]).stem for hit in new["hits"]] == ["new coffee"]
    assert crossfind("saved", "run", "coffee", "--new", "--no-service")[:2] == (1, "Nothing new.\n")
    assert crossfind("saved", "remove", "coffee")[0] in (0, None)
    code, _, err = crossfind("saved", "run", "coffee", "--no-service")
    assert (code, "There is no saved search called coffee." in err) == (1, True)


def test_a_broken_query_is_pointed_at_and_not_saved(crossfind: Any, folder: Path) -> None:
    code, _, err = crossfind("saved", "add", "broken", "name:coffee", "(boat", "--no-service")
    assert code == 2
    assert "  name:coffee (boat\n              ^" in err
    code, _, err = crossfind("collection", "add", "x", "--found", "(boat", "--no-service")
    assert (code, "  (boat\n  ^" in err) == (2, True)
    assert "No search is saved" in crossfind("saved", "list")[1]


def test_a_collection_survives_moving(crossfind: Any, folder: Path) -> None:
    pictures = sorted(folder.rglob("*.jpg"))
    added = run(crossfind, "collection", "add", "Best of", *pictures[:2], "--json")
    assert added == {"name": "Best of", "added": 2}
    pictures[0].rename(folder / "elsewhere.jpg")
    crossfind("index", folder, "--exclude", "*.md")
    code, out, _ = crossfind("collection", "show", "best of", "--format", "paths")
    assert (code, out.splitlines()) == (0, [str(folder / "elsewhere.jpg"), str(pictures[1])])
    hits = run(crossfind, "search", 'collection:"Best of"', "--json", "--no-service")["hits"]
    assert {hit["path"] for hit in hits} == set(out.splitlines())
    _, out, _ = crossfind("collection", "remove", "Best of", pictures[1])
    assert out == "1 taken out of Best of.\n"
    assert run(crossfind, "collection", "list", "--json")[0]["count"] == 1
    crossfind("forget", folder / "elsewhere.jpg")
    code, out, err = crossfind("collection", "show", "Best of")
    assert (code, out) == (1, "Nothing is in it.\n")
    assert f"no longer in the library: {pictures[0]}" in err


def test_a_file_that_is_not_in_the_library_is_refused(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    code, _, err = crossfind("collection", "add", "x", tmp_path / "none.jpg")
    assert (code, "is not in the library" in err) == (1, True)
    assert run(crossfind, "collection", "list", "--json") == []


def test_duplicates_in_every_form(crossfind: Any, folder: Path) -> None:
    from PIL import Image

    source = max(folder.rglob("*.jpg"), key=lambda path: path.stat().st_size)
    (folder / "same.jpg").write_bytes(source.read_bytes())
    with Image.open(source) as image:
        image.convert("RGB").resize((image.width // 2, image.height // 2)).save(
            folder / "half.jpg", quality=70
        )
    crossfind("index", folder, "--exclude", "*.md")
    groups = run(crossfind, "duplicates", "--json")["groups"]
    (group,) = [one for one in groups if any(Path(f["path"]).name == "half.jpg" for f in one["files"])]
    assert group["kind"] == "copy"
    why = {Path(one["path"]).name: one["why"] for one in group["files"]}
    assert why["half.jpg"].startswith("smaller: ")
    assert {why[source.name], why["same.jpg"]} == {"", "same bytes"}
    _, out, _ = crossfind("duplicates", "--kind", "copy", "--format", "paths", "--omit-first")
    assert str(folder / "half.jpg") in out.splitlines()
    assert len(out.splitlines()) == sum(len(one["files"]) - 1 for one in groups if one["kind"] == "copy")
    assert crossfind("duplicates", "--format", "csv")[1].startswith("group,kind,path,why")
    assert "half.jpg" in crossfind("duplicates")[1]
    assert "There is no kind twin." in crossfind("duplicates", "--kind", "twin")[2]


def test_clips_are_cut_around_hits_and_out_of_files(crossfind: Any, folder: Path, tmp_path: Path) -> None:
    import av
    import numpy as np

    sound = tmp_path / "tone.wav"
    with av.open(str(sound), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=16_000)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 160_000), np.int16), layout="mono")
        frame.sample_rate = 16_000
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    told = run(crossfind, "cut", sound, "0:02..4.5", "--out", tmp_path / "clip.wav", "--json")
    assert (told["start_s"], told["end_s"]) == (pytest.approx(2, abs=0.3), pytest.approx(4.5, abs=0.3))
    assert "is there already" in crossfind("cut", sound, "2..4", "--out", tmp_path / "clip.wav")[2]
    code, _, err = crossfind("cut", "type:image", "--out", tmp_path / "clips", "--no-service")
    assert (code, "No hit has a time." in err) == (1, True)
