"""Two sliders for a picture that is to be otherwise: how much of it is kept, how much the change counts."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from search.changes import INSIST, KEEP, KEEP_UNTOLD
from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import Changed, walk
from ui.language import tr
from ui.query.bar import QueryBar
from ui.query.chips import Chips

WAIT_MS = 250


class ShareRow(QWidget):
    """Shown while the query has a `but`; the sliders write `keep:` and `insist:` into the text."""

    def __init__(self, bar: QueryBar, chips: Chips, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self._chips = bar, chips
        self.keep = _slider(tr("How much of the picture is kept"))
        self.insist = _slider(tr("How much the change counts"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 6)
        for text, slider in (
            (tr("Keep of the picture"), self.keep),
            (tr("Insist on the change"), self.insist),
        ):
            label = QLabel(text)
            label.setBuddy(slider)
            row.addWidget(label)
            row.addWidget(slider)
        row.addStretch(1)
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._waiting.timeout.connect(self._write)
        for slider in (self.keep, self.insist):
            slider.valueChanged.connect(lambda: self._waiting.start())
        bar.field.textChanged.connect(self._mirror)
        self.setVisible(False)

    @Slot()
    def _mirror(self) -> None:
        part = self._part()
        self.setVisible(part is not None)
        if part is not None:
            usual = KEEP_UNTOLD if part.described in (None, "tags") else KEEP
            _put(self.keep, usual if part.keep is None else part.keep)
            _put(self.insist, INSIST if part.insist is None else part.insist)

    @Slot()
    def _write(self) -> None:
        part = self._part()
        if part is not None:
            new = replace(part, keep=self.keep.value() / 100, insist=self.insist.value() / 100)
            if new != part:
                self._chips.change(part, new)

    def _part(self) -> Changed | None:
        text = self._bar.field.text()
        if " but" not in text:
            return None
        try:
            return next((part for part in walk(parse(text).root) if isinstance(part, Changed)), None)
        except QuerySyntaxError:
            return None


def _slider(name: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(0, 100)
    slider.setPageStep(10)
    slider.setFixedWidth(130)
    slider.setToolTip(name)
    slider.setAccessibleName(name)
    return slider


def _put(slider: QSlider, share: float) -> None:
    """Show a share without taking it for a choice."""
    slider.blockSignals(True)
    slider.setValue(round(100 * share))
    slider.blockSignals(False)
