"""What is shown when something goes wrong inside Crossfind: what to do, and details that can be copied."""

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.language import mark, tr

_TEXT = mark(
    "Something went wrong inside Crossfind. Your files and the library are safe.\n"
    "Try it again; if it happens again, close the window and open it anew. "
    "Who mends it needs the details below. They may name files and what you searched for: "
    "read them before you send them."
)


class FaultDialog(QDialog):
    """Shows the details of an error that is ours."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Something went wrong"))
        self.details = QPlainTextEdit(details, readOnly=True)
        self.details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName(tr("Details"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        self.copy: QPushButton = buttons.addButton(tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
        column = QVBoxLayout(self)
        column.addWidget(QLabel(tr(_TEXT), wordWrap=True))
        column.addWidget(self.details, 1)
        column.addWidget(buttons)
        self.resize(620, 420)
