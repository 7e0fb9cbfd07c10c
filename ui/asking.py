"""What becomes of a question: it is asked, and its answer, or what is wrong with it, is shown."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from search.errors import LibraryBusyError, LibraryMissingError, MediaError, QuerySyntaxError
from search.mentions import mentions
from search.narrowing import filters_in, narrowed, widened
from search.query import Part
from search.records import Missing, SearchResult
from ui.backend import LibraryState
from ui.language import tr
from ui.notices import reason_of, result_text
from ui.query.text import Asked
from ui.remedies import Advice, advice, advice_on
from ui.saying import said
from ui.wording import readable, result_count, took

if TYPE_CHECKING:
    from ui.main_window import MainWindow


LATER_MS = 2000
"""A library that is being brought up to date is asked again after so long."""


class Asking(QObject):
    """Questions and answers of one window; `state` is what its library is known to hold."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._shown = Asked()
        self.state = LibraryState()
        self._later = QTimer(self, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self.again)
        query, flow, view = window.query, window.flow, window.view
        query.asked.connect(self.ask)
        flow.found.connect(self._found)
        flow.failed.connect(self._failed)
        flow.nothing_asked.connect(self._nothing_asked)
        flow.slow.connect(lambda: window.statusBar().showMessage(tr("Searching …")))
        flow.slow.connect(view.say_searching)
        view.facets.toggled.connect(self._narrow)
        view.dates.toggled.connect(self._narrow)
        view.preview.narrow_wanted.connect(lambda part: self._narrow(part, True))
        window.results.ask_again.connect(self.again)
        window.actions_.weak.toggled.connect(self.again)

    @Slot(object)
    def ask(self, asked: Asked) -> None:
        """Ask this, however weak the hits may be where the person wants it so."""
        self._later.stop()
        self._window.flow.ask(asked, 0.0 if self._window.actions_.weak.isChecked() else None)

    @Slot()
    def again(self) -> None:
        """Ask what stands in the query bar."""
        self.ask(self._window.query.current)

    def show_missing(self, missing: Sequence[Missing], said: str = "") -> None:
        """Say how the query was taken, and what cannot be asked; lead to what mends it."""
        parts = [advice(reason_of(part), part.remedy) for part in missing]
        text = "\n".join(dict.fromkeys(filter(None, (said, *(part.text for part in parts)))))
        first = next((part for part in parts if part.way), Advice(""))
        bar = self._window.missing
        if text != bar.label.text():
            bar.say(text, button=first.button, act=self._window.around.way(first.way))
            bar.setVisible(bool(text))

    @Slot()
    def unlock(self) -> None:
        """Ask for the password of the PDFs that are searched by."""
        files = _files(self._window.query.current)
        self._window.library.unlocking.ask([path for path in files if path.suffix.lower() == ".pdf"])

    @Slot(object, object)
    def _found(self, asked: Asked, result: SearchResult) -> None:
        window = self._window
        window.problem.hush()
        same, self._shown = asked == self._shown, asked
        window.view.show_result(result, same, _filters(asked))
        window.results.found(asked.query, result)
        window.kept.found(asked.query, result)
        said = result_text(result)
        self.show_missing(result.missing or (() if said else self.state.missing), said)
        found, time = result_count(len(result.hits)), took(result.took_ms)
        if window.actions_.weak.isChecked():
            told = tr("{results}, weaker ones too, in {time}", results=found, time=time)
        else:
            told = tr("{results} in {time}", results=found, time=time)
        window.statusBar().showMessage(told)

    @Slot(object, object)
    def _failed(self, asked: Asked, error: BaseException) -> None:
        view = self._window.view
        self._window.statusBar().clearMessage()
        if view.page is view.waiting:
            view.show_idle(self.state)
        if isinstance(error, LibraryMissingError) and self._had_library():
            self._window.refresh()  # its drive may have been unplugged, which is said then
            return
        if isinstance(error, LibraryBusyError):
            self._later.start()
        if isinstance(error, QuerySyntaxError):
            self._window.query.show_error(asked, error.start, error.end, advice_on(error).text)
        if isinstance(error, MediaError):
            error = _naming(asked, error)
        is_later = isinstance(error, LibraryBusyError)
        if isinstance(error, MediaError) or (view.page is view.nothing and not is_later):
            view.say_failed()
            self._shown = Asked()
        self._window.fail(error)

    def _had_library(self) -> bool:
        is_away = self._window.view.page is self._window.view.away
        return is_away or bool(self.state.total or self.state.folders)

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


def _files(asked: Asked) -> list[Path]:
    """The files that a question is asked with."""
    return [Path.home() / Path(one.path).expanduser() for one in mentions(asked.query)]


def _naming(asked: Asked, error: MediaError) -> MediaError:
    """Say of which file an error tells, where only one is asked with and the error does not say it itself."""
    files = _files(asked)
    if len(files) != 1 or (name := readable(files[0].name)) in error.message:
        return error
    return MediaError(f"{name}: {said(error.message)}", error.remedy)


def _filters(asked: Asked) -> tuple[Part, ...]:
    try:
        return filters_in(asked.words)
    except QuerySyntaxError:  # only together with the picture they make a query
        return ()
