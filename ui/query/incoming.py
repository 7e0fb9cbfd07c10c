"""What was dropped on the window or pasted into it."""

import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from ui.language import mark, tr
from ui.query.text import How


@dataclass(frozen=True, slots=True)
class GivenFiles:
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


Incoming = GivenFiles | PictureData | Folders | Words | Unusable

OFFLINE = mark("Crossfind never goes online. Save the picture with your browser, then drop the file here.")
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".bmp", ".tif", ".tiff", ".svg")
_SOUNDS = (".flac", ".opus", ".ogg", ".oga", ".m4a", ".wma", ".aiff", ".aif", ".wav", ".mp3")
_OTHER = re.compile(r"zip|tar|compressed|document|office|msword|excel|powerpoint|epub|json|xml|script|rtf")
"""What stands in the types of files that hold words or files."""
_FILMS = (".mkv", ".webm", ".mts", ".m2ts", ".ts", ".3gp", ".flv", ".wmv", ".vob", ".ogv")


def acceptable(mime: QMimeData) -> bool:
    """Say quickly, while something is dragged over the window, whether a drop makes sense."""
    return mime.hasUrls() or mime.hasImage() or mime.hasText()


def read_mime(mime: QMimeData) -> Incoming:
    """Tell what was given. Local files come first, then picture data, then text."""
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if folders := tuple(path for path in paths if path.is_dir()):
        return Folders(folders)
    if files := tuple(path for path in paths if path.is_file()):
        return GivenFiles(files)
    if paths:
        return Unusable(tr("{name} is not there any more.", name=paths[0].name))
    if mime.hasImage() and isinstance(image := mime.imageData(), QImage) and not image.isNull():
        return PictureData(image)
    text = " ".join(mime.text().split())
    if any(_is_remote(url) for url in mime.urls()) or _is_web_picture(text):
        return Unusable(tr(OFFLINE))
    return Words(text) if text else Unusable(tr("There is no picture, file or text in what was given."))


def way_of(path: Path) -> How:
    """Tell by its name in which way a file is searched by: sounds, films, and all else as a picture."""
    suffix = path.suffix.lower()
    if suffix in _SOUNDS or suffix in _FILMS:
        return "sound" if suffix in _SOUNDS else "clip"
    major = (mimetypes.guess_type(path.name)[0] or "").partition("/")[0]
    return "sound" if major == "audio" else "clip" if major == "video" else "like"


def is_searchable(path: Path) -> bool:
    """Tell by its name whether a file may be searched by; only what is surely of another kind is not."""
    if path.suffix.lower() in (*_SOUNDS, *_FILMS, *_PICTURES):
        return True
    kind = mimetypes.guess_type(path.name)[0] or ""
    return not (kind.startswith("text/") or (kind.startswith("application/") and _OTHER.search(kind)))


def _is_remote(url: QUrl) -> bool:
    return url.isValid() and url.scheme() in {"http", "https", "ftp"}


def _is_web_picture(text: str) -> bool:
    url = QUrl(text)
    return " " not in text and _is_remote(url) and url.path().lower().endswith(_PICTURES)
