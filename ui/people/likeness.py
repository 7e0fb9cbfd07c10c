"""One question at a time: is this the same person? Answered by one key."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.language import percent, tr
from ui.people.backend import Likeness
from ui.thumbnails import Thumbnails
from ui.wording import readable

_EDGE = 64


class LikenessStrip(QFrame):
    """Hidden while there is nothing to ask. `answered(Likeness, bool)`: they are the same, or two."""

    answered = Signal(object, bool)

    def __init__(self, portraits: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._portraits = portraits
        self._waiting: list[Likeness] = []
        self._later: set[tuple[int, int]] = set()
        self._names: dict[int, str] = {}
        self._faces = (QLabel(), QLabel())
        self.question, self.reason = QLabel(), QLabel()
        self.yes, self.no, self.later = (
            QPushButton(tr("Yes")),
            QPushButton(tr("No")),
            QPushButton(tr("Later")),
        )
        self._build()
        portraits.loaded.connect(self._arrived)

    @property
    def current(self) -> Likeness | None:
        """What is asked."""
        return self._waiting[0] if self._waiting else None

    def ask(self, found: Sequence[Likeness], names: dict[int, str]) -> None:
        """Ask about these, but those put off; `names` are those that people have."""
        self._names = names
        self._waiting = [one for one in found if (one.person, one.other) not in self._later]
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Y | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._answer(True)
            case Qt.Key.Key_N:
                self._answer(False)
            case Qt.Key.Key_Right | Qt.Key.Key_L:
                self._put_off()
            case _:
                super().keyPressEvent(event)

    def _answer(self, same: bool) -> None:
        if (asked := self.current) is not None:
            self._waiting.pop(0)
            self._show()
            self.answered.emit(asked, same)

    @Slot()
    def _put_off(self) -> None:
        if (asked := self.current) is not None:
            self._later.add((asked.person, asked.other))
            self._waiting.pop(0)
            self._show()

    def _show(self) -> None:
        asked = self.current
        self.setVisible(asked is not None)
        if asked is None:
            return
        name, other = self._names.get(asked.other, ""), self._names.get(asked.person, "")
        question = (
            tr("Is this {name} too?", name=name) if name and not other else tr("Are these the same person?")
        )
        if name and other:
            question = tr("Are {other} and {name} the same person?", other=other, name=name)
        self.question.setText(question)
        reason = tr(
            "{percent} sure: of all their faces, these two are most alike, in {file} and {other}.",
            percent=percent(asked.certainty),
            file=readable(asked.face.path.name),
            other=readable(asked.like.path.name),
        )
        self.reason.setText(reason)
        self.setAccessibleName(
            tr(
                "{question} {reason} Y for yes, N for no, right arrow for later.",
                question=question,
                reason=reason,
            )
        )
        self._show_faces()

    def _show_faces(self) -> None:
        if (asked := self.current) is None:
            return
        for label, face in zip(self._faces, (asked.face, asked.like), strict=True):
            pixmap = self._portraits.get(face.id)
            is_there = pixmap is not None and not pixmap.isNull()
            label.setPixmap(_round(pixmap, self.devicePixelRatioF()) if pixmap and is_there else QPixmap())

    @Slot(object)
    def _arrived(self, face: object) -> None:
        if (asked := self.current) is not None and face in (asked.face.id, asked.like.id):
            self._show_faces()

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.reason.setWordWrap(True)
        self.question.setTextFormat(Qt.TextFormat.PlainText)
        self.reason.setTextFormat(Qt.TextFormat.PlainText)
        font = self.question.font()
        font.setBold(True)
        self.question.setFont(font)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        for label in self._faces:
            label.setFixedSize(QSize(_EDGE, _EDGE))
            row.addWidget(label)
        words = QVBoxLayout()
        words.addStretch(1)
        words.addWidget(self.question)
        words.addWidget(self.reason)
        words.addStretch(1)
        row.addLayout(words, 1)
        for button, key in ((self.yes, "Y"), (self.no, "N"), (self.later, "→")):
            button.setToolTip(
                tr("{text} ({key}, while this question has the keyboard)", text=button.text(), key=key)
            )
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        self.yes.clicked.connect(lambda: self._answer(True))
        self.no.clicked.connect(lambda: self._answer(False))
        self.later.clicked.connect(self._put_off)
        self.setVisible(False)


def _round(face: QPixmap, ratio: float) -> QPixmap:
    """Cut a face to a circle."""
    made = QPixmap(round(_EDGE * ratio), round(_EDGE * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    circle = QPainterPath()
    circle.addEllipse(made.rect())
    painter.setClipPath(circle)
    painter.drawPixmap(made.rect(), face)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
