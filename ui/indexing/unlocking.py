"""Asks for the password of locked files, and has the library remember it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLayout, QLineEdit, QVBoxLayout, QWidget

from search.errors import CrossfindError
from ui.indexing.backend import IndexingBackend
from ui.jobs import Jobs
from ui.language import plural, tr
from ui.remedies import advice_on
from ui.tick import Tick
from ui.wording import readable

CHANNEL = "unlock"


class PasswordDialog(QDialog):
    """`given(str)` when a password is to be tried; stays until one fits."""

    given = Signal(str)

    def __init__(self, paths: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        one = tr("{name} is locked. What is its password?", name=readable(paths[0].name))
        several = plural(
            "{n} file is locked. Which password opens it?",
            "{n} files are locked. Which password opens one or more of them?",
            len(paths),
        )
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Password"))
        self.shown = Tick(tr("Show what I type"))
        self.trouble = QLabel()
        note = QLabel(
            tr(
                "It is kept in the library, on this computer only, so that the file\n"
                "can be read again and shown. Settings, Privacy, forgets it."
            )
        )
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(tr("Unlock"), QDialogButtonBox.ButtonRole.AcceptRole)
        column = QVBoxLayout(self)
        question = QLabel(one if len(paths) == 1 else several)
        question.setTextFormat(Qt.TextFormat.PlainText)
        for part in (question, self.field, self.shown, self.trouble, note, buttons):
            column.addWidget(part)
        self.trouble.setVisible(False)
        self.setWindowTitle(tr("Locked file"))
        column.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.shown.toggled.connect(self._show_typed)
        self.field.textChanged.connect(self._check)
        buttons.accepted.connect(self._give)
        buttons.rejected.connect(self.reject)
        self._check()

    def complain(self, text: str) -> None:
        """Say why a password is no good, and let another be typed."""
        self.trouble.setText(text)
        self.trouble.setVisible(True)
        self.field.selectAll()
        self.field.setFocus()
        self._check()

    @Slot(bool)
    def _show_typed(self, on: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)

    @Slot()
    def _check(self) -> None:
        self.go.setEnabled(bool(self.field.text()))

    @Slot()
    def _give(self) -> None:
        self.go.setEnabled(False)  # until it was tried
        self.given.emit(self.field.text())


class Unlocking(QObject):
    """One for a window. `unlocked(paths)`: these can be read now; `failed(error)`: a fault of ours."""

    unlocked = Signal(object)
    failed = Signal(object)

    def __init__(self, backend: IndexingBackend, jobs: Jobs, window: QWidget) -> None:
        super().__init__(window)
        self._backend, self._jobs, self._window = backend, jobs, window
        self.dialog: PasswordDialog | None = None

    def ask(self, paths: Sequence[Path]) -> None:
        """Ask for the password of files, one at a time."""
        if not paths or self.dialog is not None:
            return
        dialog = self.dialog = PasswordDialog(paths, self._window)
        dialog.finished.connect(self._leave)
        dialog.given.connect(lambda password: self._try(paths, password))
        dialog.open()

    def _try(self, paths: Sequence[Path], password: str) -> None:
        self._jobs.submit(
            CHANNEL, lambda: self._backend.unlock(paths, password), self._opened, self._not_opened
        )

    def _opened(self, paths: Sequence[Path]) -> None:
        if self.dialog is not None:
            self.dialog.accept()
        self.unlocked.emit(paths)

    def _not_opened(self, error: BaseException) -> None:
        if isinstance(error, CrossfindError) and self.dialog is not None:
            self.dialog.complain(advice_on(error).text)
        else:
            self.failed.emit(error)

    @Slot()
    def _leave(self) -> None:
        self.dialog = None
        self._jobs.cancel(CHANNEL)
