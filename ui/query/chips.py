"""The chips below the query field: they mirror the text, and change it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from search.editing import negated, removed, replaced
from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import Changed, Clip, Face, Like, Mixed, Part, SoundLike
from ui.language import tr
from ui.query.bar import QueryBar
from ui.query.chip import Chip
from ui.query.parts import Item, Shown, Sign, items
from ui.saying import said
from ui.thumbnails import Thumbnails
from ui.wrapping import WrappingLayout

Extra = Callable[[Part], list[QAction]]
"""Further entries for the menu of a part."""


class Chips(QWidget):
    """Hidden while nothing of the query has a chip; dimmed while the text cannot be read.

    `edit_wanted` brings the part to be changed and the chip; `complaint` a sentence.
    """

    edit_wanted = Signal(object, object)
    complaint = Signal(str)

    def __init__(self, bar: QueryBar, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self._thumbnails = bar, thumbnails
        self._items: tuple[Item, ...] = ()
        self.chips: list[Chip] = []
        self.extra: Extra = lambda _: []
        self._row = WrappingLayout(self)
        self._row.setContentsMargins(10, 2, 10, 6)
        self.setAccessibleName(tr("Parts of the query"))
        self.setVisible(False)
        bar.field.textChanged.connect(self.mirror)
        thumbnails.loaded.connect(self._loaded)

    @Slot()
    def mirror(self) -> None:
        """Show the parts of what stands in the field."""
        text = self._bar.field.text()
        try:
            found = items(parse(text).root) if text.strip() else ()
        except QuerySyntaxError:
            self.setEnabled(False)
            return
        self.setEnabled(True)
        if found != self._items or _spans(found) != _spans(self._items):
            self._show(found)

    def change(self, old: Part, new: Part) -> None:
        """Put a part in the place of another, in the text and so in the chips."""
        self._edit(lambda text: replaced(text, old, new))

    def remove(self, shown: Shown) -> None:
        """Take a part out of the query."""
        self._edit(lambda text: removed(text, shown.whole))

    def negate(self, shown: Shown) -> None:
        """Rule out what was asked for, or ask for what was ruled out."""
        self._edit(lambda text: negated(text, shown.whole))

    def retint(self) -> None:
        """Follow a change of palette."""
        self._show(self._items)

    def _edit(self, change: Callable[[str], str]) -> None:
        try:
            text = change(self._bar.field.text())
        except QuerySyntaxError as error:
            self.complaint.emit(said(str(error)))
            return
        self._bar.set_words(text)

    def _show(self, found: tuple[Item, ...]) -> None:
        focused = next((n for n, chip in enumerate(self.chips) if chip is QApplication.focusWidget()), None)
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._items, self.chips = found, []
        self.setVisible(bool(found))
        for one in found:
            widget = self._chip(one) if isinstance(one, Shown) else _sign(one)
            self._row.addWidget(widget)
            widget.show()
        self.updateGeometry()
        if focused is not None:
            (self.chips[min(focused, len(self.chips) - 1)] if self.chips else self._bar.field).setFocus()

    def _chip(self, shown: Shown) -> Chip:
        chip = Chip(shown)
        self.chips.append(chip)
        chip.edit_wanted.connect(lambda: self.edit_wanted.emit(shown, chip))
        chip.remove_wanted.connect(lambda: self.remove(shown))
        chip.negate_wanted.connect(lambda: self.negate(shown))
        chip.menu_wanted.connect(lambda at: self._menu(shown, chip, at))
        if (look := self._look(shown.part)) is not None and (image := self._thumbnails.get(look)) is not None:
            chip.show_image(image)
        return chip

    def _menu(self, shown: Shown, chip: Chip, at: QPoint) -> None:
        menu = QMenu(chip)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(tr("Change …"), lambda: self.edit_wanted.emit(shown, chip))
        for action in self.extra(shown.part):
            action.setParent(menu)
            menu.addAction(action)
        menu.addAction(
            tr("Ask for it again") if shown.negated else tr("Rule it out"), lambda: self.negate(shown)
        )
        menu.addAction(tr("Take it out"), lambda: self.remove(shown))
        menu.popup(at)

    def _look(self, part: Part) -> Path | None:
        """The picture that shows what a part names, where it is one that this window knows."""
        base = part.base if isinstance(part, Mixed | Changed) else part
        if not isinstance(base, Like | Face | Clip | SoundLike):
            return None
        entry = self._bar.files.called(base.path)
        return None if entry is None else (entry.look or entry.path)

    @Slot(object)
    def _loaded(self, path: Path) -> None:
        for chip in self.chips:
            if self._look(chip.shown.part) == path and (image := self._thumbnails.get(path)) is not None:
                chip.show_image(image)


def _spans(found: tuple[Item, ...]) -> list[object]:
    return [one.whole.span for one in found if isinstance(one, Shown)]


def _sign(sign: Sign) -> QLabel:
    label = QLabel(sign.text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName("chip-sign")
    label.setMinimumHeight(28)
    return label
