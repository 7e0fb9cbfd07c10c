"""Asks for a name: of a search to be saved, of a collection to add to, of either to be renamed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from ui.language import tr

LONGEST = 100


class NameDialog(QDialog):
    """`named(str)` when one has given a name; `known` are names to choose from."""

    named = Signal(str)

    def __init__(
        self, title: str, text: str, button: str, known: Sequence[str] = (), name: str = "",
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.field = QComboBox(editable=True)
        self.field.addItems(list(known))
        self.field.setEditText(name)
        self.field.setAccessibleName(tr("Name"))
        self.field.setMinimumWidth(280)
        if (line := self.field.lineEdit()) is not None:
            line.setMaxLength(LONGEST)
            line.selectAll()
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(button, QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        for part in (label, self.field, buttons):
            column.addWidget(part)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field.editTextChanged.connect(self._check)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        self._check()

    def _check(self) -> None:
        self.go.setEnabled(bool(self.field.currentText().strip()))

    def _accept(self) -> None:
        self.named.emit(" ".join(self.field.currentText().split()))
        self.accept()
