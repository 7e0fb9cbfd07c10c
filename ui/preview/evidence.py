"""Why a hit matched: one row for each leg that found it, with a meter of how well; a click goes there."""

from html import escape
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QPushButton, QWidget

from search.records import Evidence, Hit, Locator, Whole
from ui.language import number, percent, tr
from ui.wording import place, readable, space_name, unit_in

LEAST = 0.005
"""What counts for less than half a percent is no reason."""

LONGEST = 200


class EvidenceView(QWidget):
    """Rows of name, meter and share; rebuilt for each hit. Emits `place_wanted(Locator, str | None)`: a place
    of the file, or of the one at that path, which a link joins it with."""

    place_wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)

    def show_hit(self, hit: Hit) -> None:
        """Show the evidence of a hit, the strongest first; where it answers the parts of a question, part by
        part in their order."""
        self._clear()
        parts = list(dict.fromkeys(one.part for one in hit.evidence if one.part is not None))
        parts_first = {part: n for n, part in enumerate([*parts, None])}
        ordered = sorted(hit.evidence, key=lambda one: (parts_first[one.part], -one.calibrated))
        ordered = [evidence for evidence in ordered if evidence.calibrated >= LEAST] or ordered[:1]
        before = None
        for evidence in ordered:
            if evidence.part != before:
                self._head(f"“{evidence.part}”" if evidence.part else tr("The whole question"))
            before = evidence.part
            self._add(evidence, unit_in(hit) if evidence.path is None else "page")

    def _head(self, text: str) -> None:
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        self._grid.addWidget(label, self._rows, 0, 1, 3)
        self._rows += 1

    def _add(self, evidence: Evidence, unit: str) -> None:
        other = readable(PurePath(evidence.path).name) if evidence.path else ""
        found = ", ".join(filter(None, (space_name(evidence.space), other, place(evidence.locator, unit))))
        name = QPushButton(found)
        name.setObjectName("reason")
        name.setFlat(True)
        name.setCursor(Qt.CursorShape.PointingHandCursor)
        name.clicked.connect(lambda: self.place_wanted.emit(evidence.locator, evidence.path))
        name.setEnabled(evidence.path is not None or _leads_somewhere(evidence.locator))
        meter = QProgressBar(textVisible=False, maximum=100)
        meter.setValue(round(100 * min(max(evidence.calibrated, 0.0), 1.0)))
        meter.setFixedHeight(6)
        meter.setAccessibleName(f"{found}: {percent(evidence.calibrated)}")
        share = QLabel(percent(evidence.calibrated))
        share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        text = " ".join((evidence.text or "").split())
        said = f"“{text[:LONGEST]}{' …' if len(text) > LONGEST else ''}”\n" if text else ""
        detail = said + tr(
            "Number {rank} among its kind, raw score {score}",
            rank=evidence.rank,
            score=number(evidence.score, 3),
        )
        for column, part in enumerate((name, meter, share)):
            part.setToolTip("<br>".join(escape(line, quote=False) for line in detail.splitlines()))
            self._grid.addWidget(part, self._rows, column)
        self._rows += 1

    def _clear(self) -> None:
        self._rows = 0
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


def _leads_somewhere(locator: Locator) -> bool:
    return locator != Whole()
