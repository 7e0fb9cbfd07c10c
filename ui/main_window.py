"""The window: puts the parts together and says which of them hears what. No work is done here.

What a person asks flows one way: `QueryBar` -> `SearchFlow` -> `Jobs` -> backend -> `HitModel` ->
`Results` and `Preview`. Indexing runs in a process of its own behind `IndexingPanel`.
"""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QMainWindow, QMenu, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.around import Around
from ui.asking import Asking
from ui.backend import Backend, LibraryState
from ui.closing import Closing
from ui.header import Header
from ui.icons import application_icon, icon
from ui.indexing.area import IndexingArea
from ui.indexing.panel import IndexingPanel
from ui.jobs import Jobs
from ui.kept.shelf import Shelf
from ui.language import mark, tr
from ui.menus import fill_menu_bar, insert_menu
from ui.notices import NoticeBar
from ui.people.page import PeoplePage
from ui.places import SEARCH, Places
from ui.preview.pane import Preview
from ui.query.area import QueryArea
from ui.query.bar import QueryBar
from ui.query.drops import DropTarget
from ui.query.flow import SearchFlow
from ui.query.incoming import Incoming, read_mime
from ui.query.sources import QuerySources
from ui.remembered import recall
from ui.results.area import ResultsArea
from ui.results.commands import HitCommands
from ui.results.hit_model import HitModel
from ui.search_view import SearchView
from ui.style import style_sheet
from ui.thumbnails import Thumbnails
from ui.wording import counts

REFRESH_MS = 5000
AWAY = mark("Your library is not there now. Connect its drive, then look again.")


