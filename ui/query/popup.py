"""The little window in which a part of a query is filled in, below what opened it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from search.editing import Join
from search.errors import QuerySyntaxError
from search.query import Part, Scored
from ui.language import mark, tr
from ui.overlay import Overlay
from ui.query.editors import PartEditor
from ui.saying import said
from ui.tick import Tick

JOINS: tuple[tuple[str, Join], ...] = (
    (mark("and"), "and"),
    (mark("or"), "or"),
    (mark("but not"), "not"),
    (mark("in the same moment"), "moment"),
    (mark("on the same page"), "page"),
    (mark("in one or two places of a file"), "pair"),
    (mark("in the same file"), "file"),
    (mark("in the same folder"), "folder"),
    (mark("then, within …"), "then"),
    (mark("then, any time after"), "then"),
)
_WITHIN = 8


class Popup(Overlay):
    """A heading, a form, and buttons; what is wrong with what was filled in is said in it."""

    def __init__(self, heading: str, editor: PartEditor, parent: QWidget) -> None:
        super().__init__(parent)
        self.editor = editor
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setVisible(False)
        self.done = QPushButton(tr("Done"))
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 10, 12, 12)
        label = QLabel(heading)
        label.setObjectName("popup-heading")
        label.setVisible(bool(heading))
        self.column.addWidget(label)
        self.column.addWidget(editor)
        self.column.addWidget(self.trouble)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.buttons.addWidget(self.done)
        self.column.addLayout(self.buttons)
        self.setAccessibleName(heading)
        self.setFocusProxy(editor)
        self.done.clicked.connect(self.accept)
        self.accepted.connect(self.accept)
        editor.finished.connect(self.accept)
        editor.grown.connect(self.fit)

    @Slot()
    def accept(self) -> None:
        """Take over what is filled in and close, or say what is wrong with it."""
        try:
            self.take()
        except QuerySyntaxError as error:
            self.trouble.setText(said(str(error)))
            self.trouble.setVisible(True)
            self.fit()
            return
        self.leave()

    def take(self) -> None:
        """Take over what is filled in. Raises `QuerySyntaxError`."""
        raise NotImplementedError


class EditPopup(Popup):
    """Changes a part; calls `changed` with the new one and whether it is ruled out."""

    def __init__(
        self,
        heading: str,
        editor: PartEditor,
        part: Part,
        negated: bool,
        changed: Callable[[Part, bool], None],
        parent: QWidget,
    ) -> None:
        super().__init__(heading, editor, parent)
        self._part, self._changed = part, changed
        self.negated = Tick(tr("Not this"))
        self.negated.setToolTip(tr("Rule it out instead of asking for it"))
        self.negated.setChecked(negated)
        self.buttons.insertWidget(0, self.negated)

    def take(self) -> None:
        new = self.editor.part()
        if isinstance(new, Scored) and isinstance(self._part, Scored):
            new = replace(new, weight=self._part.weight)
        self._changed(new, self.negated.isChecked())


class AddPopup(Popup):
    """Adds a part; calls `add` with it, how it is joined to what is asked already, and within how long."""

    def __init__(
        self,
        heading: str,
        editor: PartEditor,
        joined: bool,
        add: Callable[[Part, Join, float | None], None],
        parent: QWidget,
    ) -> None:
        super().__init__(heading, editor, parent)
        self._add = add
        self.join = QComboBox()
        self.join.setAccessibleName(tr("How it goes with what is asked already"))
        for name, _ in JOINS:
            self.join.addItem(tr(name))
        self.within = QSpinBox()
        self.within.setRange(1, 86_400)
        self.within.setValue(20)
        self.within.setSuffix(" s")
        self.within.setAccessibleName(tr("Within so many seconds"))
        row = QHBoxLayout()
        row.addWidget(self.join, 1)
        row.addWidget(self.within)
        self.column.insertLayout(1, row)
        self.join.setVisible(joined)
        self.within.setVisible(False)
        self.join.currentIndexChanged.connect(lambda n: self.within.setVisible(n == _WITHIN))
        self.join.currentIndexChanged.connect(self.fit)
        self.done.setText(tr("Add"))

    def take(self) -> None:
        part, row = self.editor.part(), self.join.currentIndex()
        self._add(part, JOINS[row][1], self.within.value() if row == _WITHIN else None)
