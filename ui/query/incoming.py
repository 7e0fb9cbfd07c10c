"""What was dropped on the window or pasted into it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage


@dataclass(frozen=True, slots=True)
class PictureFiles:
    """Files to search by; the window uses the first."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PictureData:
    """A picture without a file: a screenshot, a picture dragged from a web page."""

    image: QImage


@dataclass(frozen=True, slots=True)
class Folders:
    """Folders, which may be indexed."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Text for the query field."""

    text: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something the window can do nothing with, and why."""

    reason: str


Incoming = PictureFiles | PictureData | Folders | Words | Unusable


def acceptable(mime: QMimeData) -> bool:
    """Say quickly, while something is dragged over the window, whether a drop makes sense."""
    return mime.hasUrls() or mime.hasImage() or mime.hasText()


def read_mime(mime: QMimeData) -> Incoming:
    """Tell what was given. Local files come first, then picture data, then text."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if folders := tuple(path for path in paths if path.is_dir()):
        return Folders(folders)
    if files := tuple(path for path in paths if path.is_file()):
        return PictureFiles(files)
    if paths:
        return Unusable(f"{paths[0].name} is not there any more.")
    if mime.hasImage() and isinstance(image := mime.imageData(), QImage) and not image.isNull():
        return PictureData(image)
    if any(_is_remote(url) for url in mime.urls()):
        return Unusable(
            "Crossfind fetches nothing from the network. Save the picture, then drop the file here."
        )
    if text := " ".join(mime.text().split()):
        return Words(text)
    return Unusable("There is no picture, folder or text in what was given.")


def _is_remote(url: QUrl) -> bool:
    return url.isValid() and url.scheme() in {"http", "https", "ftp"}
