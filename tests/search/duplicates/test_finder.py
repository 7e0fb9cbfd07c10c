"""Groups of duplicates in a small library."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from search.duplicates import Agreement, Group, find
from search.records import Whole
from search.store.thumbs import thumbnail_path

NOON = datetime(2024, 5, 1, 12)


def agree(first: Path, second: Path) -> Agreement | None:
    """Pictures agree when their thumbnails hold the same text; `name+` is the same with more around it."""
    one, other = first.read_text(), second.read_text()
    if one == other:
        return Agreement(0.1, 1.0, 1.0, 1.0, 1.0)
    alike = one.strip("+") == other.strip("+")
    return Agreement(5.0, 0.5, 0.95 if alike else 0.0, 1.0, 0.5)


class Album:
    """Photos with a thumbnail each, in a library."""

    def __init__(self, shelf: Any, draw: Any) -> None:
        self.shelf, self._draw = shelf, draw
        self._shown: dict[str, str] = {}

    def photo(self, path: str, shows: str, side: int = 100, **facts: Any) -> str:
        picture: Image.Image = self._draw(sum(map(ord, shows.strip("+"))))
        digest: str = self.shelf.photo(path, picture=picture, width=side, height=side, **facts)
        self._shown[digest] = shows
        return digest

    def find(self, *kinds: Any, **options: Any) -> list[Group]:
        library = self.shelf.library()
        for digest, shows in self._shown.items():
            path = thumbnail_path(library.folder, digest, Whole())
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(shows)
        return find(library, agree, *((list(kinds),) if kinds else ()), **options)


@pytest.fixture
def album(shelf: Any, draw: Any) -> Album:
    return Album(shelf, draw)


def told(groups: list[Group]) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(group.kind, [(m.file.name, m.why) for m in group.members]) for group in groups]


def test_each_kind_has_its_groups_the_largest_first(album: Album) -> None:
    first = album.photo("b/small.jpg", "cat", 50, mtime=NOON)
    album.photo("a/large.jpg", "cat", 200, mtime=NOON + timedelta(days=1))
    album.photo("dog.jpg", "dog")
    album.photo("dog, more.jpg", "dog+", 120)
    alone = album.photo("bird.jpg", "bird")
    album.shelf.copy(alone, "z/bird again.jpg")
    album.shelf.copy(first, "z/small again.jpg")
    groups = album.find()
    assert told(groups) == [
        ("same", [("bird.jpg", ""), ("bird again.jpg", "same bytes")]),
        (
            "copy",
            [("large.jpg", ""), ("small.jpg", "smaller: 50 × 50"), ("small again.jpg", "smaller: 50 × 50")],
        ),
        ("near", [("dog, more.jpg", ""), ("dog.jpg", "shows more around it")]),
    ]
    copies = groups[1].members
    assert [m.is_largest for m in copies] == [True, False, False]
    assert [m.is_oldest for m in copies] == [False, True, False]
    assert groups[1].spare_bytes == 20


def test_only_what_is_asked_for_is_told(album: Album) -> None:
    album.photo("a.jpg", "cat")
    second = album.photo("b.jpg", "cat", 50)
    album.shelf.copy(second, "c/b again.jpg")
    assert told(album.find("same")) == [("same", [("b.jpg", ""), ("b again.jpg", "same bytes")])]
    assert [kind for kind, _ in told(album.find("near", "film"))] == []


def test_a_folder_limits_what_is_compared(album: Album) -> None:
    album.photo("in/a.jpg", "cat")
    album.photo("out/b.jpg", "cat", 50)
    assert album.find(folder="in") == []


def test_a_burst_is_a_chain_and_copies_stand_for_each_other(album: Album) -> None:
    for second in range(3):
        album.photo(f"burst {second}.jpg", "cat", 100, taken_at=NOON + timedelta(seconds=2 * second))
    album.photo("burst 0, small.jpg", "cat", 50, taken_at=NOON)
    groups = dict(told(album.find()))
    assert groups["copy"] == [("burst 0.jpg", ""), ("burst 0, small.jpg", "smaller: 50 × 50")]
    assert [name for name, _ in groups["near"]] == ["burst 0.jpg", "burst 1.jpg", "burst 2.jpg"]
    assert groups["near"][1][1] == "taken 2 s after"


def test_numbers_that_are_read_on_them_tell_pages_apart(album: Album) -> None:
    from search.records import Segment
    from search.spaces import Fingerprint

    album.shelf.spaces["ocr"] = Fingerprint("words", "1", "", 0)
    for n, text in enumerate(("Page 1 of 9", "Page 2 of 9")):
        digest = album.photo(f"scan {n}.jpg", "page")
        album.shelf.rows.setdefault("ocr", []).append((Segment(digest, "ocr", 0, Whole(), text), None))
    assert told(album.find()) == [("near", [("scan 0.jpg", ""), ("scan 1.jpg", "other numbers on it")])]


def test_nothing_twice_is_nothing(album: Album) -> None:
    album.photo("a.jpg", "cat")
    album.photo("b.jpg", "dog")
    assert album.find() == []
