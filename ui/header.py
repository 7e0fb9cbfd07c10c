"""The bar at the top: folders, the query, order, picture size, preview."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPalette
from PySide6.QtWidgets import QMenu, QSlider, QToolBar, QToolButton, QWidget

from ui.actions import Actions
from ui.backend import IndexedFolder
from ui.icons import icon
from ui.language import tr
from ui.query.bar import QueryBar
from ui.results.hit_delegate import LARGEST, SMALLEST, USUAL
from ui.wording import readable


class Header(QToolBar):
    """`folder_chosen` names an indexed folder that is to be updated."""

    folder_chosen = Signal(object)

    def __init__(self, actions: Actions, query: QueryBar, parent: QWidget | None = None) -> None:
        super().__init__(tr("Query"), parent)
        self._actions = actions
        self.folders = QMenu(tr("Folders"), self)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.order_button = QToolButton()
        self._folder_button = QToolButton()
        self._build(query)
        self.show_folders(())

    def show_folders(self, folders: Sequence[IndexedFolder]) -> None:
        """List the indexed folders in the menu of the first button."""
        self.folders.clear()
        self.folders.addAction(self._actions.add_folder)
        self.folders.addAction(self._actions.update_library)
        if folders:
            self.folders.addSeparator()
        for folder in folders:
            self.folders.addAction(self._folder_action(folder))

    def retint(self, palette: QPalette) -> None:
        """Follow a change of palette."""
        self.order_button.setIcon(icon("order", palette))

    def step(self, direction: int) -> None:
        """Make the pictures one step larger (1) or smaller (-1)."""
        self.slider.setValue(self.slider.value() + direction * self.slider.pageStep())

    def _folder_action(self, folder: IndexedFolder) -> QAction:
        path = readable(str(folder.path)).replace("&", "&&")
        action = QAction(path if folder.present else tr("{path} (not connected)", path=path), self.folders)
        action.setEnabled(folder.present)
        action.setToolTip(tr("Index what is new or changed in this folder"))
        action.triggered.connect(lambda: self.folder_chosen.emit(folder.path))
        return action

    def _build(self, query: QueryBar) -> None:
        self.setMovable(False)
        self.setFloatable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._folder_button.setDefaultAction(self._actions.add_folder)
        self._folder_button.setMenu(self.folders)
        self._folder_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._folder_button.setAccessibleName(tr("Folders"))
        menu = QMenu(tr("Order"), self)
        menu.addActions(self._actions.orders.actions())
        menu.addSeparator()
        menu.addAction(self._actions.weak)
        self.order_button.setMenu(menu)
        self.order_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.order_button.setToolTip(tr("In which order results are shown, and how weak they may be"))
        self.order_button.setAccessibleName(tr("Order"))
        self.slider.setRange(SMALLEST, LARGEST)
        self.slider.setValue(USUAL)
        self.slider.setPageStep(32)
        self.slider.setFixedWidth(110)
        self.slider.setToolTip(tr("Size of the pictures"))
        self.slider.setAccessibleName(tr("Size of the pictures"))
        self.addAction(self._actions.facets)
        for part in (self._folder_button, query, self.order_button, self.slider):
            self.addWidget(part)
        self.addAction(self._actions.preview)
