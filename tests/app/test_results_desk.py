"""What the window's results and what one keeps ask of the program, with the real one."""

import json
import shutil
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

import resources
from app.bootstrap import IndexWishes, start_indexing
from app.client import receive
from app.config import Config
from app.service import PART, send
from app.window.backend import ServiceBackend
from search.errors import CrossfindError
from ui.backend import SearchRequest
from ui.results.backend import Clip, Written


@pytest.fixture
def backend(home: Path, sample_library: Path, tmp_path: Path) -> Iterator[ServiceBackend]:
    shutil.copytree(sample_library, tmp_path / "library")
    backend = ServiceBackend(Config(library=str(tmp_path / "library")))
    yield backend
    backend._client().close()


def test_many_hits_come_in_parts_and_are_put_together() -> None:
    here, there = Pipe()
    hits = [{"rank": n} for n in range(3 * PART + 7)]
    answers = [{"result": {"query": "x", "hits": hits}}, {"result": None}, {"error": {"message": "no"}}]
    for answer in answers:
        sending = threading.Thread(target=send, args=(there, answer))
        sending.start()
        received = receive(here)
        sending.join()
        received.pop("parts", None)
        assert received == answer
    here.close()
    there.close()


def test_hits_are_written_down_and_copied(backend: ServiceBackend, tmp_path: Path) -> None:
    hits = backend.search(SearchRequest("type:image", limit=2)).hits
    told = json.loads(backend.export(hits, "type:image", "json"))
    assert (told["query"], [hit["path"] for hit in told["hits"]]) == (
        "type:image",
        [h.file.path for h in hits],
    )
    assert backend.export(hits, "", "paths").decode().splitlines() == [hit.file.path for hit in hits]
    assert backend.export(hits, "", "m3u").startswith(b"#EXTM3U\n")
    assert backend.export(hits, "", "csv").count(b"\n") == 3
    target = tmp_path / "copies"
    assert backend.copy_originals(hits, target) == Written(2)
    assert backend.copy_originals(hits, target) == Written(0, 2)
    assert sorted(path.name for path in target.iterdir()) == sorted(hit.file.name for hit in hits)


def test_a_clip_goes_into_a_file_or_a_folder_and_over_nothing(
    backend: ServiceBackend, tmp_path: Path, media_dir: Path
) -> None:
    film = media_dir / "video" / "mix_a.mp4"
    clip = Clip(film, 0.0, 1.0)
    target = tmp_path / "clip.mp4"
    assert backend.cut([clip], target) == Written(1)
    assert target.stat().st_size > 1000
    with pytest.raises(CrossfindError, match="is there already"):
        backend.cut([clip], target)
    done = backend.cut([clip, Clip(tmp_path / "none.mp4", 0, 1)], tmp_path / "clips")
    assert (done.made, list(done.problems)) == (1, [str(tmp_path / "none.mp4")])


def test_clips_for_other_programs_are_the_program_s_own(
    backend: ServiceBackend, media_dir: Path, home: Path
) -> None:
    clip = Clip(media_dir / "video" / "mix_a.mp4", 1.0, 2.0)
    (made,) = backend.clips([clip])
    assert made.is_relative_to(home)
    assert backend.clips([clip]) == [made]
    with pytest.raises(CrossfindError):
        backend.clips([Clip(home / "none.mp4", 0, 1)])


def test_duplicates_come_as_hits_the_best_first(backend: ServiceBackend, tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    folder.mkdir()
    picture = next(resources.path("samples").rglob("*.jpg"))
    for name in ("one.jpg", "two.jpg"):
        shutil.copy(picture, folder / name)
    wishes = IndexWishes(folders=(folder,))
    for _ in start_indexing(backend._settings, wishes, threading.Event()).events:
        pass
    groups = backend.duplicates()
    same = next(group for group in groups if group.title == "Same bytes")
    assert {"one.jpg", "two.jpg"} <= {hit.file.name for hit in same.hits}
    assert same.spare_bytes >= picture.stat().st_size
    assert all(hit.thumbnail for hit in same.hits)
    assert backend.storyboard(same.hits[0].file.digest) is None
    assert backend.people_in([same.hits[0].file.digest]) == {}


def test_what_is_kept_can_be_renamed_removed_and_brought_back(backend: ServiceBackend) -> None:
    backend.save_search("papers", "type:pdf")
    with pytest.raises(CrossfindError, match="already"):
        backend.save_search("Papers", "x")
    backend.rename_search("papers", "My papers")
    (saved,) = backend.saved_searches(counted=True)
    assert (saved.name, saved.query, saved.new) == ("My papers", "type:pdf", 0)
    assert saved.found
    removed = backend.remove_search("my papers")
    assert backend.saved_searches(counted=False) == []
    backend.restore_kept(removed)
    (again,) = backend.saved_searches(counted=True)
    assert again == saved
    hits = backend.search(SearchRequest("type:image", limit=3)).hits
    assert backend.add_to_collection("Best", hits) == 3
    assert backend.add_to_collection("best", hits[:1]) == 0
    backend.rename_collection("Best", "Better")
    gone = backend.remove_collection("better")
    assert backend.collections() == []
    backend.restore_kept(gone)
    (collection,) = backend.collections()
    assert (collection.name, collection.count) == ("Better", 3)
    assert backend.take_out_of_collection("Better", [hits[0].file.digest]) == 1
    assert len(backend.search(SearchRequest('collection:"Better"')).hits) == 2
