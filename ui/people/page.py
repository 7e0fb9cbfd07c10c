"""The people page: everybody, or one of them, the questions about likeness above, undo and redo beside."""

from collections.abc import Sequence

from PySide6.QtCore import QSettings, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from search.errors import CrossfindError
from ui.jobs import Jobs
from ui.language import mark, number, plural, tr
from ui.pages import MessagePage
from ui.people.backend import (
    Edited,
    Everybody,
    Face,
    Likeness,
    MergePeople,
    PartPeople,
    PeopleBackend,
    PeopleEdit,
    Redo,
    Undo,
)
from ui.people.bar import act, button, row
from ui.people.card import FACE
from ui.people.edits import Edits
from ui.people.everyone import Everyone
from ui.people.likeness import LikenessStrip
from ui.people.person import NOBODY, PersonView
from ui.pictures import from_bytes
from ui.remedies import advice_on
from ui.saying import said
from ui.thumbnails import Thumbnails

_SHARP = 2
"""Faces are drawn for screens of up to so many pixels a point."""

_QUESTIONS = 50
_NONE = (mark("No faces yet"), mark("When folders are indexed, the people in their pictures gather here."))
_OFF = (
    mark("Faces are switched off"),
    mark("In this library, nothing is learned of people. The settings change that."),
)


