"""The results as one part of the window: what is chosen in bar and menus reaches the model and the view."""

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QMenu, QMenuBar

from search.records import SearchResult
from ui.actions import Actions
from ui.backend import Backend, SearchRequest
from ui.highlight import sought
from ui.jobs import Jobs
from ui.language import number, plural, tr
from ui.menus import insert_menu
from ui.query.flow import SearchFlow
from ui.results.acting import HitActs
from ui.results.bar import USUAL
from ui.results.duplicates import Duplicates
from ui.results.grouping import Order, People
from ui.results.hover import HoverPlay
from ui.results.moments import Moments
from ui.search_view import SearchView
from ui.wording import result_count

MOST_FOR_PEOPLE = 20_000
"""Who is in so many contents is told; a question about more would take long."""


class ResultsArea(QObject):
    """Emits `ask_again` when the same question must be asked in another way, `failed` with an error.

    `told(text, button, act)` is a message with a button that acts, or without one.
    """

    ask_again = Signal()
    told = Signal(str, str, object)
    failed = Signal(object)

    def __init__(
        self,
        backend: Backend,
        jobs: Jobs,
        actions: Actions,
        view: SearchView,
        flow: SearchFlow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._actions = backend, jobs, actions
        self._view, self._flow = view, flow
        self._model, self._results = view.results.hits, view.results
        self.hover = HoverPlay(backend, jobs, self._results)
        self.acts = HitActs(backend, jobs, self._results)
        self.moments = Moments(backend, jobs, self._results)
        self.twice = Duplicates(backend, jobs, view, self)
        self._connect()

    def fill(self, bar: QMenuBar) -> None:
        """Put what can be done with results into the menu bar."""
        menu = QMenu(tr("&Results"), bar)
        insert_menu(bar, menu)
        menu.addActions([*self.acts.actions_, *self.moments.actions_])
        menu.addSeparator()
        menu.addActions(self.twice.actions_)
        self._view.choices.fill(menu)

    def found(self, query: str, result: SearchResult) -> None:
        """Take over what was found for a query; then ask who is in it, or how much is weaker."""
        self._tell_people()
        if not result.hits and not self._actions.weak.isChecked():
            request = SearchRequest(query, floor=0.0)
            self._jobs.submit("weaker", lambda: self._backend.search(request), self._say_weaker, _passed_over)
        self.acts.query = query
        self._results.look_for(sought(query))
        self._tell()

    def _say_weaker(self, result: SearchResult) -> None:
        if result.hits and self._view.page is self._view.nothing:
            self._view.say_weaker(len(result.hits), result.hits[0].score)

    def _tell_people(self) -> None:
        digests = list({hit.file.digest: None for hit in self._model.found})
        known = self._model.arrangement.people
        if not digests or (known and len(digests) > MOST_FOR_PEOPLE):
            return

        def know(people: People) -> None:
            if people != self._model.arrangement.people:
                self._model.know_people(people)
                self._view.count()

        self._jobs.submit("people in", lambda: self._backend.people_in(digests), know, _passed_over)

    def remember(self, settings: QSettings) -> None:
        """Write down how results are shown."""
        choices = self._view.choices
        self.moments.remember(settings)
        settings.setValue("table", choices.table.isChecked())
        settings.setValue("frames", choices.frames.isChecked())
        settings.setValue("grouping", choices.grouping)
        settings.setValue("table columns", self._results.titles.saveState())

    def recall(self, settings: QSettings) -> None:
        """Show results as they were shown last."""
        choices = self._view.choices
        self.moments.recall(settings)
        self._results.titles.recall(settings.value("table columns"))
        choices.table.setChecked(str(settings.value("table")).lower() == "true")
        choices.frames.setChecked(str(settings.value("frames")).lower() == "true")
        for action in choices.groupings.actions():
            if action.data() == settings.value("grouping"):
                action.trigger()

    def _connect(self) -> None:
        choices, results = self._view.choices, self._results
        choices.table.toggled.connect(results.show_table)
        choices.frames.toggled.connect(results.show_frames)
        choices.groupings.triggered.connect(self._group)
        choices.fold_all.triggered.connect(lambda: self._model.fold_all(True))
        choices.unfold_all.triggered.connect(lambda: self._model.fold_all(False))
        results.titles.order_wanted.connect(self._order)
        results.end_near.connect(self._flow.grow)
        results.selected.connect(self._tell)
        self._model.modelReset.connect(self._rows_changed)
        self._view.bar.least_moved.connect(self._cut_off)
        results.addActions([*self.acts.actions_, self.moments.copy, self.twice.of_this])
        self.moments.failed.connect(self.failed)
        self.moments.complaint.connect(self.acts.complaint)
        self.twice.told.connect(self.told)
        self.twice.failed.connect(self.failed)
        self.acts.failed.connect(self.failed)
        self._view.stack.currentChanged.connect(self._allow)
        self._allow()
        self._actions.weak.toggled.connect(self._weak_toggled)

    def _allow(self) -> None:
        self.acts.allow(self._view.page is self._results)
        self.moments.allow(self._view.page is self._results)
        self.twice.allow(self._view.page is self._results)

    def _group(self) -> None:
        grouping = self._view.choices.grouping
        by_moment = grouping == "file"
        self._model.group(grouping)
        if by_moment != self._flow.by_moment:
            self._flow.by_moment = by_moment
            self.ask_again.emit()

    def _order(self, order: Order, backwards: bool) -> None:
        """Follow a click on a column; the menu shows the order where it has it."""
        for action in self._actions.orders.actions():
            action.setChecked(action.data() == order)
        self._view.reorder(order, backwards=backwards)

    def _cut_off(self, percent: int) -> None:
        """Leave out hits at once; what a search never brought must be asked for."""
        is_weak = percent < USUAL
        if is_weak and not self._actions.weak.isChecked():
            self._actions.weak.setChecked(True)
        self._view.bar.show_least(percent)
        self._model.cut_off(0.0 if percent <= USUAL and not is_weak else percent / 100)

    def _weak_toggled(self, is_weak: bool) -> None:
        percent = 0 if is_weak else USUAL
        self._view.bar.show_least(percent)
        self._model.cut_off(0.0)

    def _rows_changed(self) -> None:
        arrangement = self._model.arrangement
        self._results.titles.show_order(arrangement.order, backwards=arrangement.backwards)
        self._tell()

    def _tell(self, selected: int = 0) -> None:
        """Say how many results there are, how many are left out, how many are selected."""
        found, shown = len(self._model.found), self._model.shown
        self.twice.allow(self._view.page is self._results)
        many = result_count(found)
        if self._flow.has_more:
            many = plural("The best {n} result", "The best {n} results", found)
        told = [
            tr("{n} of {results}", n=number(shown), results=result_count(found)) if shown < found else many
        ]
        if selected > 1:
            told.append(plural("{n} selected", "{n} selected", selected))
        self._view.bar.say(" · ".join(told))


def _passed_over(_error: BaseException) -> None:
    """What was asked for by the way is left out where it cannot be had; the search itself says why."""
