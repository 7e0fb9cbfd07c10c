"""Listing files in order without reading what they hold."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def listed(shelf: Any) -> Any:
    first = shelf.photo("b.jpg", "cat", taken_at=datetime(2024, 1, 2))
    shelf.photo("C.jpg", "cat", taken_at=datetime(2024, 1, 3))
    shelf.photo("a/a.png", "cat", taken_at=datetime(2024, 1, 1))
    shelf.copy(first, "a/a.jpg")
    library = shelf.library()

    def names(*arguments: Any) -> list[str]:
        return [str(Path(path).relative_to(shelf.folder)) for path, _ in library.listed(*arguments)]

    return names


def test_newest_first(listed: Any) -> None:
    assert listed(None, "date") == ["C.jpg", str(Path("a/a.jpg")), "b.jpg", str(Path("a/a.png"))]


def test_alphabetically(listed: Any) -> None:
    assert listed(None, "name") == [str(Path("a/a.jpg")), str(Path("a/a.png")), "b.jpg", "C.jpg"]


def test_filtered_and_limited(listed: Any) -> None:
    assert listed("ext = 'jpg'", "name", 2) == [str(Path("a/a.jpg")), "b.jpg"]
    assert listed("FALSE", "date") == []
