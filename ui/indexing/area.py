"""What stands around indexing in the window: the library page, watched folders, hits that came since."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from search.records import SearchResult
from ui.backend import Backend, LibraryState
from ui.indexing.fresh import FreshHits
from ui.indexing.page import LibraryPage

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class IndexingArea(QObject):
    """One for a window."""

    def __init__(self, window: "MainWindow", backend: Backend) -> None:
        super().__init__(window)
        self._window = window
        self._library: Path | None = None
        flow = window.flow
        self.page = LibraryPage(backend, window.jobs, window.indexing)
        self.fresh = FreshHits(backend, window.jobs, window.indexing, lambda: flow.answered, self)
        flow.found.connect(self._found)
        self.fresh.wanted.connect(window.ask_again)
        self.page.changed.connect(window.ask_again)
        self.page.failed.connect(window.fail)
        self.page.complaint.connect(window.complain)
        self.page.index_wanted.connect(self._index)
        self.page.rules_wanted.connect(lambda: window.around.settings.open("library"))
        self.page.folders.add_button.clicked.connect(window.actions_.add_folder.trigger)
        window.indexing.ended.connect(self.fresh.stop)
        window.indexing.ended.connect(self._look_for_faces)
        window.indexing.again_wanted.connect(lambda: window.index(*window.indexing.asked))

    def take(self, state: LibraryState) -> None:
        """Learn that the library holds this now; asked every few seconds while files are being read."""
        is_other, self._library = state.library != self._library, state.library
        if self.page.isVisible() or (is_other and state.folders):
            self.page.refresh()
        self.fresh.look()

    def shutdown(self) -> None:
        """Watch nothing any more."""
        self.page.watcher.stop()

    @Slot(object, object, bool, bool)
    def _index(self, folders: Sequence[Path], only: Sequence[str], retry: bool, quiet: bool) -> None:
        self._window.index(folders, only, retry, quiet)

    @Slot()
    def _look_for_faces(self) -> None:
        if self._window.people.isVisible():  # else they are looked for when that page is turned to
            self._window.people.refresh()

    @Slot(object, object)
    def _found(self, _asked: object, result: SearchResult) -> None:
        self.fresh.take(result)
