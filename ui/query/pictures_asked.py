"""What can be done with a picture that is the query: a part of it, a face in it, or that it be otherwise."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from search.query import Changed, Clip, Face, Like, Part, SoundLike
from search.records import Box
from ui.jobs import Jobs
from ui.language import plural, tr
from ui.query.backend import QueryBackend
from ui.query.bar import QueryBar
from ui.query.chips import Chips
from ui.query.editors import ChangeEditor
from ui.query.popup import EditPopup
from ui.query.region_picker import RegionPicker

CHANNEL = "faces"


class PicturesAsked(QObject):
    """Opens the panels for a part of the query that names a picture, and changes that part of the text."""

    complaint = Signal(str)
    failed = Signal(object)

    def __init__(
        self, backend: QueryBackend, jobs: Jobs, bar: QueryBar, chips: Chips, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._bar, self._chips = backend, jobs, bar, chips

    def actions(self, part: Part) -> list[QAction]:
        """Return entries for the menu of a part of the query."""
        match part:
            case Like():
                return [
                    _entry(tr("Only a part of it …"), lambda: self.mark(part)),
                    _entry(tr("A face in it …"), lambda: self.choose_face(part)),
                    _entry(tr("Like it, but otherwise …"), lambda: self.change(part)),
                ]
            case Face():
                return [
                    _entry(tr("Another face in it …"), lambda: self.choose_face(part)),
                    _entry(tr("What looks like the picture"), lambda: self.become(part, _like(part))),
                ]
            case Clip(path):
                return [_entry(tr("What sounds like it"), lambda: self.become(part, SoundLike(path)))]
            case SoundLike(path):
                return [_entry(tr("The same film"), lambda: self.become(part, Clip(path)))]
            case _:
                return []

    def mark(
        self, part: Like, frames: Sequence[Box] = (), heading: str = "", old: Part | None = None
    ) -> None:
        """Let a part of the picture be marked, or one of `frames` be chosen; `old` stands in the query."""
        others: tuple[tuple[str, Callable[[], None]], ...] = (
            (tr("A face in it …"), lambda: self.choose_face(part)),
            (tr("But otherwise …"), lambda: self.change(part)),
        )
        RegionPicker(
            self.path_of(part),
            part.page,
            self._backend.page_image,
            self._jobs,
            lambda box: self.become(old or part, replace(part, box=box)),
            self._bar,
            box=part.box,
            frames=frames,
            heading=heading,
            others=() if frames else others,
        ).open_below(self._bar)

    def choose_face(self, part: Like | Face) -> None:
        """Find the faces in the picture; of several let one be chosen."""
        path, page = self.path_of(part), part.page
        self._jobs.submit(
            CHANNEL,
            lambda: self._backend.faces_in(path, page),
            lambda boxes: self._offer(part, boxes),
            self.failed.emit,
        )

    def change(self, part: Like) -> None:
        """Ask what is to be otherwise."""

        def changed(new: Part, _: bool) -> None:
            self.become(part, new)

        editor = ChangeEditor(Changed(replace(part, weight=1.0), ""))
        popup = EditPopup(tr("Like it, but otherwise"), editor, part, False, changed, self._bar)
        popup.negated.setVisible(False)
        popup.open_below(self._bar)

    def path_of(self, part: Like | Face) -> Path:
        """The file that a part names; a path that is not whole starts in the home folder."""
        return Path.home() / (self._bar.files.path_of(part.path) or Path(part.path).expanduser())

    def _offer(self, part: Like | Face, boxes: Sequence[Box]) -> None:
        if not any(part == one.shown.part for one in self._chips.chips):
            return  # it takes seconds: something else may be asked by now
        if not boxes:
            self.complaint.emit(
                tr(
                    "No face is to be seen in this picture. "
                    "Use one in which it is larger or seen from the front."
                )
            )
            return
        if len(boxes) == 1:
            self.become(part, _face(part, None))
            return
        RegionPicker(
            self.path_of(part),
            part.page,
            self._backend.page_image,
            self._jobs,
            lambda box: self.become(part, _face(part, box)),
            self._bar,
            frames=[_tidy(box) for box in boxes],
            heading=plural(
                "There is {n} face. Whose do you look for?",
                "There are {n} faces. Whose do you look for?",
                len(boxes),
            ),
        ).open_below(self._bar)

    def become(self, old: Part, new: Part) -> None:
        """Put a part of the query in the place of another."""
        self._chips.change(old, new)


def _face(part: Like | Face, box: Box | None) -> Face:
    return Face(part.path, part.page, box, weight=part.weight)


def _like(part: Face) -> Like:
    return Like(part.path, part.page, weight=part.weight)


def _tidy(box: Box) -> Box:
    left, top, right, bottom = (round(min(max(edge, 0.0), 1.0), 3) for edge in box)
    return left, top, right, bottom


def _entry(text: str, act: Callable[[], None]) -> QAction:
    action = QAction(text)
    action.triggered.connect(act)
    return action
