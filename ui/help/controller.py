"""Opens the help: each part is made when it is first asked for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QWidget

from ui.jobs import Jobs
from ui.settings.backend import SettingsBackend

if TYPE_CHECKING:
    from ui.help.about import AboutDialog
    from ui.help.keys import KeySheet
    from ui.help.language import LanguageHelp


class HelpController(QObject):
    """`example_chosen` carries a query that is to be tried; `keys_to_change` when the keys are."""

    example_chosen = Signal(str)
    keys_to_change = Signal()

    def __init__(
        self, backend: SettingsBackend, jobs: Jobs, actions: Mapping[str, QAction], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._actions, self._window = backend, jobs, actions, parent
        self.keys: KeySheet | None = None
        self.language: LanguageHelp | None = None
        self.about: AboutDialog | None = None

    def show_keys(self) -> None:
        """Show all shortcuts."""
        from ui.help.keys import KeySheet

        if self.keys is None:
            self.keys = KeySheet(self._actions, self._window)
            self.keys.change.clicked.connect(self.keys_to_change)
        self.keys.show_keys()
        _show(self.keys)

    def show_language(self) -> None:
        """Show what may be written."""
        from ui.help.language import LanguageHelp

        if self.language is None:
            self.language = LanguageHelp(self._window)
            self.language.example_chosen.connect(self.example_chosen)
        _show(self.language)

    def show_about(self) -> None:
        """Show what the program is made of."""
        from ui.help.about import AboutDialog

        if self.about is None:
            self.about = AboutDialog(self._window)
        about = self.about
        self._jobs.submit("about", self._backend.about, about.show_about, _nothing)
        self._jobs.submit("about models", self._backend.models, about.show_models, _nothing)
        _show(about)

    def show_fault(self, details: str) -> None:
        """Show an error that is ours."""
        from ui.help.fault import FaultDialog

        _show(FaultDialog(details, self._window))


def _show(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


def _nothing(_: BaseException) -> None:
    """The jobs have logged it; the rest of the page stands."""
