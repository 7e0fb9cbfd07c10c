"""The strip below the query that says what was repaired of its picture, and offers what else can be done."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap, QTransform
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton, QWidget
from shiboken6 import isValid

from search.records import Fix, SearchResult
from ui.fixes.wording import applied, face_remark, parts_of, told_of, tried, turn_of
from ui.icons import icon
from ui.jobs import Jobs
from ui.language import tr
from ui.pictures import from_bytes
from ui.query.backend import Examined, QueryBackend
from ui.query.text import Asked
from ui.wrapping import WrappingLayout

CHANNEL, BEFORE, AFTER = "examine", "fix before", "fix after"
EDGE = 64


class FixStrip(QFrame):
    """Hidden while nothing is to be said of the query picture.

    `undo_wanted` asks to search by the original, `redo_wanted` to repair it again; the others open panels.
    """

    undo_wanted = Signal()
    redo_wanted = Signal()
    repairs_wanted = Signal()
    things_wanted = Signal()
    faces_wanted = Signal()

    def __init__(self, backend: QueryBackend, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._path: Path | None = None
        self.setObjectName("notice")
        self.before, self.after = (
            _picture(tr("The picture as it is")),
            _picture(tr("The picture as it was searched")),
        )
        self.arrow = QLabel("→")
        self.text = QLabel()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.undo = _button(
            tr("Search the original"), tr("Search by the picture as it is"), self.undo_wanted.emit
        )
        self.redo = _button(tr("Repair it"), tr("Let the picture be repaired again"), self.redo_wanted.emit)
        self.repairs = _button(
            tr("Other repairs …"), tr("Choose how it is repaired"), self.repairs_wanted.emit
        )
        self.things = _button(
            tr("Things in it …"), tr("Search by one of the things in it"), self.things_wanted.emit
        )
        self.faces = _button(
            tr("Choose a face …"), tr("Choose whose face is searched"), self.faces_wanted.emit
        )
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setToolTip(tr("Hide this"))
        self.close_button.setAccessibleName(tr("Hide what is said of the query picture"))
        self.close_button.clicked.connect(self.hide)
        self._row = WrappingLayout(self, spacing=8)
        self._row.setContentsMargins(12, 6, 8, 6)
        for part in (
            self.before, self.arrow, self.after, self.text,
            self.undo, self.redo, self.repairs, self.things, self.faces, self.close_button,
        ):  # fmt: skip
            self._row.addWidget(part)
        self.setAccessibleName(tr("What was done with the query picture"))
        self.setVisible(False)

    def show_result(self, asked: Asked, result: SearchResult, path: Path | None) -> None:
        """Say what became of the query picture at `path`; None when the query names none."""
        fix, face = applied(result), face_remark(result)
        is_off = asked.fixing == "off"
        self._path = path
        if path is None or not (fix or face or is_off or tried(result)):
            self.hide()
            return
        self._say(fix, face, is_off, tried(result))
        self._picture_of(fix, path)
        self.setVisible(True)

    def retint(self) -> None:
        """Follow a change of palette."""
        self.close_button.setIcon(icon("close", self.palette()))

    def _say(self, fix: Fix | None, face: str, is_off: bool, others: tuple[Fix, ...]) -> None:
        if fix is not None:
            told = told_of(fix)
        elif is_off:
            told = tr("The picture is searched by as it is.")
        elif face:
            told = face
        else:
            how = ", ".join(parts_of(one)[0] for one in others)
            told = tr("The picture was also tried {how},\nbut nothing more was found so.", how=how)
        self.text.setText(told)
        self.setAccessibleDescription(told)
        is_reached = self.undo.hasFocus() or self.redo.hasFocus()
        self.undo.setVisible(fix is not None)
        self.redo.setVisible(is_off)
        if is_reached:  # what takes back the last step, not whatever comes next
            (self.redo if is_off else self.undo).setFocus()
        is_face = bool(face) and fix is None and not is_off
        self.faces.setVisible(bool(face))
        for button in (self.repairs, self.things):
            button.setVisible(not is_face)
        self._row.invalidate()

    def _picture_of(self, fix: Fix | None, path: Path) -> None:
        """Show the picture, and where there was a repair the repaired one."""
        for part in (self.arrow, self.after):
            part.setVisible(fix is not None)
        self.before.setPixmap(QPixmap())
        self.after.setPixmap(QPixmap())
        self.after.setFixedWidth(EDGE)
        width = round(4 * EDGE * self.devicePixelRatioF())

        def drawn(image: QImage) -> None:
            if isValid(self) and self._path == path:
                self._put(self.before, image)
                if fix is not None and (degrees := turn_of(fix)):
                    self._put(self.after, image.transformed(QTransform().rotate(degrees)))

        self._draw(BEFORE, lambda: self._backend.page_image(path, 1, width), drawn)
        if fix is not None and not turn_of(fix):
            wanted = fix.detail

            def repaired() -> bytes:
                found = self._backend.examine(path)
                return self._backend.repaired_image(path, _number(found, wanted), width)

            self._draw(AFTER, repaired, lambda image: self._put(self.after, image))

    def _draw(self, channel: str, work: Callable[[], bytes], done: Callable[[QImage], None]) -> None:
        def drawn(png: bytes) -> None:
            if isValid(self):
                done(from_bytes(png))

        self._jobs.submit(channel, work, drawn, lambda _: None)  # the words say it without the picture

    def _put(self, label: QLabel, image: QImage) -> None:
        if image.isNull():
            return
        ratio = self.devicePixelRatioF()
        edge = round(EDGE * ratio)
        small = QPixmap.fromImage(image).scaled(
            QSize(2 * edge, edge),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        small.setDevicePixelRatio(ratio)
        label.setPixmap(small)
        label.setFixedWidth(round(small.width() / ratio))
        self._row.invalidate()


def _number(found: Examined, detail: str) -> int:
    """Which repair a sentence tells of; the picture itself where it is none of those found."""
    return next((one.number for one in found.repairs if one.told in detail), 0)


def _picture(name: str) -> QLabel:
    label = QLabel()
    label.setFixedSize(EDGE, EDGE)
    label.setAccessibleName(name)
    label.setToolTip(name)
    return label


def _button(text: str, hint: str, act: Callable[[], None]) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(hint)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the query
    button.clicked.connect(lambda: act())
    return button
