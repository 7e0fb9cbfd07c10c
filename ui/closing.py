"""How a window closes: what is under way is finished first, and a second attempt does not wait."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QCloseEvent

from ui.language import tr
from ui.remembered import remember

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Closing(QObject):
    """One for a window; `begun` says that it closes as soon as the indexer has finished."""

    def __init__(self, window: "MainWindow", settings: QSettings | None) -> None:
        super().__init__(window)
        self._window, self._settings = window, settings
        self.begun = False

    def close(self, event: QCloseEvent) -> None:
        """Let the window close, or say what it waits for."""
        window = self._window
        if window.indexing.running:
            event.ignore()
            self._close_after_indexing()
            return
        if window.people.holds_up_closing():
            event.ignore()
            window.complain(tr("A change to people is still being saved. Close again to leave without it."))
            return
        remember(window, self._settings)
        window.hide()
        for part in (window.around, window.library, window.jobs, window.thumbnails, window.people):
            part.shutdown()
        window.sources.close()
        event.accept()

    def _close_after_indexing(self) -> None:
        """Let the indexer finish its batch; a second attempt to close does not wait."""
        if self.begun:
            self._window.indexing.kill()
            return
        self.begun = True
        self._window.indexing.cancel()
        self._window.complain(
            tr("Closing when the files in hand are finished. Close again to leave at once.")
        )
