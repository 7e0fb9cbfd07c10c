"""The middle of the window: the grid and the preview, or a page that says why there is no grid."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from search.facets import Facet, FacetValue, facets, histogram
from search.query import Part
from search.records import Hit, SearchResult
from ui.actions import Actions
from ui.backend import LibraryState
from ui.first_run.page import FirstRunPage
from ui.jobs import Jobs
from ui.language import percent, plural, tr
from ui.pages import MessagePage, examples
from ui.preview.pane import Preview
from ui.results.bar import ResultsBar
from ui.results.choices import Choices
from ui.results.facet_panel import FacetPanel
from ui.results.grid import Results
from ui.results.grouping import Group, Order
from ui.results.histogram import DateHistogram
from ui.results.hit_model import MANY, HitModel
from ui.wording import counts

PATIENCE_MS = 700
"""How long the window stays blank before it says what it waits for."""


class SearchView(QWidget):
    """Shows exactly one of: first run, ready, nothing found, hits; blank until it knows which, and what is
    waited for where that takes long. `reading` says whether files are being read for the library."""

    def __init__(
        self, actions: Actions, model: HitModel, preview: Preview, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._actions, self._model, self._in_sight = actions, model, True
        self.results = Results(model)
        self.choices = Choices(self)
        self.bar = ResultsBar(self.choices)
        self.preview = preview
        self.facets, self.dates = FacetPanel(), DateHistogram()
        self._jobs = jobs
        self.first_run = FirstRunPage()
        self.away = MessagePage(
            "offline", tr("Your library is not there"), "", [actions.look_again, actions.settings]
        )
        self.ready = MessagePage("search", tr("What are you looking for?"), "")
        self.nothing = MessagePage("search", tr("Nothing good found"), "", [actions.weak])
        self.blank, self.waiting = QWidget(), MessagePage("search", tr("Opening your library …"), "")
        self.reading = False
        self.stack = QStackedWidget()
        for page in (
            self.blank,
            self.waiting,
            self.first_run,
            self.away,
            self.ready,
            self.nothing,
            self.results,
        ):
            self.stack.addWidget(page)
        self.split = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.middle = _under(self.bar, self.stack)
        self.side = _under(self.dates, self.facets)
        for part in (self.side, self.middle, preview):
            self.split.addWidget(part)
            self.split.setStretchFactor(self.split.count() - 1, int(part is self.middle))
        self.stack.setMinimumWidth(260)
        self.split.setSizes([180, 640, 360])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.split)
        self._filters: Sequence[Part] = ()
        self._is_new = False
        self._current: Hit | None = None
        self._scrolled = 0
        model.modelAboutToBeReset.connect(self._note_place)
        model.modelReset.connect(self._reselect)
        self.results.current_changed.connect(self._show_current)
        actions.preview.toggled.connect(self._show_preview)
        actions.facets.toggled.connect(self._show_facets)
        actions.large.toggled.connect(self._show_large)
        preview.large_wanted.connect(actions.large.setChecked)
        preview.step_wanted.connect(self._step)
        self.setFocusProxy(self.stack)
        self._turn_to(self.blank)
        QTimer.singleShot(PATIENCE_MS, self, self._say_opening)

    @property
    def page(self) -> QWidget | None:
        """What is shown."""
        return self.stack.currentWidget()

    def show_idle(self, state: LibraryState, away: bool = False) -> None:
        """Nothing is asked: show the first-run page while there is nothing to find, else what there is.

        `away` says that the library is on a drive that is not there.
        """
        self._model.show(())
        if away:
            where = tr(
                "It was in {library}. Connect its drive, then look again; or use another library.",
                library=state.library,
            )
            self.away.say(tr("Your library is not there"), where)
            self._turn_to(self.away)
            return
        if self.reading and not state.total:
            self.waiting.say(
                tr("Your files are being read"),
                tr("Each can be found as soon as it has been read, while the others still are."),
            )
            self._turn_to(self.waiting)
            return
        held = counts(state.files) or tr("Nothing is indexed yet; update the folders.")
        self.ready.say(tr("What are you looking for?"), held)
        self.ready.show_links(examples(state.files))
        self._turn_to(self.ready if state.total or state.folders else self.first_run)

    def say_searching(self) -> None:
        """Say that an answer takes its time, unless hits are shown that may stay meanwhile."""
        if self.page in (self.blank, self.waiting, self.ready, self.nothing):
            self.waiting.say(tr("Searching …"), "")
            self._turn_to(self.waiting)

    def say_failed(self) -> None:
        """Say that there is no answer, where the hits of another question would seem to be one."""
        self._filters = ()
        self._model.show(())
        self.count()
        self.nothing.say(tr("No answer"), tr("This cannot be searched for. Why is said above."))
        for button in self.nothing.buttons:
            button.hide()
        self._turn_to(self.nothing)

    def _say_opening(self) -> None:
        if self.page is self.blank:
            self._turn_to(self.waiting)

    def show_result(self, result: SearchResult, same_question: bool, filters: Sequence[Part] = ()) -> None:
        """Show hits; after the same question as before the current hit stays current.

        `filters` are those of the query that every hit passes.
        """
        self._filters = filters
        self.preview.set_query(result.query)
        if same_question and self._model.lengthen(result.hits):
            self.count()
            return
        self._is_new = not same_question
        self._turn_to(self.results if result.hits else self.nothing)
        if not same_question:
            self._model.mark_fresh(frozenset())
        self._model.show(result.hits)
        self.count()
        if not result.hits:
            self._say_nothing_found()

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Show hits under headings that are made already."""
        self._is_new, self._filters = True, ()
        self._turn_to(self.results)
        self._model.show_groups(groups)
        self.count()

    def say_weaker(self, count: int, best: float) -> None:
        """Where nothing good was found: how much there is that is weaker."""
        told = plural(
            "One weaker match was left out; the best reaches {best}. Other words may help.",
            "{n} weaker matches were left out; the best reaches {best}. Other words may help.",
            count,
            best=percent(best),
        )
        self.nothing.say(tr("Nothing good found"), told)

    def count(self) -> None:
        """Say anew what the hits have in common, in the background where there are thousands."""
        hits, people = self._model.found, self._model.arrangement.people

        def work() -> tuple[tuple[Facet, ...], tuple[FacetValue, ...]]:
            return facets(hits, people), histogram(hits)

        if len(hits) <= MANY:
            self._show_counts(work())
        else:
            self._jobs.submit("facets", work, self._show_counts, _raised)

    def _show_counts(self, counted: tuple[tuple[Facet, ...], tuple[FacetValue, ...]]) -> None:
        self.facets.show_facets(counted[0], self._filters)
        self.dates.show_values(counted[1])
        self._show_facets()

    def reorder(self, order: Order | None = None, *, backwards: bool = False) -> None:
        """Show the hits in an order, or that of the menu, the current one still current."""
        self._model.arrange(order or self._actions.orders.checkedAction().data(), backwards=backwards)

    def come_into_sight(self, in_sight: bool) -> None:
        """Say whether this page of the window is shown: out of sight, nothing acts on its hits."""
        self._in_sight = in_sight
        self._allow_actions()

    def retint(self) -> None:
        """Follow a change of palette."""
        for page in (self.waiting, self.first_run, self.away, self.ready, self.nothing):
            page.retint()
        self.bar.retint()
        self.results.viewport().update()
        self.preview.retint()

    def _note_place(self) -> None:
        self._current = self.results.current_hit()
        self._scrolled = self.results.verticalScrollBar().value()

    def _reselect(self) -> None:
        """After the hits came anew, or in another order, the same one is current, else the first."""
        if not self._model.rowCount() or self.page is not self.results:
            return
        row = None if self._is_new else self._row_of(self._current)
        self.results.verticalScrollBar().setValue(0 if row is None else self._scrolled)
        self.results.select_row(self._model.first_hit() if row is None else row)
        self._is_new = False

    def _row_of(self, hit: Hit | None) -> int | None:
        return self._model.row_of(hit.file.path, hit.locator) if hit else None

    def _say_nothing_found(self) -> None:
        if self._actions.weak.isChecked():
            self.nothing.say(
                tr("Nothing found"), tr("Try other words, fewer filters, or index the folder it may be in.")
            )
        else:
            self.nothing.say(
                tr("Nothing good found"),
                tr("Nothing matches well enough to be worth your time. Other words may help."),
            )
        for button in self.nothing.buttons:
            button.setVisible(not self._actions.weak.isChecked())
        self._turn_to(self.nothing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_facets()

    def _turn_to(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        if page is not self.results:
            self._actions.large.setChecked(False)
        self._show_preview()
        self._allow_actions()

    def _allow_actions(self) -> None:
        for action in self._actions.on_hits:
            action.setEnabled(self._in_sight and self.page is self.results)

    def _show_preview(self) -> None:
        visible = self.page is self.results and self._actions.preview.isChecked()
        self.preview.setVisible(visible)
        self._show_facets()
        self._show_current(self.results.current_hit())

    def _show_facets(self) -> None:
        self.bar.setVisible(self.page is self.results)
        is_answer = self.page in (self.results, self.nothing)
        wanted = self._actions.facets.isChecked() and not self._actions.large.isChecked()
        self.side.setVisible(is_answer and wanted and not self.facets.is_empty and self._has_room())

    def _has_room(self) -> bool:
        """Whether the facets fit beside the results, and the preview if that is shown."""
        shown = [part for part in (self.middle, self.preview) if not part.isHidden()]
        least = [max(part.minimumWidth(), part.minimumSizeHint().width()) for part in (self.side, *shown)]
        return sum(least) + self.split.handleWidth() * len(shown) <= self.width()

    def _show_large(self, large: bool) -> None:
        """Let the preview have all the room, or give it back."""
        if large and self.page is not self.results:
            self._actions.large.setChecked(False)
            return
        if large:
            self._actions.preview.setChecked(True)
        self.middle.setVisible(not large)
        self._show_facets()
        self.preview.set_large(large)
        if not large:
            self.results.setFocus()

    def _step(self, by: int) -> None:
        """Make the next hit before or behind the current one current, past headings."""
        row = self.results.currentIndex().row() + by
        while 0 <= row < self._model.rowCount():
            if self._model.hit(self._model.index(row)) is not None:
                self.results.select_row(row)
                return
            row += by

    def _show_current(self, hit: Hit | None) -> None:
        self.preview.show_hit(hit if self._actions.preview.isChecked() else None)


def _raised(error: BaseException) -> None:
    raise error


def _under(bar: QWidget, main: QWidget) -> QWidget:
    """Put a slim bar over a widget."""
    both = QWidget()
    column = QVBoxLayout(both)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(bar)
    column.addWidget(main, 1)
    return both
