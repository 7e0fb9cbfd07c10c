"""The settings' dialog: a list of pages at the left, the page at the right. Every change counts at once."""

from PySide6.QtCore import QSettings, QSize
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.language import tr
from ui.notices import NoticeBar
from ui.settings.fields import Fields
from ui.settings.getting import ModelGetter
from ui.settings.learning_page import LearningPage, PrivacyPage
from ui.settings.library_page import LibraryPage
from ui.settings.looks import LooksPage
from ui.settings.models_page import ModelsPage
from ui.settings.page import Page
from ui.settings.running_pages import AdvancedPage, RunningPage
from ui.settings.shortcuts import Shortcuts, ShortcutsPage
from ui.style import style_sheet


class SettingsDialog(QDialog):
    """Shows the pages; `fields` are the editors of the settings file."""

    def __init__(self, getter: ModelGetter, shortcuts: Shortcuts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.fields = Fields(self)
        self.library = LibraryPage(self.fields)
        self.learning = LearningPage(self.fields)
        self.models = ModelsPage(self.fields, getter)
        self.running = RunningPage(self.fields)
        self.privacy = PrivacyPage()
        self.looks = LooksPage()
        self.shortcuts = ShortcutsPage(shortcuts)
        self.advanced = AdvancedPage(self.fields)
        self.notice = NoticeBar()
        self.names, self.stack = QListWidget(), QStackedWidget()
        self._build()

    @property
    def pages(self) -> tuple[Page, ...]:
        """All pages, in their order."""
        return (
            self.library,
            self.learning,
            self.models,
            self.running,
            self.privacy,
            self.looks,
            self.shortcuts,
            self.advanced,
        )

    def turn_to(self, page: Page) -> None:
        """Show a page."""
        self.names.setCurrentRow(self.pages.index(page))

    def recall(self, settings: QSettings | None) -> None:
        """Restore the size, if there is one."""
        size = settings.value("settings/size") if settings is not None else None
        self.resize(size if isinstance(size, QSize) else QSize(900, 680))

    def _build(self) -> None:
        for page in self.pages:
            self.names.addItem(page.title)
            self.stack.addWidget(page)
        self.names.setSpacing(2)
        self.names.setAccessibleName(tr("Pages of the settings"))
        self.names.setFixedWidth(self.names.sizeHintForColumn(0) + 36)
        self.names.currentRowChanged.connect(self.stack.setCurrentIndex)
        self.names.setCurrentRow(0)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(self.names)
        row.addWidget(self.stack, 1)
        column = QVBoxLayout(self)
        column.addWidget(self.notice)
        column.addLayout(row, 1)
        column.addWidget(buttons)
        self.setMinimumSize(640, 420)
        self.setStyleSheet(style_sheet(self.palette()))
