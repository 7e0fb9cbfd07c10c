"""The pages of the window: a slim rail at the left, one button and one shortcut for each."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolBar, QToolButton, QWidget

from ui.icons import icon
from ui.language import tr

SEARCH = "search"
"""The place where the window begins, and where whoever asks something is led."""

_KEY = "place"


@dataclass(frozen=True, slots=True)
class Place:
    """One page: `name` is what the settings remember, `title` what a person reads, `page` what is shown."""

    name: str
    title: str
    icon: str
    page: QWidget
    action: QAction


class Places(QWidget):
    """Shows one page at a time; each keeps its state while another is shown.

    The first page added is shown at first. `turned` names the page that is shown now.
    """

    turned = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: dict[str, Place] = {}
        self._group = QActionGroup(self)
        self.rail = QToolBar(tr("Pages"))
        self.stack = QStackedWidget()
        self._build()

    @property
    def current(self) -> str:
        """The name of the page that is shown."""
        return next((name for name, one in self._places.items() if one.action.isChecked()), "")

    @property
    def actions_(self) -> list[QAction]:
        """One action for each page, for a menu."""
        return [place.action for place in self._places.values()]

    def add(self, name: str, title: str, icon_name: str, page: QWidget, hint: str = "") -> None:
        """Add a page with the next of Ctrl+1, Ctrl+2 … (on macOS Cmd) as its shortcut."""
        action = QAction(title, self, checkable=True)
        action.setShortcut(QKeySequence(f"Ctrl+{len(self._places) + 1}"))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{hint or title} ({keys})")
        action.triggered.connect(lambda: self._go_to(name))
        self._group.addAction(action)
        self._places[name] = Place(name, title, icon_name, page, action)
        self.stack.addWidget(page)
        self.rail.addAction(action)
        button = self.rail.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setAccessibleName(title)
            button.setMinimumWidth(64)
        if len(self._places) == 1:
            action.setChecked(True)
        self.rail.setVisible(len(self._places) > 1)
        self.retint(self.palette())

    def turn_to(self, name: str) -> None:
        """Show a page; a name that no page has changes nothing."""
        place = self._places.get(name)
        if place is None:
            return
        place.action.setChecked(True)
        if self.stack.currentWidget() is not place.page:
            self.stack.setCurrentWidget(place.page)
            self.turned.emit(name)

    def on(self, name: str, shown: Callable[[], None]) -> None:
        """Call `shown` whenever this page is turned to."""
        self.turned.connect(lambda now: shown() if now == name else None)

    def remember(self, settings: QSettings) -> None:
        """Write down which page is shown."""
        settings.setValue(_KEY, self.current)

    def recall(self, settings: QSettings) -> None:
        """Show the page of the last time."""
        self.turn_to(str(settings.value(_KEY, "")))

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        for place in self._places.values():
            place.action.setIcon(icon(place.icon, palette))

    def _go_to(self, name: str) -> None:
        self.turn_to(name)
        self._places[name].page.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build(self) -> None:
        self.rail.setOrientation(Qt.Orientation.Vertical)
        self.rail.setObjectName("rail")
        self.rail.setMovable(False)
        self.rail.setIconSize(QSize(22, 22))
        self.rail.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.rail.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self.stack, 1)
