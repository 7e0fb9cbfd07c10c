"""Adding to the query by mouse: menus of what can be asked, and how it goes with what is asked already."""

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QMenu

from search.editing import Join, added
from search.query import Dates, Kinds, Lasting, Near, Part, Rated
from ui.language import mark, tr
from ui.query.bar import QueryBar
from ui.query.editors import (
    Choices,
    DateEditor,
    KindEditor,
    LengthEditor,
    NearEditor,
    PartEditor,
    StarsEditor,
    TextEditor,
)
from ui.query.language import PREFIXES, Prefix
from ui.query.popup import AddPopup

EXACT = Prefix("", mark("Exactly these words"), mark("these words in this order"), '"annual report"')
_FIRST = ("person", "date", "type", "in", "place")
_GROUPS: tuple[tuple[str, Sequence[str]], ...] = (
    (mark("&Words"), ("text", "page", "said", "", "name")),
    (mark("Pictures and &sounds"), ("scene", "object", "sound")),
    (mark("&More"), ("tag", "rating", "camera", "only", "duration", "lang", "ext", "near", "meta")),
    (mark("&Kept"), ("saved", "collection")),
)
_KNOWN = {one.name: one for one in (*PREFIXES, EXACT)}


class Builder:
    """Fills a menu, and opens the form of the entry that is chosen."""

    def __init__(self, bar: QueryBar, choices: Choices) -> None:
        self._bar, self._choices = bar, choices

    def fill(self, menu: QMenu) -> None:
        """Put an entry for each thing that can be asked into a menu."""
        for name in _FIRST:
            self._entry(menu, name)
        for title, names in _GROUPS:
            group = menu.addMenu(tr(title))
            group.setToolTipsVisible(True)
            for name in names:
                self._entry(group, name)
        menu.setToolTipsVisible(True)

    def open(self, name: str) -> AddPopup:
        """Open the form for a prefix below the field; "" is for exact words."""
        known = _KNOWN[name]
        heading = f"{tr(known.title)}: {tr(known.told)}"
        joined = bool(self._bar.field.text().strip())
        popup = AddPopup(heading, self._editor(name), joined, self._add, self._bar)
        popup.open_below(self._bar)
        return popup

    def _entry(self, menu: QMenu, name: str) -> None:
        known = _KNOWN[name]
        action = menu.addAction(f"{tr(known.title)} …")
        action.setToolTip(tr("{told}; typed: {example}", told=tr(known.told), example=known.example))
        action.triggered.connect(lambda: self.open(name))

    def _editor(self, name: str) -> PartEditor:
        forms: dict[str, Callable[[], PartEditor]] = {
            "date": lambda: DateEditor(Dates(date.today().replace(month=1, day=1), None)),
            "type": lambda: KindEditor(Kinds(())),
            "rating": lambda: StarsEditor(Rated(4, 5)),
            "duration": lambda: LengthEditor(Lasting(None, None)),
            "near": lambda: NearEditor(Near(0.0, 0.0, 10.0)),
        }
        return forms[name]() if name in forms else TextEditor(name, "", self._choices)

    def _add(self, part: Part, how: Join, within_s: float | None) -> None:
        self._bar.set_words(added(self._bar.field.text(), part, how, within_s))