class MainWindow(QMainWindow):
    """One library, one query, one grid. `settings` keeps the window's size and choices between runs."""

    def __init__(
        self, backend: Backend, settings: QSettings | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self.jobs = Jobs(self)
        self.thumbnails = Thumbnails(self)
        self.actions_ = Actions(self)
        self.query = QueryBar()
        self.header = Header(self.actions_, self.query)
        self.flow = SearchFlow(backend, self.jobs, self)
        self.model = HitModel(self.thumbnails, self, self.jobs)
        preview = Preview(backend, self.jobs, self.thumbnails, self.actions_.on_hits)
        self.view = SearchView(self.actions_, self.model, preview, self.jobs)
        self.sources = QuerySources(self.jobs, self.query, self)
        self.area = QueryArea(
            backend, self.jobs, self.thumbnails, self.query, self.sources, self.actions_, settings
        )
        self.commands = HitCommands(self.actions_, self.view.results, self)
        self.results = ResultsArea(backend, self.jobs, self.actions_, self.view, self.flow, self)
        self.people = PeoplePage(backend, self.jobs)
        self.kept = Shelf(backend, self.jobs, self.results.acts.chosen_hits, self)
        self.places = Places()
        self.problem, self.missing = NoticeBar(), NoticeBar()
        self.indexing = IndexingPanel(backend.indexing_command)
        self.library = IndexingArea(self, backend)
        self._library_label = QLabel()
        self._refreshing = QTimer(self, interval=REFRESH_MS)
        self.asking = Asking(self)
        self.drops = DropTarget(self, self.header)
        self._lay_out()
        self._connect()
        self._connect_actions()
        recall(self, settings)
        self.around = Around(self, backend, settings)
        self._closing = Closing(self, settings)
        self._retint()
        self.refresh()
        self.flow.warm_up()
        self.query.setFocus()

    def index(
        self, folders: Sequence[Path], only: Sequence[str] = (), retry: bool = False, quiet: bool = False
    ) -> None:
        """Index folders; none means all that are known. The rest is as in `IndexingPanel.start`."""
        if self.view.page is self.view.away:
            self.complain(tr(AWAY))
            return
        if not self.indexing.start(folders, only, retry, quiet):
            self.problem.say(tr("Indexing is under way already. Wait until it is done, or cancel it."))
            return
        self.library.page.began()
        self._refreshing.start()
        self.view.reading = True
        if self.view.page is self.view.first_run:
            self.view.show_idle(self.asking.state)

    def complain(self, text: str) -> None:
        """Say in the window what went wrong."""
        self.problem.say(text, "warning")

    def fail(self, error: BaseException) -> None:
        """Say what went wrong; for a fault of ours offer the details."""
        self.around.fail(error)

    @Slot()
    def begin_again(self) -> None:
        """Another library is used: forget the query, ask what there is, load what it needs."""
        self._clear()
        self.refresh()
        self.flow.warm_up()

    @Slot()
    def ask_again(self) -> None:
        """Ask the same query and what the library holds again: the answers may have changed."""
        self.refresh()
        if self.query.current.query:
            self.asking.again()

    @Slot()
    def refresh(self) -> None:
        """Ask anew what the library holds."""
        self.jobs.submit("status", self._backend.status, self._show_state, self.fail)

    def _lay_out(self) -> None:
        self.setWindowTitle("Crossfind")
        self.setWindowIcon(application_icon())
        self.resize(1180, 760)
        self.setMinimumSize(660, 400)
        self.addToolBar(self.header)
        self.places.add(SEARCH, tr("Search"), "search", self.view, tr("Search, and what was found"))
        self.places.add("people", tr("People"), "people", self.people, tr("Who is in the pictures"))
        page = self.library.page
        self.places.add(
            "library", tr("Library"), "library", page, tr("Folders, indexing, what could not be read")
        )
        fill_menu_bar(self.menuBar(), self.actions_, self.places.actions_)
        self.results.fill(self.menuBar())
        insert_menu(self.menuBar(), self.kept.menu)
        insert_menu(self.menuBar(), search_menu := QMenu(tr("&Search"), self))
        self.area.commands.fill(search_menu)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.area, self.problem, self.missing, self.library.fresh.bar):
            column.addWidget(part)
        column.addWidget(self.places, 1)
        column.addWidget(self.indexing)
        self.setCentralWidget(middle)
        self._library_label.setContentsMargins(8, 0, 8, 0)
        self.statusBar().setContentsMargins(8, 0, 0, 0)
        self.statusBar().addPermanentWidget(self._library_label)
        self.statusBar().setSizeGripEnabled(False)

    def _connect(self) -> None:
        query, flow = self.query, self.flow
        query.asked.connect(lambda: self.places.turn_to(SEARCH))
        self.places.turned.connect(self._turned)
        self.places.turned.connect(lambda place: self.indexing.stand_back(place == "library"))
        self.places.on("people", self.people.refresh)
        self.places.on("library", self.library.page.refresh)
        self.people.searched.connect(query.set_words)
        self.people.failed.connect(self.fail)
        query.paste_wanted.connect(self._paste)
        query.results_wanted.connect(self._go_to_results)
        self.area.complaint.connect(self.complain)
        self.area.failed.connect(self.fail)
        flow.found.connect(self.area.fixes.show_result)
        flow.nothing_asked.connect(self.area.fixes.strip.hide)
        self.view.ready.link_clicked.connect(query.set_words)
        self.view.results.query_wanted.connect(query.setFocus)
        self.view.results.preview_wanted.connect(self.actions_.large.toggle)
        self.view.preview.asked.connect(query.set_words)
        self.sources.folders_given.connect(self._offer_to_index)
        self.sources.complaint.connect(self.complain)
        self.sources.remark.connect(self.area.remark)
        self.sources.failed.connect(self.fail)
        self.results.told.connect(lambda text, way, act: self.problem.say(text, "info", way, act))
        self.results.failed.connect(self.fail)
        self.view.results.addAction(self.kept.collect)
        self.kept.failed.connect(self.fail)
        self.kept.fresh.connect(self.model.mark_fresh)
        self.kept.wanted.connect(query.set_words)
        self.kept.told.connect(lambda text, way, act: self.problem.say(text, "info", way, act))
        self.results.acts.complaint.connect(self.complain)
        self.results.acts.told.connect(lambda text, way, act: self.problem.say(text, "info", way, act))
        self.results.moments.told.connect(lambda text: self.statusBar().showMessage(text, 5000))
        self.commands.complaint.connect(self.complain)
        self.commands.done.connect(lambda text: self.statusBar().showMessage(text, 3000))
        self.header.slider.valueChanged.connect(self.view.results.set_edge)
        self.header.folder_chosen.connect(lambda folder: self.index([folder]))
        self.indexing.ended.connect(self._indexing_ended)
        self._refreshing.timeout.connect(self.refresh)
        self.drops.given.connect(self._take_dropped)
        self.drops.ours_given.connect(self._find_similar)

    def _connect_actions(self) -> None:
        actions = self.actions_
        actions.add_folder.triggered.connect(self._choose_folder)
        actions.update_library.triggered.connect(lambda: self.index(()))
        actions.look_again.triggered.connect(self.refresh)
        actions.quit.triggered.connect(self.close)
        actions.similar.triggered.connect(self._find_similar)
        actions.paste.triggered.connect(self._paste)
        actions.find.triggered.connect(self._go_to_query)
        actions.clear.triggered.connect(self._clear)
        actions.larger.triggered.connect(lambda: self.header.step(1))
        actions.smaller.triggered.connect(lambda: self.header.step(-1))
        actions.orders.triggered.connect(lambda: self.view.reorder())

    @Slot(str)
    def _turned(self, place: str) -> None:
        """Keep what acts on hits from acting while they are out of sight."""
        for action in self.actions_.on_search:
            action.setEnabled(place == SEARCH)
        self.view.come_into_sight(place == SEARCH)
        if self.view.page is self.view.away:
            self._say_away()

    def _show_state(self, state: LibraryState) -> None:
        self.asking.state = state
        self.header.show_folders(state.folders)
        self._library_label.setText(counts(state.files))
        self.actions_.update_library.setEnabled(bool(state.folders))
        away = self.around.take(state)
        self.library.take(state)
        is_back = self.view.page is self.view.away and not away
        if away:
            self._say_away()
        if is_back and self.query.current.query:
            self.asking.again()
        elif away or not self.query.current.query:
            self.view.show_idle(state, away)
            told = self.view.page in (self.view.away, self.view.first_run)  # they say it themselves
            self.asking.show_missing(() if told else state.missing)

    def _say_away(self) -> None:
        """Say that the library is not there; the page of searching says it by itself."""
        if self.places.current != SEARCH:
            self.complain(tr(AWAY))
        elif self.problem.label.text() == tr(AWAY):
            self.problem.hush()

    @Slot()
    def _indexing_ended(self) -> None:
        self._refreshing.stop()
        self.view.reading = False
        self.thumbnails.forget_unreadable()
        if self._closing.begun:
            self.close()
            return
        self.ask_again()

    @Slot()
    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, tr("Choose a folder to index"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self.index([Path(folder)]))
        dialog.open()

    @Slot(object)
    def _offer_to_index(self, folders: Sequence[Path]) -> None:
        names = ", ".join(folder.name or str(folder) for folder in folders)
        self.problem.say(
            tr("Index {names}? Its files are only read; nothing is moved or changed.", names=names),
            button=tr("Index"),
            act=lambda: self.index(folders),
        )

    @Slot()
    def _find_similar(self) -> None:
        if (hit := self.view.results.current_hit()) is not None:
            self.sources.similar_to(hit)

    @Slot(object)
    def _take_dropped(self, given: Incoming) -> None:
        self.query.setFocus()
        self.sources.take(given)

    @Slot()
    def _paste(self) -> None:
        self.sources.take(read_mime(QGuiApplication.clipboard().mimeData()))

    @Slot()
    def _go_to_query(self) -> None:
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.field.selectAll()

    @Slot()
    def _go_to_results(self) -> None:
        if self.model.rowCount():
            self.view.results.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _clear(self) -> None:
        self.query.clear()
        self.actions_.weak.setChecked(False)
        self.query.setFocus()

    def _retint(self) -> None:
        self.setStyleSheet(style_sheet(self.palette()))
        self.actions_.retint(self.palette())
        self.header.retint(self.palette())
        self.places.retint(self.palette())
        self.people.retint()
        self.query.set_icon(icon("search", self.palette()))
        self.view.retint()
        self.area.retint()
        for bar in (self.problem, self.missing, self.library.fresh.bar):
            bar.retint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_closing"):
            QTimer.singleShot(0, self, self._retint)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._closing.close(event)
