"""What Crossfind is, and the licences of what it is made of."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.icons import application_icon
from ui.language import mark, tr
from ui.saying import said
from ui.settings.backend import About, ModelOffer
from ui.settings.names import task_name, terms
from ui.style import style_sheet

_TEXT = mark(
    "Finds anything in your own files by what is in them. "
    "It works on this computer and never changes your files.\n"
    "Free software under the GNU Affero General Public License, version 3 or later."
)


class AboutDialog(QDialog):
    """The version, the libraries and the models with their licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About Crossfind"))
        self.heading = QLabel("Crossfind")
        self.heading.setObjectName("heading")
        self.libraries = _table([tr("Library"), tr("Version"), tr("Licence")])
        self.models = _table([tr("Model"), tr("For"), tr("Licence and training")])
        self._build()

    def show_about(self, about: About) -> None:
        """Fill in the version and the libraries."""
        self.heading.setText(f"Crossfind {about.version}")
        self.libraries.clear()
        self.libraries.addTopLevelItems(
            [QTreeWidgetItem([one.name, one.version, said(one.licence)]) for one in about.components]
        )

    def show_models(self, offers: Sequence[ModelOffer]) -> None:
        """Fill in the models that are there."""
        self.models.clear()
        for offer in offers:
            if offer.state in ("ready", "to be made"):
                told = "; ".join(filter(None, (terms(offer), said(offer.training))))
                item = QTreeWidgetItem([offer.id, task_name(offer.task), told])
                item.setToolTip(2, told)
                self.models.addTopLevelItem(item)

    def _build(self) -> None:
        sign = QLabel()
        sign.setPixmap(application_icon().pixmap(64, 64))
        text = QLabel(tr(_TEXT), wordWrap=True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.addWidget(self.heading)
        words.addWidget(text)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        tabs = QTabWidget()
        tabs.addTab(self.libraries, tr("Libraries"))
        tabs.addTab(self.models, tr("Models"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(tabs, 1)
        column.addWidget(buttons)
        self.setStyleSheet(style_sheet(self.palette()))
        self.resize(680, 520)


def _table(columns: Sequence[str]) -> QTreeWidget:
    table = QTreeWidget()
    table.setHeaderLabels(list(columns))
    table.setRootIsDecorated(False)
    table.setColumnWidth(0, 220)
    table.setColumnWidth(1, 130)
    table.setAccessibleName(columns[0])
    return table
