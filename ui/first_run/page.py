"""The page that a new library begins with: folders, what can be looked for, start."""

from collections.abc import Sequence
from math import inf
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.first_run.counting import Counted
from ui.icons import application_icon
from ui.language import tr
from ui.settings.backend import ModelOffer
from ui.settings.getting import ModelGetter
from ui.settings.models_page import with_consent
from ui.settings.names import NETWORK, get_words, size, task_name, terms
from ui.tick import Tick
from ui.wording import counts, readable

WIDTH = 620
_SHOWN = ("scene", "meaning", "ocr", "speech", "sound", "object", "face")
_SOURCES = ("ready", "to be made")


class FirstRunPage(QScrollArea):
    """`start_wanted` carries the folders that are ticked; `choose_wanted` when another one is to be added."""

    start_wanted = Signal(object)
    choose_wanted = Signal()
    all_models_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("First steps"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.boxes: dict[Path, QCheckBox] = {}
        self.get_buttons: dict[str, QPushButton] = {}
        self._offers: tuple[ModelOffer, ...] = ()
        self._getter: ModelGetter | None = None
        self.other_button = QPushButton(tr("Another folder …"))
        self.start_button = QPushButton(tr("Start"))
        self.more_button = QPushButton(tr("All models …"))
        self.bar = QProgressBar(textVisible=False)
        self.news = _text("")
        self._folders, self._models = QVBoxLayout(), QGridLayout()
        self._build()

    def use(self, getter: ModelGetter) -> None:
        """Get models with this."""
        self._getter = getter
        getter.changed.connect(self._show_progress)
        getter.ended.connect(self._ended)

    def offer_folder(self, folder: Path) -> None:
        """Offer a folder, once; what is in it is told later."""
        if folder not in self.boxes:
            box = Tick(tr("{folder}: counting …", folder=_named(folder)))
            box.setToolTip(readable(str(folder)))
            box.toggled.connect(self._offer_start)
            self.boxes[folder] = box
            self._folders.addWidget(box)

    def show_counted(self, one: Counted, ticked: bool | None = None) -> None:
        """Say what is in a folder that is offered; unless `ticked` says otherwise, something ticks it."""
        box = self.boxes[one.folder]
        what = counts(one.kinds) if one.total else tr("nothing to find by now")
        if one.total and not one.complete:
            what = tr("{counts} and more", counts=what)
        box.setText(f"{_named(one.folder)}: {what}")
        box.setChecked(one.total > 0 if ticked is None else ticked)

    def show_models(self, offers: Sequence[ModelOffer]) -> None:
        """Say for each task what serves it, or what it would cost."""
        self._offers = tuple(offers)
        while (item := self._models.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.get_buttons.clear()
        for row, task in enumerate(_SHOWN):
            self._add_task(row, task, [offer for offer in offers if offer.task == task])

    def retint(self) -> None:
        """Follow a change of palette: nothing here is drawn by ourselves."""

    def _add_task(self, row: int, task: str, offers: Sequence[ModelOffer]) -> None:
        used = next((offer for offer in offers if offer.used and offer.state in _SOURCES), None)
        best = _affordable(offers)
        self._models.addWidget(QLabel(task_name(task)), row, 0, Qt.AlignmentFlag.AlignTop)
        if used is not None:
            told = tr("ready ({id})", id=used.id)
        elif best is not None:
            known = (size(best.bytes),) if best.bytes else ()
            told = ", ".join((best.id, *known, terms(best)))
        else:
            by_command = next((offer.how for offer in offers if offer.how), "")
            told = (
                tr("not here; {by_command}", by_command=by_command)
                if by_command
                else tr("not here; see “All models”")
            )
        self._models.addWidget(_text(told), row, 1, Qt.AlignmentFlag.AlignTop)
        if used is None and best is not None:
            button = QPushButton(get_words(best))
            button.setAccessibleName(tr("Get {id} for: {task}", id=best.id, task=task_name(task)))
            button.setToolTip(f"{best.description}\n{tr(NETWORK)}")
            button.clicked.connect(lambda: self._get(best))
            self.get_buttons[best.id] = button
            self._models.addWidget(button, row, 2, Qt.AlignmentFlag.AlignTop)
        self._show_progress()

    def _get(self, offer: ModelOffer) -> None:
        getter = self._getter
        if getter is not None:
            with_consent(self, [offer], lambda: getter.get([offer.id]))

    def _show_progress(self) -> None:
        getter = self._getter
        if getter is None:
            return
        for id_, button in self.get_buttons.items():
            button.setEnabled(id_ not in getter.busy)
        self.bar.setVisible(bool(getter.current))
        if getter.current:
            total = next((offer.bytes for offer in self._offers if offer.id == getter.current), 0)
            self.bar.setRange(0, 1000 if total else 0)
            self.bar.setValue(min(1000, round(1000 * getter.done_bytes / total)) if total else 0)
            self.news.setText(getter.told_of({offer.id: offer.bytes for offer in self._offers}))

    def _ended(self, id_: str, how: str, message: str) -> None:
        if self._getter is not None and not self._getter.current:
            failed = self._getter.told_of({}) if how == "failed" else message
            self.news.setText(tr("{id} is there.", id=id_) if how == "done" else failed)

    def _offer_start(self) -> None:
        self.start_button.setEnabled(bool(self.ticked()))

    def ticked(self) -> list[Path]:
        """The folders that are chosen."""
        return [folder for folder, box in self.boxes.items() if box.isChecked()]

    def _build(self) -> None:
        inside = QWidget()
        outer = QVBoxLayout(inside)
        outer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        outer.addWidget(middle)
        column = QVBoxLayout(middle)
        column.setSpacing(8)
        sign = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        sign.setPixmap(application_icon().pixmap(56, 56))
        heading = QLabel(tr("What would you like to find?"), alignment=Qt.AlignmentFlag.AlignCenter)
        heading.setObjectName("heading")
        self._models.setColumnMinimumWidth(0, 150)
        self._models.setColumnStretch(1, 1)
        self._models.setHorizontalSpacing(12)
        self.bar.setAccessibleName(tr("How much of the model is there"))
        self.bar.setVisible(False)
        self.start_button.setDefault(True)
        self.start_button.setMinimumWidth(160)
        self.start_button.setEnabled(False)
        column.addWidget(sign)
        column.addWidget(heading)
        column.addWidget(
            _text(tr("Choose the folders that Crossfind may look into. Their files are only read."))
        )
        column.addLayout(self._folders)
        column.addWidget(self.other_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(8)
        column.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(8)
        column.addWidget(_part(tr("What can be found")))
        column.addWidget(_text(f"{tr('Words, names, dates and places always.')} {tr(NETWORK)}"))
        column.addLayout(self._models)
        column.addWidget(self.bar)
        column.addWidget(self.news)
        column.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setWidget(inside)
        self.start_button.clicked.connect(lambda: self.start_wanted.emit(self.ticked()))
        self.other_button.clicked.connect(self.choose_wanted)
        self.more_button.clicked.connect(self.all_models_wanted)


def _named(folder: Path) -> str:
    return readable(folder.name or str(folder)).replace("&", "&&")


def _affordable(offers: Sequence[ModelOffer]) -> ModelOffer | None:
    """The model to offer: the profile's, else the smallest that can be got."""
    able = [offer for offer in offers if offer.state == "available"]
    return min(able, key=lambda offer: (not offer.wished, offer.bytes or inf), default=None)


def _text(words: str) -> QLabel:
    label = QLabel(words, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _part(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("part")
    return label
