"""Folders of many distinct files for the benchmarks, made from a few real photos."""

from collections.abc import Sequence
from pathlib import Path


def photos_of(media: Path) -> list[Path]:
    """The photos to copy from."""
    found = sorted((media / "photos").glob("*.jpg"))
    if not found:
        raise SystemExit("Point CROSSFIND_TEST_MEDIA to a folder with photos/*.jpg.")
    return found


def copies(photos: Sequence[Path], folder: Path, count: int) -> Path:
    """Fill `folder` with `count` photos whose bytes all differ (trailing bytes a decoder ignores)."""
    folder.mkdir(parents=True)
    for n in range(count):
        source = photos[n % len(photos)]
        (folder / f"{n:06}.jpg").write_bytes(source.read_bytes() + n.to_bytes(4, "big"))
    return folder
