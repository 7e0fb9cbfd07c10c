"""Suggests below the field how the query may go on, and what was asked before."""

import re
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent

from search.records import Suggestion
from ui.language import mark, number, tr
from ui.query.bar import QueryBar
from ui.query.field import characters, units
from ui.query.history import History
from ui.query.language import VALUES, hints
from ui.query.proposals import Proposals
from ui.query.suggestions import Entry, SuggestionList

WAIT_MS = 80
HINTS = 4
_NOTES = {
    "person": mark("Person"),
    "tag": mark("Tag"),
    "saved": mark("Saved search"),
    "collection": mark("Collection"),
    "folder": mark("Folder"),
    "place": mark("Place"),
    "camera": mark("Camera"),
    "word": "",
    "meant": mark("Did you mean this?"),
}
_LAST = re.compile(r"(?:(?P<prefix>[a-z]+):)?(?P<start>[^\s\"():]*)$", re.IGNORECASE)


class Completion(QObject):
    """Up and Down choose, Enter and Tab take what is chosen, Esc hides the list; Enter is never stolen."""

    def __init__(
        self, bar: QueryBar, proposals: Proposals, history: History, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bar, self._field = bar, bar.field
        self._proposals, self._history = proposals, history
        self._tail = ""
        self.list = SuggestionList(bar.field)
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._waiting.timeout.connect(self.suggest)
        self._field.assistant = self.press
        self._field.is_assisted = self.list.isVisible
        self._field.textEdited.connect(self._typed)
        self._field.left.connect(self.hide)
        bar.rewritten.connect(self.hide)
        self.list.taken.connect(self.take)
        bar.history_wanted.connect(self.show_history)

    @Slot()
    def suggest(self) -> None:
        """Ask how what stands before the cursor may go on."""
        text = self._field.text()
        at = characters(text, self._field.cursorPosition())
        head, self._tail = text[:at], text[at:]
        if not head.strip() or (self._tail and not self._tail[0].isspace()):
            self.hide()
            return
        self._proposals.ask(head, lambda found: self._show(head, found))

    @Slot()
    def show_history(self) -> None:
        """Show what was asked before."""
        self._field.setFocus()
        self._waiting.stop()
        self._tail = ""
        entries = [Entry(query, self._told(query), tr("Asked before")) for query in self._history.queries]
        if entries:
            entries.append(Entry("", tr("Forget these queries"), "", "forget"))
        else:
            entries = [Entry("", tr("Nothing was asked before"), "", "forget")]
        self.list.show_entries(entries)

    @Slot()
    def hide(self) -> None:
        """Suggest nothing any more."""
        self._waiting.stop()
        self._proposals.forget()
        self.list.hide()

    def press(self, event: QKeyEvent) -> bool:
        """Use a key of the field; False leaves it to the field."""
        key = event.key()
        if not self.list.isVisible():
            if key == Qt.Key.Key_Up and not self._field.text():
                self.show_history()
                return True
            return False
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key == Qt.Key.Key_Escape:
            self.hide()
            return True
        chosen = self.list.chosen
        if chosen is not None and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab):
            self.take(chosen)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hide()
        return False

    @Slot(object)
    def take(self, entry: Entry) -> None:
        """Put a suggestion into the field, and ask or let the person go on."""
        self.hide()
        if entry.then == "forget":
            self._history.forget()
            return
        tail = self._tail.lstrip()
        gap = " " if tail or entry.then == "ask" else ""
        if entry.then == "goes on":
            self._field.setText(f"{entry.text}{gap}{tail}")
            self._field.setCursorPosition(units(entry.text, len(entry.text)))
            self.suggest()
            return
        self._bar.set_words(f"{entry.text}{gap}{tail}")
        at = len(self._field.text()) - len(tail)
        self._field.setCursorPosition(units(self._field.text(), at))

    @Slot()
    def _typed(self) -> None:
        if self._field.text():
            self._waiting.start()
        else:
            self.hide()

    def _show(self, head: str, found: Sequence[Suggestion]) -> None:
        if self._field.text() != head + self._tail or not self._field.hasFocus():
            return
        named = [_entry(head, one) for one in found if one.kind != "word"]
        words = [_entry(head, one) for one in found if one.kind == "word"]
        self.list.show_entries([*named, *_of_language(head), *words])

    def _told(self, query: str) -> str:
        """A query of before with short names for files; the names are given when it is taken."""
        return self._bar.files.shortened(query)[1]


def _entry(head: str, one: Suggestion) -> Entry:
    note = tr(_NOTES[one.kind])
    if one.count and one.kind != "word":
        note = f"{note} · {number(one.count)}"
    elif one.count:
        note = f"{number(one.count)} ×"
    return Entry(one.text, one.text if one.kind == "meant" else _new(head, one.text), note)


def _new(head: str, text: str) -> str:
    """What of a text is new: all from the word on in which it begins to differ."""
    pairs = zip(head, text, strict=False)
    same = next((n for n, (old, new) in enumerate(pairs) if old != new), min(len(head), len(text)))
    begin = max(text.rfind(sign, 0, same) for sign in " (") + 1
    return text[begin:] or text


def _of_language(head: str) -> Iterator[Entry]:
    """Suggest prefixes, and what may stand behind one in every library."""
    last = _LAST.search(head)
    if last is None:
        return
    start, before = last["start"], head[: last.start()]
    if prefix := (last["prefix"] or "").lower():
        for value, told in VALUES.get(prefix, ()):
            if value.startswith(start) and value != start:
                yield Entry(f"{before}{prefix}:{value}", f"{prefix}:{value}", tr(told))
        return
    for one in hints(start)[:HINTS]:
        yield Entry(f"{before}{one.name}:", f"{one.name}:", f"{tr(one.told)}, {one.example}", "goes on")
