"""Connects the strip with the query: what is undone, chosen and asked changes the text of the query."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import Face, Like, walk
from search.records import SearchResult
from ui.fixes.repair_picker import RepairPicker
from ui.fixes.strip import CHANNEL, FixStrip
from ui.jobs import Jobs
from ui.language import tr
from ui.query.backend import Examined, QueryBackend, Repair
from ui.query.bar import QueryBar
from ui.query.pictures_asked import PicturesAsked
from ui.query.sources import QuerySources
from ui.query.text import Asked


class Fixes(QObject):
    """One strip for the first picture of the query."""

    complaint = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        backend: QueryBackend,
        jobs: Jobs,
        bar: QueryBar,
        sources: QuerySources,
        pictures: PicturesAsked,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._bar = backend, jobs, bar
        self._sources, self._pictures = sources, pictures
        self.strip = FixStrip(backend, jobs)
        self.strip.undo_wanted.connect(lambda: bar.set_fixing("off"))
        self.strip.redo_wanted.connect(lambda: bar.set_fixing("auto"))
        self.strip.repairs_wanted.connect(self.choose_repair)
        self.strip.things_wanted.connect(self.choose_thing)
        self.strip.faces_wanted.connect(self._choose_face)

    @Slot(object, object)
    def show_result(self, asked: Asked, result: SearchResult) -> None:
        """Say what became of the query picture."""
        part = first_picture(asked.words)
        self.strip.show_result(asked, result, None if part is None else self._pictures.path_of(part))

    @Slot()
    def choose_repair(self) -> None:
        """Let a person choose among all repairs of the picture."""
        self._examine(self._offer_repairs)

    @Slot()
    def choose_thing(self) -> None:
        """Let a person choose one of the things in the picture."""
        self._examine(self._offer_things)

    def _examine(self, done: Callable[[Like | Face, Examined], None]) -> None:
        part = first_picture(self._bar.field.text())
        if part is None:
            return
        path = self._pictures.path_of(part)

        def examined(found: Examined) -> None:
            if first_picture(self._bar.field.text()) == part:  # it takes seconds: another may be asked by now
                done(part, found)

        self._jobs.submit(CHANNEL, lambda: self._backend.examine(path), examined, self.failed.emit)

    def _offer_repairs(self, part: Like | Face, found: Examined) -> None:
        if not found.repairs:
            self.complaint.emit(tr("Nothing seems to be wrong with this picture that could be repaired."))
            return
        path = self._pictures.path_of(part)

        def chosen(repair: Repair, image: QImage) -> None:
            self._sources.keep_file(
                image, f"{path.stem}, {repair.told}", lambda name: self._rename(part, name)
            )

        RepairPicker(path, found, self._backend, self._jobs, chosen, self.failed.emit, self._bar).open_below(
            self._bar
        )

    def _offer_things(self, part: Like | Face, found: Examined) -> None:
        if not found.parts:
            self.complaint.emit(
                tr("No several things are to be seen in this picture; a box can be drawn on it.")
            )
            return
        like = part if isinstance(part, Like) else Like(part.path, part.page, span=part.span)
        heading = tr("Which of these do you look for?")
        self._pictures.mark(like, found.parts, heading, old=part)

    def _choose_face(self) -> None:
        if (part := first_picture(self._bar.field.text())) is not None:
            self._pictures.choose_face(part)

    def _rename(self, part: Like | Face, label: str) -> None:
        self._pictures.become(part, replace(part, path=label, page=None, box=None))


def first_picture(text: str) -> Like | Face | None:
    """Return the first part of a query that names a picture by itself; None without one."""
    try:
        parts = walk(parse(text).root) if text.strip() else iter(())
    except QuerySyntaxError:
        return None
    return next((part for part in parts if isinstance(part, Like | Face)), None)
