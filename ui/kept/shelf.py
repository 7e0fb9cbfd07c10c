"""Saved searches and collections: a menu that asks them again, adds to them, and leads to changing them."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from search.query import Collected
from search.records import Hit, SearchResult
from search.written import format as written
from ui.jobs import Jobs
from ui.kept.backend import Collection, KeptBackend, Removed, SavedSearch
from ui.kept.dialogs import NameDialog
from ui.language import number, plural, tr

T = TypeVar("T")


class Shelf(QObject):
    """`wanted(str)` is a query to ask; `told(text, button, act)` a message whose button acts.

    `fresh(digests)`: these of a saved search are new since it was looked at last.
    `failed` carries an error; `changed` tells that the lists are new. `hits` says which hits are chosen.
    """

    wanted = Signal(str)
    told = Signal(str, str, object)
    failed = Signal(object)
    changed = Signal()
    fresh = Signal(object)

    def __init__(
        self, backend: KeptBackend, jobs: Jobs, hits: Callable[[], Sequence[Hit]], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._hits, self._window = backend, jobs, hits, parent
        self.query = ""
        self.searches: Sequence[SavedSearch] = ()
        self.collections: Sequence[Collection] = ()
        self._awaited: SavedSearch | None = None
        self.menu = QMenu(tr("&Kept"), parent)
        self.save = self._action(tr("&Save this search …"), "Ctrl+S", self.ask_to_save)
        self.collect = self._action(tr("&Add to a collection …"), "Ctrl+D", self.ask_to_collect)
        self.manage = self._action(tr("&Rename or remove …"), "", self.show_all)
        self.menu.aboutToShow.connect(self.refresh)
        self._fill()

    def refresh(self, counted: bool = True) -> None:
        """Read again what is kept; counting what is new asks every saved search."""
        self._jobs.submit("kept lists", self._read, self._show, self.failed.emit)
        if counted:
            counting = partial(self._backend.saved_searches, True)
            self._jobs.submit("kept counts", counting, self._show_searches, self.failed.emit)

    def found(self, query: str, result: SearchResult) -> None:
        """Take over what was asked and found; what a saved search shows counts as seen."""
        self.query = query
        self.save.setEnabled(bool(query))
        saved, self._awaited = self._awaited, None
        if saved is not None and saved.query == query:
            digests = list(dict.fromkeys(hit.file.digest for hit in result.hits))
            self._do(lambda: self._backend.look_at_search(saved.name, digests), self._tell_fresh)

    def run(self, saved: SavedSearch) -> None:
        """Ask a saved search again."""
        self._awaited = saved
        self.wanted.emit(saved.query)

    def open_collection(self, name: str) -> None:
        """Show what is in a collection."""
        self.wanted.emit(written(Collected(name)))

    def ask_to_save(self) -> None:
        """Ask for a name for the search that is shown."""
        if self.query:
            self._ask(
                tr("Save this search"),
                tr("{query}\n\nA name for it:", query=self.query),
                tr("Save"),
                (),
                "",
                self.save_as,
            )

    def save_as(self, name: str) -> None:
        """Save the search that is shown."""
        query = self.query
        self._do(
            lambda: self._backend.save_search(name, query),
            lambda _: self._say(tr("Saved as {name}.", name=name)),
        )

    def ask_to_collect(self) -> None:
        """Ask which collection the chosen hits go into."""
        hits = list(self._hits())
        if not hits:
            return
        known = [one.name for one in self.collections]
        text = plural(
            "Add {n} result to which collection? A new name makes a new one.",
            "Add {n} results to which collection? A new name makes a new one.",
            len(hits),
        )
        name = known[0] if known else ""
        self._ask(tr("Add to a collection"), text, tr("Add"), known, name, lambda into: self.add(into, hits))

    def add(self, name: str, hits: Sequence[Hit]) -> None:
        """Put hits into a collection."""

        def done(new: int) -> None:
            self._say(_added(name, new, len(hits) - new), tr("Show it"), name)

        self._do(lambda: self._backend.add_to_collection(name, hits), done)

    def rename(self, kept: SavedSearch | Collection, name: str) -> None:
        """Give something another name."""
        act = (
            self._backend.rename_search if isinstance(kept, SavedSearch) else self._backend.rename_collection
        )
        self._do(lambda: act(kept.name, name), lambda _: None)

    def remove(self, kept: SavedSearch | Collection) -> None:
        """Forget something; the message offers to bring it back."""
        act = (
            self._backend.remove_search if isinstance(kept, SavedSearch) else self._backend.remove_collection
        )

        def done(removed: Removed) -> None:
            self.told.emit(
                tr("{name} is removed. No file was touched.", name=removed.name),
                tr("Undo"),
                partial(self.restore, removed),
            )

        self._do(lambda: act(kept.name), done)

    def restore(self, removed: Removed) -> None:
        """Bring back what was removed."""
        self._do(
            lambda: self._backend.restore_kept(removed),
            lambda _: self._say(tr("{name} is back.", name=removed.name)),
        )

    def show_all(self) -> None:
        """Show everything that is kept, to be renamed or removed."""
        from ui.kept.manage import ManageDialog

        self.refresh()
        ManageDialog(self, self._window).open()

    def _read(self) -> tuple[Sequence[SavedSearch], Sequence[Collection]]:
        return self._backend.saved_searches(False), self._backend.collections()

    def _show(self, found: tuple[Sequence[SavedSearch], Sequence[Collection]]) -> None:
        counted = {one.name: one for one in self.searches if one.found is not None}
        self.searches = [counted.get(one.name, one) for one in found[0]]
        self.collections = found[1]
        self._fill()

    def _show_searches(self, searches: Sequence[SavedSearch]) -> None:
        self.searches = searches
        self._fill()

    def _fill(self) -> None:
        self.menu.clear()
        self.menu.addActions([self.save, self.collect])
        self.menu.addSection(tr("Saved searches"))
        for saved in self.searches:
            self._entry(label_of(saved), saved.query, partial(self.run, saved))
        if not self.searches:
            self.menu.addAction(tr("None yet")).setEnabled(False)
        self.menu.addSection(tr("Collections"))
        for one in self.collections:
            self._entry(
                label_of(one), tr("Show {name}", name=one.name), partial(self.open_collection, one.name)
            )
        if not self.collections:
            self.menu.addAction(tr("None yet")).setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction(self.manage)
        self.manage.setEnabled(bool(self.searches or self.collections))
        self.changed.emit()

    def _entry(self, text: str, hint: str, act: Callable[[], None]) -> None:
        action = self.menu.addAction(text.replace("&", "&&"))
        action.setToolTip(hint)
        action.triggered.connect(lambda: act())

    def _do(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Change what is kept, then read it again."""

        def finished(result: T) -> None:
            done(result)
            self.refresh()

        self._jobs.submit("kept", work, finished, self.failed.emit)

    def _ask(
        self, title: str, text: str, button: str, known: Sequence[str], name: str, use: Callable[[str], None]
    ) -> None:
        dialog = NameDialog(title, text, button, known, name, self._window)
        dialog.named.connect(use)
        dialog.open()

    def _tell_fresh(self, digests: frozenset[str]) -> None:
        self.fresh.emit(digests)
        if digests:
            self._say(
                plural(
                    "{n} file is new since you looked last.",
                    "{n} files are new since you looked last.",
                    len(digests),
                )
            )

    def _say(self, text: str, button: str = "", collection: str = "") -> None:
        self.told.emit(text, button, partial(self.open_collection, collection))

    def _action(self, text: str, keys: str, act: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: act())
        return action


def _added(name: str, new: int, known: int) -> str:
    if not known:
        return plural("{n} result added to {name}.", "{n} results added to {name}.", new, name=name)
    return plural(
        "{n} result added to {name}, {known} were in it already.",
        "{n} results added to {name}, {known} were in it already.",
        new,
        name=name,
        known=known,
    )


def label_of(kept: SavedSearch | Collection) -> str:
    """Say a name and how much is in it, or new in it."""
    if isinstance(kept, Collection):
        return f"{kept.name}  ({kept.count:,})"
    if kept.problem:
        return tr("{name}  (cannot be asked)", name=kept.name)
    new = tr(", {new} new", new=number(kept.new)) if kept.new else ""
    return kept.name if kept.found is None else f"{kept.name}  ({kept.found:,}{new})"
