"""Turns what was dropped, pasted or picked among the hits into the question in the query bar."""

from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from search.records import Hit, Page, Region
from ui.jobs import Jobs
from ui.language import plural, tr
from ui.query.bar import QueryBar
from ui.query.incoming import (
    Folders,
    GivenFiles,
    Incoming,
    PictureData,
    Unusable,
    Words,
    is_searchable,
    way_of,
)
from ui.query.pictures import QueryPictures
from ui.query.text import Reference
from ui.wording import file_name, place_in, readable

CHANNEL = "query pages"


class QuerySources(QObject):
    """Emits `folders_given` for folders, `pages_given` for a document of several pages (path and their
    number), `complaint` for what cannot be used and `remark` for what is left out; all else is asked."""

    folders_given = Signal(object)
    pages_given = Signal(object, int)
    complaint = Signal(str)
    remark = Signal(str)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, bar: QueryBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._bar = jobs, bar
        self._kept = QueryPictures(jobs)

    def take(self, incoming: Incoming) -> None:
        """Use what was dropped, pasted or picked."""
        match incoming:
            case GivenFiles(paths):
                self._take_files(paths)
            case PictureData(image):
                self.keep(image, tr("Pasted picture"))
            case Words(text):
                self._bar.insert_words(text)
            case Folders(paths):
                self.folders_given.emit(paths)
            case Unusable(reason):
                self.complaint.emit(reason)
            case _:
                assert_never(incoming)

    def keep(self, image: QImage, label: str) -> None:
        """Search by a picture that has no file."""
        self._kept.keep(image, lambda path: self.ask(Reference(path, label)), self.failed.emit)

    def keep_file(self, image: QImage, label: str, done: Callable[[str], None]) -> None:
        """Keep a picture that has no file, and hand the short name to `done` by which the query names it."""

        def kept(path: Path) -> None:
            self._bar.files, entry = self._bar.files.with_file(path, label)
            done(entry.label)

        self._kept.keep(image, kept, self.failed.emit)

    def similar_to(self, hit: Hit) -> None:
        """Ask for what looks like a hit: the picture itself, the page, or the thumbnail that is left."""
        where = place_in(hit)
        name = f"{file_name(hit)}, {where}" if where else file_name(hit)
        at = hit.locator.of if isinstance(hit.locator, Region) else hit.locator
        page = at.number if isinstance(at, Page) else None
        is_there = hit.file.present and Path(hit.file.path).exists()
        if is_there and hit.content.kind in ("image", "pdf"):
            self.ask(Reference(Path(hit.file.path), file_name(hit), page, hit.thumbnail))
        elif hit.thumbnail is not None:
            self.ask(Reference(hit.thumbnail, name))
        else:
            self.complaint.emit(tr("There is no picture of {name} to compare with.", name=name))

    def ask(self, reference: Reference) -> None:
        """Begin a new question with a file."""
        self._bar.search_like(reference)

    def close(self) -> None:
        """Delete the pictures kept for queries; the jobs must have ended."""
        self._kept.close()

    def _take_files(self, paths: tuple[Path, ...]) -> None:
        first = next(filter(is_searchable, paths), paths[0]).absolute()
        if not is_searchable(first):
            self.complaint.emit(
                tr(
                    "{name} is no picture, sound, film or PDF, so it cannot be searched by. To find what is "
                    "in it, add its folder to the library.",
                    name=readable(first.name),
                )
            )
            return
        if first.suffix.lower() == ".pdf":
            self._jobs.submit(CHANNEL, lambda: page_count(first), lambda n: self._pages(first, n), _ignore)
        else:
            self.ask(Reference(first, first.name, how=way_of(first)))
        if len(paths) > 1:
            self.remark.emit(
                plural(
                    "{n} file was given; {name} is searched by.",
                    "{n} files were given; {name} is searched by. Nothing is done with the others: drop "
                    "one of them alone to search by it.",
                    len(paths),
                    name=readable(first.name),
                )
            )

    def _pages(self, path: Path, pages: int) -> None:
        if pages > 1:
            self.pages_given.emit(path, pages)
        else:  # one page, or a file that the search itself finds fault with
            self.ask(Reference(path, path.name, 1))


def page_count(path: Path) -> int:
    """Return how many pages a document has, 0 when that cannot be told."""
    try:
        from PySide6.QtPdf import QPdfDocument
    except ImportError:
        return 0
    document = QPdfDocument()
    document.load(str(path))
    pages = max(document.pageCount(), 0)
    document.close()
    return pages


def _ignore(_: BaseException) -> None:
    """Counting pages raises nothing that a person can cause."""
