"""The row above a preview: the way to its neighbours, and what can be done with what is shown."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from search.records import MediaKind
from ui.icons import icon
from ui.language import tr
from ui.preview.buttons import tool_button


class Tools(QWidget):
    """Emits `step(int)`; the window connects the other buttons."""

    step = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.previous = tool_button(tr("Result before (↑)"))
        self.next = tool_button(tr("Next result (↓)"))
        self.search = tool_button(tr("Search from here"))
        self.region = tool_button(tr("Search a part: draw a box (R)"))
        self.frames = tool_button(tr("Frames: what matches, all, none (B)"))
        self.heat = tool_button(tr("Colour what answers on the page (H)"), checkable=True)
        self.large = tool_button(tr("As large as the window (F11)"), checkable=True)
        self.similar = QMenu(self.search)
        self.search.setMenu(self.similar)
        self.search.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(2)
        for part in (self.previous, self.next):
            row.addWidget(part)
        row.addStretch(1)
        for part in (self.search, self.region, self.heat, self.frames, self.large):
            row.addWidget(part)
        self.previous.clicked.connect(lambda: self.step.emit(-1))
        self.next.clicked.connect(lambda: self.step.emit(1))
        self.retint(self.palette())

    def show_kind(self, regions: bool, kind: MediaKind) -> None:
        """Offer what makes sense for a kind of file."""
        self.region.setVisible(regions)
        self.heat.setVisible(kind == "pdf")
        self.frames.setVisible(kind in ("image", "pdf"))

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        names = {
            self.previous: "previous",
            self.next: "next",
            self.search: "similar",
            self.region: "region",
            self.heat: "marker",
            self.frames: "frames",
            self.large: "enlarge",
        }
        for button, name in names.items():
            button.setIcon(icon(name, palette))
