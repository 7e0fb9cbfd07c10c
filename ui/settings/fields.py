"""Editors of single preferences: each is tied to one field by its name, and tells what was chosen."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from ui.language import tr
from ui.settings.backend import Preferences
from ui.tick import Tick


class Fields(QObject):
    """Makes the editors. `chosen` carries the name of a field and its new value, but not what `show` sets."""

    chosen = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._setters: dict[str, Callable[[Any], None]] = {}
        self._showing = False

    @property
    def names(self) -> frozenset[str]:
        """The fields that can be edited."""
        return frozenset(self._setters)

    def show(self, preferences: Preferences) -> None:
        """Let every editor show what is in use."""
        self._showing = True
        for name, put in self._setters.items():
            put(getattr(preferences, name))
        self._showing = False

    def choose(self, name: str, value: object) -> None:
        """Say that something was chosen."""
        if not self._showing:
            self.chosen.emit(name, value)

    def bind(self, name: str, put: Callable[[Any], None]) -> None:
        """Say how an editor shows a field that `choose` will be called for."""
        self._setters[name] = put

    def check(self, name: str, text: str) -> QCheckBox:
        """Make a box for a field that is true or false."""
        box = Tick(text)
        box.toggled.connect(lambda on: self.choose(name, on))
        self.bind(name, box.setChecked)
        return box

    def choice(self, name: str, options: Sequence[tuple[str, str]], editable: bool = False) -> QComboBox:
        """Make a list of (value, text); where it is editable, any text may be written."""
        box = QComboBox(editable=editable)
        for value, text in options:
            box.addItem(tr(text), value)

        def put(value: str) -> None:
            if (row := box.findData(value)) >= 0:
                box.setCurrentIndex(row)
            else:
                box.setEditText(value)

        def written() -> None:
            row = box.findText(box.currentText())
            self.choose(name, box.itemData(row) if row >= 0 else box.currentText().strip())

        box.activated.connect(lambda row: self.choose(name, box.itemData(row)))
        if editable and (line := box.lineEdit()) is not None:
            line.editingFinished.connect(written)
        self.bind(name, put)
        return box

    def number(self, name: str, least: int, most: int, unit: str = "", least_means: str = "") -> QSpinBox:
        """Make a field for a whole number; `least_means` is shown in place of the least."""
        box = QSpinBox(minimum=least, maximum=most, suffix=unit)
        box.setSpecialValueText(least_means)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(lambda value: self.choose(name, value))
        self.bind(name, box.setValue)
        return box

    def lines(self, name: str, hint: str) -> QPlainTextEdit:
        """Make a field for texts, one a line; what is written counts when it is left."""
        box = Lines()
        box.setPlaceholderText(hint)
        box.left.connect(lambda: self.choose(name, box.texts()))
        self.bind(name, lambda texts: box.setPlainText("\n".join(texts)))
        return box

    def folder(self, name: str, hint: str) -> tuple[QLineEdit, QPushButton]:
        """Make a field for a folder ("" for none), and a button that chooses one."""
        line, button = QLineEdit(placeholderText=hint), QPushButton(tr("Choose …"))
        line.setMinimumWidth(260)
        line.setClearButtonEnabled(True)
        line.editingFinished.connect(lambda: self.choose(name, line.text().strip()))

        def take(folder: str) -> None:
            line.setText(folder)
            self.choose(name, folder)

        button.clicked.connect(lambda: choose_folder(button, tr("Choose a folder"), lambda f: take(str(f))))
        self.bind(name, line.setText)
        return line, button


class Lines(QPlainTextEdit):
    """A small field of lines; `left` comes when the focus goes elsewhere and something was changed."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(4 * self.fontMetrics().lineSpacing() + 14)
        self._before: tuple[str, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """The lines that are not empty."""
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def focusInEvent(self, event: Any) -> None:
        self._before = self.texts()
        super().focusInEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        if self.texts() != self._before:
            self._before = self.texts()
            self.left.emit()


def choose_folder(parent: QWidget, title: str, then: Callable[[Path], None]) -> None:
    """Let a person choose a folder, without holding up the window."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda folder: then(Path(folder)))
    dialog.open()
