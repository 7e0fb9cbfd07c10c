"""What the library holds more than once, shown as groups among the results: looked at and opened as any hit.

Nothing is deleted here. All but the best of each group can be selected, to be dragged or listed elsewhere.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence

from ui.jobs import Jobs
from ui.language import plural, tr
from ui.results.backend import Alike, ResultsBackend
from ui.results.grouping import Group
from ui.saying import said
from ui.search_view import SearchView
from ui.wording import file_count, file_size

CHANNEL = "duplicates"


class Duplicates(QObject):
    """`told(text, button, act)` says what is under way or came out; `failed` carries an error."""

    told = Signal(str, str, object)
    failed = Signal(object)

    def __init__(
        self, backend: ResultsBackend, jobs: Jobs, view: SearchView, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._view = backend, jobs, view
        self.find = self._action(tr("Find all &duplicates"), "Ctrl+Shift+D")
        self.of_this = self._action(tr("Find duplicates of t&his"), "Ctrl+Alt+D")
        self.rest = self._action(tr("Select all but the &best of each group"), "Ctrl+Alt+A")
        self.actions_: Sequence[QAction] = (self.find, self.of_this, self.rest)
        self.find.triggered.connect(lambda: self.look())
        self.of_this.triggered.connect(self._look_for_current)
        self.rest.triggered.connect(self.select_rest)

    def allow(self, has_hits: bool) -> None:
        """Say whether there are hits to act on."""
        self.of_this.setEnabled(has_hits)
        self.rest.setEnabled(has_hits and self._view.results.hits.is_given)

    def look(self, path: str | None = None) -> None:
        """Find what is there more than once, or only what is the same as one file."""
        if self._jobs.busy(CHANNEL):
            return
        self.told.emit(tr("Looking for what is there more than once … you can go on meanwhile."), "", None)

        def done(found: Sequence[Alike]) -> None:
            of_it = [one for one in found if path is None or any(hit.file.path == path for hit in one.hits)]
            self._show(of_it, path)

        self._jobs.submit(CHANNEL, self._backend.duplicates, done, self.failed.emit)

    def select_rest(self) -> None:
        """Select all but the first of each group, which is the one with the most to see."""
        results = self._view.results
        results.select_hits(results.hits.all_but_firsts())
        results.setFocus()

    def _look_for_current(self) -> None:
        if (hit := self._view.results.current_hit()) is not None:
            self.look(hit.file.path)

    def _show(self, found: Sequence[Alike], path: str | None) -> None:
        if not found:
            nothing = (
                tr("Nothing is there twice.") if path is None else tr("There is no duplicate of this file.")
            )
            self.told.emit(nothing, "", None)
            return
        self._view.show_groups([group_of(number, one) for number, one in enumerate(found)])
        spare = sum(one.spare_bytes for one in found)
        told = plural(
            "{n} group of files that are alike; all but the best of each take {size}.",
            "{n} groups of files that are alike; all but the best of each take {size}.",
            len(found),
            size=file_size(spare),
        )
        self.told.emit(told, tr("Select all but the best"), self.select_rest)

    def _action(self, text: str, keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        return action


def group_of(number: int, alike: Alike) -> Group:
    """Show files that are alike below a heading."""
    files, size = file_count(len(alike.hits)), file_size(alike.spare_bytes)
    note = tr("{files}, {size} to spare", files=files, size=size)
    hits = tuple(replace(hit, text=said(hit.text or "") or None) for hit in alike.hits)
    return Group(f"{number}", said(alike.title), hits, note)
