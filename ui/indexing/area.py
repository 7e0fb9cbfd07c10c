"""What stands around indexing in the window: the library page, watched folders, hits that came since."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from search.records import SearchResult
from ui.backend import Backend, LibraryState
from ui.indexing.backend import Overview
from ui.indexing.fresh import FreshHits
from ui.indexing.page import LibraryPage
from ui.indexing.unlocking import Unlocking
from ui.language import tr

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class IndexingArea(QObject):
    """One for a window."""

    def __init__(self, window: "MainWindow", backend: Backend) -> None:
        super().__init__(window)
        self._window = window
        self._library: Path | None = None
        self._greeted: set[Path] = set()
        flow = window.flow
        self.page = LibraryPage(backend, window.jobs, window.indexing)
        self.unlocking = Unlocking(backend, window.jobs, window)
        self.fresh = FreshHits(backend, window.jobs, window.indexing, lambda: flow.answered, self)
        flow.found.connect(self._found)
        self.fresh.wanted.connect(window.ask_again)
        self.page.changed.connect(window.ask_again)
        self.page.shown.connect(self._offer_to_go_on)
        self.page.failed.connect(window.fail)
        self.page.complaint.connect(window.complain)
        self.page.index_wanted.connect(self._index)
        self.page.rules_wanted.connect(lambda: window.around.settings.open("library"))
        self.page.folders.add_button.clicked.connect(window.actions_.add_folder.trigger)
        self.page.troubles.unlock_wanted.connect(self.unlocking.ask)
        window.indexing.unlock_wanted.connect(self.unlocking.ask)
        self.unlocking.unlocked.connect(self._read_unlocked)
        self.unlocking.failed.connect(window.fail)
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

    @Slot(object)
    def _offer_to_go_on(self, overview: Overview) -> None:
        """Say it where files were left unread when the window was closed; once for a library."""
        if overview.folder in self._greeted or not overview.folders:
            return
        self._greeted.add(overview.folder)
        begun = [folder for folder in overview.folders if folder.present and not folder.last]
        if begun and not self._window.indexing.running and overview.under_way is None:
            self._window.problem.say(
                tr("Not all of your files have been read yet."),
                button=tr("Go on"),
                act=lambda: self._window.index([folder.path for folder in begun]),
            )

    @Slot(object, object, bool, bool)
    def _index(self, folders: Sequence[Path], only: Sequence[str], retry: bool, quiet: bool) -> None:
        self._window.index(folders, only, retry, quiet)

    @Slot(object)
    def _read_unlocked(self, paths: Sequence[Path]) -> None:
        """Read what was locked, where the library knows it; a PDF to search by is asked with."""
        known = [path for path in paths if self._is_known(path)]
        if known:
            self._window.index(known, (), True)
        if len(known) < len(paths):
            self._window.asking.again()

    def _is_known(self, path: Path) -> bool:
        return any(path.is_relative_to(folder.path) for folder in self._window.asking.state.folders)

    @Slot()
    def _look_for_faces(self) -> None:
        if self._window.people.isVisible():  # else they are looked for when that page is turned to
            self._window.people.refresh()

    @Slot(object, object)
    def _found(self, _asked: object, result: SearchResult) -> None:
        self.fresh.take(result)
