"""What becomes of a question: it is asked, and its answer, or what is wrong with it, is shown."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from search.errors import QuerySyntaxError
from search.narrowing import filters_in, narrowed, widened
from search.query import Part
from search.records import SearchResult
from ui.backend import LibraryState
from ui.notices import is_model, missing_text, result_text
from ui.query.text import Asked
from ui.wording import count

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Asking(QObject):
    """Questions and answers of one window; `state` is what its library is known to hold."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._shown = Asked()
        self.state = LibraryState()
        query, flow, view = window.query, window.flow, window.view
        query.asked.connect(self.ask)
        flow.found.connect(self._found)
        flow.failed.connect(self._failed)
        flow.nothing_asked.connect(self._nothing_asked)
        flow.slow.connect(lambda: window.statusBar().showMessage("Searching …"))
        view.facets.toggled.connect(self._narrow)
        view.dates.toggled.connect(self._narrow)
        view.preview.narrow_wanted.connect(lambda part: self._narrow(part, True))
        window.results.ask_again.connect(self.again)
        window.actions_.weak.toggled.connect(self.again)

    @Slot(object)
    def ask(self, asked: Asked) -> None:
        """Ask this, however weak the hits may be where the person wants it so."""
        self._window.flow.ask(asked, 0.0 if self._window.actions_.weak.isChecked() else None)

    @Slot()
    def again(self) -> None:
        """Ask what stands in the query bar."""
        self.ask(self._window.query.current)

    def show_missing(self, text: str) -> None:
        """Say what cannot be asked, and lead to what mends it."""
        bar = self._window.missing
        if text != bar.label.text():
            models = any(map(is_model, self.state.missing))
            bar.say(text, button="Models …" if models else "", act=self._window.actions_.models.trigger)
            bar.setVisible(bool(text))

    @Slot(object, object)
    def _found(self, asked: Asked, result: SearchResult) -> None:
        window = self._window
        window.problem.hush()
        same, self._shown = asked == self._shown, asked
        window.view.show_result(result, same, _filters(asked))
        window.results.found(asked.query, result)
        window.kept.found(asked.query, result)
        self.show_missing(result_text(result) or missing_text(self.state.missing))
        weak = ", weaker ones too" if window.actions_.weak.isChecked() else ""
        found = count(len(result.hits), "result", "results")
        window.statusBar().showMessage(f"{found}{weak} in {result.took_ms:,.0f} ms")

    @Slot(object, object)
    def _failed(self, asked: Asked, error: BaseException) -> None:
        self._window.statusBar().clearMessage()
        if isinstance(error, QuerySyntaxError):
            self._window.query.show_error(asked, error.start, error.end, str(error))
        self._window.fail(error)

    @Slot(object, bool)
    def _narrow(self, part: Part, on: bool) -> None:
        """Add a filter to the words of the query, or take it out."""
        words = self._window.query.current.words
        try:
            self._window.query.set_words(narrowed(words, part) if on else widened(words, part))
        except QuerySyntaxError as error:  # the words were changed since the hits came
            self._window.fail(error)

    @Slot()
    def _nothing_asked(self) -> None:
        self._shown = Asked()
        self._window.problem.hush()
        self._window.statusBar().clearMessage()
        self._window.view.show_idle(self.state)


def _filters(asked: Asked) -> tuple[Part, ...]:
    try:
        return filters_in(asked.words)
    except QuerySyntaxError:  # only together with the picture they make a query
        return ()
