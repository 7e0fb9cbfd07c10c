"""The row under a document: which page, slide or chapter is shown, and the way to its neighbours."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.icons import icon
from ui.language import tr
from ui.preview.buttons import tool_button
from ui.wording import unit_name


class PageBar(QWidget):
    """Emits `page_wanted(int)`, a page from 1."""

    page_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._pages, self._unit = 1, 1, "page"
        self.label = QLabel()
        self.before = tool_button(tr("Page before (Page Up)"))
        self.after = tool_button(tr("Next page (Page Down)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.addStretch(1)
        for part in (self.before, self.label, self.after):
            row.addWidget(part)
        row.addStretch(1)
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self.retint(self.palette())

    def show_page(self, page: int, pages: int, unit: str = "") -> None:
        """Show which page is there; `unit` is what it is called, as before where that is not said."""
        self._unit = unit or self._unit
        self._page, self._pages = page, max(page, pages)
        unit = unit_name(self._unit)
        self.label.setText(
            tr("{unit} {page} of {pages}", unit=unit[:1].upper() + unit[1:], page=page, pages=self._pages)
        )
        self.before.setEnabled(page > 1)
        self.after.setEnabled(page < self._pages)

    def turn(self, by: int) -> None:
        """Ask for another page, if there is one."""
        wanted = self._page + by
        if 1 <= wanted <= self._pages:
            self.page_wanted.emit(wanted)

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        for button, name in ((self.before, "previous"), (self.after, "next")):
            button.setIcon(icon(name, palette))
