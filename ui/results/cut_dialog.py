"""Asks which stretch of a film or recording is to become a clip."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from search.records import Hit
from ui.language import number, tr
from ui.results.backend import Clip
from ui.wording import clock, file_name

MARGIN_S = 1.0
"""So much is cut before and after what was found."""
SHORTEST_S = 0.5
LONGEST_S = 60 * 60 * 24.0


class CutDialog(QDialog):
    """`wanted(Clip)` when one has chosen; begins with what was found and a second around it."""

    wanted = Signal(object)

    def __init__(self, clip: Clip, hit: Hit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clip = clip
        longest = hit.content.duration_s or LONGEST_S
        self.begin, self.end = _seconds(clip.start_s, longest), _seconds(clip.end_s, longest)
        self.told = QLabel()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = buttons.addButton(tr("Cut …"), QDialogButtonBox.ButtonRole.AcceptRole)
        form = QFormLayout()
        form.addRow(tr("&From second"), self.begin)
        form.addRow(tr("&To second"), self.end)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(tr("A new file is made of a part of {name}.", name=file_name(hit))))
        column.addLayout(form)
        column.addWidget(self.told)
        column.addWidget(buttons)
        self.setWindowTitle(tr("Cut a clip"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for field in (self.begin, self.end):
            field.valueChanged.connect(self._check)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        self._check()

    def _check(self) -> None:
        begin, end = self.begin.value(), self.end.value()
        is_good = end - begin >= SHORTEST_S
        self.go.setEnabled(is_good)
        said = (
            tr("{begin} to {end}, {n} s", begin=clock(begin), end=clock(end), n=number(end - begin, 1))
            if is_good
            else tr("The end must come after the beginning.")
        )
        self.told.setText(said)

    def _accept(self) -> None:
        self.wanted.emit(Clip(self._clip.path, self.begin.value(), self.end.value()))
        self.accept()


def _seconds(value: float, longest: float) -> QDoubleSpinBox:
    field = QDoubleSpinBox(decimals=1, maximum=longest, singleStep=0.5)
    field.setSuffix(" s")
    field.setValue(value)
    return field