class PeoplePage(QWidget):
    """`searched(str)`: a query for somebody's pictures; `failed(error)`: what a person should hear of."""

    searched = Signal(str)
    failed = Signal(object)

    def __init__(self, backend: PeopleBackend, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._names: dict[int, str] = {}
        self._was_asked = False
        self.portraits = Thumbnails(self, read=self._read_portrait)
        self.edits = Edits(backend, jobs, self)
        self.everyone, self.person = Everyone(self.portraits), PersonView(self.portraits)
        self.likeness = LikenessStrip(self.portraits)
        self.nothing = MessagePage("people", tr(_NONE[0]), tr(_NONE[1]))
        self.blank = QWidget()
        self.stack = QStackedWidget()
        self.undo = act(tr("Undo"), tr("Nothing to undo"), "Ctrl+Z", self)
        self.redo = act(tr("Redo"), tr("Nothing to redo"), "Ctrl+Shift+Z", self)
        self.told, self.hidden = QLabel(), QToolButton()
        self._build()
        self._connect()

    @Slot()
    def refresh(self) -> None:
        """Ask anew who there is."""
        self._jobs.submit("people", self._backend.everybody, self._show, self.failed.emit)

    def remember(self, settings: QSettings) -> None:
        """Write down what is shown."""
        self.everyone.remember(settings)

    def recall(self, settings: QSettings) -> None:
        """Show what was shown the last time."""
        self.everyone.recall(settings)

    def retint(self) -> None:
        """Follow a change of palette."""
        self.nothing.retint()

    def holds_up_closing(self) -> bool:
        """Whether an edit is still to be made; True only once, so that a person can leave all the same."""
        held, self._was_asked = bool(self.edits.pending) and not self._was_asked, True
        return held

    def shutdown(self) -> None:
        """Draw no more faces."""
        self.portraits.shutdown()

    def _show(self, everybody: Everybody) -> None:
        self._names = {one.id: one.name for one in everybody.people if one.name}
        self._offer_ways(everybody.undo, everybody.redo)
        self.hidden.setText(tr("Left out ({n})", n=number(everybody.hidden)))
        self.hidden.setVisible(everybody.hidden > 0)
        self.everyone.show_people(everybody.people)
        there = {one.id for one in everybody.people} | {NOBODY}
        if not everybody.people and not everybody.hidden:
            heading, text = _OFF if everybody.off else _NONE
            self.nothing.say(tr(heading), tr(text))
            self._turn_to(self.nothing)
        elif self.stack.currentWidget() is self.person and self.person.person in there:
            self._open(self.person.person)
        else:
            self._turn_to(self.everyone)
        self._jobs.submit("people-alike", self._find_likenesses, self._ask, self.failed.emit)

    def _find_likenesses(self) -> Sequence[Likeness]:
        return self._backend.likenesses(_QUESTIONS)

    def _ask(self, found: Sequence[Likeness]) -> None:
        self.likeness.ask(found, self._names)

    @Slot(int)
    def _open(self, person: int) -> None:
        """Turn to one person's faces."""
        self.person.show_person(person, self._names.get(person, ""), self._names)
        self._turn_to(self.person)

        def show(faces: Sequence[Face]) -> None:
            if self.person.person == person:
                self.person.show_faces(faces)

        self._jobs.submit("people-faces", lambda: self._backend.faces_of(person), show, self.failed.emit)

    def _turn_to(self, page: QWidget) -> None:
        if self.stack.currentWidget() is not page:
            had_focus = self.stack.isAncestorOf(self.focusWidget() or self)
            self.stack.setCurrentWidget(page)
            if had_focus:
                page.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _close_person(self) -> None:
        self._turn_to(self.everyone)
        self.everyone.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _search(self, person: int) -> None:
        name = self._names.get(person, "")
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        self.searched.emit(f'person:"{quoted}"' if name else f"person:{person}")

    @Slot(object, object)
    def _edited(self, edit: PeopleEdit, edited: Edited) -> None:
        self.told.setText(_told(edit, said(edited.did)) if edited.did else tr("It is so already."))
        self._offer_ways(edited.undo, edited.redo)
        if not self.edits.pending:
            self.refresh()

    @Slot(object)
    def _not_edited(self, error: BaseException) -> None:
        if isinstance(error, CrossfindError):
            self.told.setText(advice_on(error).text)
        else:
            self.failed.emit(error)
        self.refresh()

    @Slot(int)
    def _waits(self, changes: int) -> None:
        """Say that edits wait for the indexer; the others are made so fast that nothing need be said."""
        if changes:
            told = plural(
                "Your change is kept until the indexer has a moment …",
                "Your {n} changes are kept until the indexer has a moment …",
                changes,
            )
            self.told.setText(told)

    @Slot(object, bool)
    def _answered(self, asked: Likeness, same: bool) -> None:
        merge = MergePeople(asked.other, (asked.person,))
        self.edits.make(merge if same else PartPeople(asked.person, asked.other))

    def _offer_ways(self, undo: str, redo: str) -> None:
        nothing = (tr("Nothing to undo"), tr("Nothing to redo"))
        for action, what, none in zip((self.undo, self.redo), (undo, redo), nothing, strict=True):
            keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
            action.setEnabled(bool(what))
            action.setToolTip(f"{action.text()}: {said(what)} ({keys})" if what else none)

    def _read_portrait(self, face: int) -> QImage:
        try:
            return from_bytes(self._backend.portrait(face, FACE * _SHARP))
        except CrossfindError:
            return QImage()

    def _build(self) -> None:
        heading = QLabel(tr("People"))
        heading.setObjectName("heading")
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.setAccessibleName(tr("What was done"))
        self.hidden.setAutoRaise(True)
        self.hidden.setToolTip(tr("Faces that are nobody's: look through them, or take them back"))
        for page in (self.blank, self.nothing, self.everyone, self.person):
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.likeness)
        top = row(heading, self.told, self.hidden, button(self.undo), button(self.redo))
        top.setStretch(1, 1)
        column.addLayout(top)
        column.addWidget(self.stack, 1)
        self.setMinimumSize(QSize(320, 240))
        self._offer_ways("", "")
        self.setFocusProxy(self.stack)

    def _connect(self) -> None:
        for view in (self.everyone, self.person):
            view.edit_wanted.connect(self.edits.make)
            view.searched.connect(self._search)
        self.everyone.opened.connect(self._open)
        self.person.left.connect(self._close_person)
        self.likeness.answered.connect(self._answered)
        self.edits.done.connect(self._edited)
        self.edits.failed.connect(self._not_edited)
        self.edits.waiting.connect(self._waits)
        self.undo.triggered.connect(lambda: self.edits.make(Undo()))
        self.redo.triggered.connect(lambda: self.edits.make(Redo()))
        self.hidden.clicked.connect(lambda: self._open(NOBODY))


def _told(edit: PeopleEdit, did: str) -> str:
    match edit:
        case Undo():
            return tr("Undone: {what}", what=did)
        case Redo():
            return tr("Done again: {what}", what=did)
        case _:
            return did
