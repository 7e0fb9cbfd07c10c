"""Turns what was dropped, pasted or picked among the hits into the question in the query bar."""

from pathlib import Path
from typing import assert_never

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from search.records import Hit, Whole
from ui.jobs import Jobs
from ui.query.bar import QueryBar
from ui.query.incoming import Folders, Incoming, PictureData, PictureFiles, Unusable, Words
from ui.query.pictures import QueryPictures
from ui.query.text import Reference
from ui.wording import file_name, page_number, place


class QuerySources(QObject):
    """Emits `folders_given` for folders and `complaint` for what cannot be used; all else is asked."""

    folders_given = Signal(object)
    complaint = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        jobs: Jobs,
        bar: QueryBar,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._kept = QueryPictures(jobs)

    def take(self, incoming: Incoming) -> None:
        """Use what was dropped or pasted."""
        match incoming:
            case PictureFiles(paths):
                self._ask(Reference(paths[0].absolute(), paths[0].name))
            case PictureData(image):
                self._keep(image)
            case Words(text):
                self._bar.insert_words(text)
            case Folders(paths):
                self.folders_given.emit(paths)
            case Unusable(reason):
                self.complaint.emit(reason)
            case _:
                assert_never(incoming)

    def similar_to(self, hit: Hit) -> None:
        """Ask for what looks like a hit: the picture itself, the page, or the thumbnail that is left."""
        where = place(hit.locator)
        name = f"{file_name(hit)}, {where}" if where else file_name(hit)
        page = None if isinstance(hit.locator, Whole) else page_number(hit.locator)
        if hit.file.present and hit.content.kind in ("image", "pdf"):
            self._ask(Reference(Path(hit.file.path), file_name(hit), page, hit.thumbnail))
        elif hit.thumbnail is not None:
            self._ask(Reference(hit.thumbnail, name))
        else:
            self.complaint.emit(f"There is no picture of {name} to compare with.")

    def close(self) -> None:
        """Delete the pictures kept for queries; the jobs must have ended."""
        self._kept.close()

    def _keep(self, image: QImage) -> None:
        self._kept.keep(image, lambda path: self._ask(Reference(path, "Pasted picture")), self.failed.emit)

    def _ask(self, reference: Reference) -> None:
        self._bar.search_like(reference)
