"""Looking after a library: what is wrong with it and what it keeps in vain, then a click that mends it."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.language import mark, number, plural, tr
from ui.settings.backend import Ailment, Finding, Health, Tended
from ui.settings.names import size

_WRONG: dict[Ailment, str] = {
    "unfinished batch": mark("A run was killed; what it left half written is undone."),
    "missing table": mark("A part of the library is gone; it is made anew, empty."),
    "unreadable table": mark("A part of the library cannot be read."),
    "unnamed table": mark("A part of the library that nothing uses any more is deleted."),
    "duplicate": mark("Something is written down twice; one of it is kept."),
    "orphan": mark("Something is known of files that nothing else is known of; it is forgotten."),
    "unfinished": mark("Of some files not all was learned; the next update reads them again."),
    "bad vector": mark("What was learned of some files is spoilt; the next update reads them again."),
    "missing index": mark("What makes searching fast is not there; it is made."),
    "index behind": mark("What makes searching fast is not up to date; it is brought up to date."),
    "thumbnail": mark("Small pictures of files that are not in the library are deleted."),
}
_WORTH = 1_000_000
"""Freeing fewer bytes is not worth a word."""


class Care(QWidget):
    """`look_wanted`: say how the library is; `tend_wanted`: mend and tidy it up."""

    look_wanted = Signal()
    tend_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.told = QLabel(wordWrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.look_button = QPushButton(tr("Check the library"))
        self.tend_button = QPushButton(tr("Mend and tidy up"))
        self._build()
        self.forget()

    def forget(self) -> None:
        """Begin anew, as for another library, or where something went wrong."""
        self._say("")

    def busy(self, text: str) -> None:
        """Say what is under way."""
        self._say(text, busy=True)

    def show_health(self, health: Health) -> None:
        """Say what would be done."""
        lines = [*_said(health.findings), *_spare(health)]
        can_do = any(one.mends for one in health.findings) or bool(_spare(health))
        self._say("\n".join(lines) or tr("All is well, and nothing is kept for nothing."), can_do=can_do)

    def show_tended(self, tended: Tended) -> None:
        """Say what was done, and what could not be."""
        done = [tr("Done.")]
        if tended.mended:
            done.append(plural("{n} thing was mended.", "{n} things were mended.", len(tended.mended)))
        if tended.gone:
            done.append(
                plural(
                    "{n} file that is gone is forgotten.",
                    "{n} files that are gone are forgotten.",
                    tended.gone,
                )
            )
        if tended.bytes >= _WORTH:
            done.append(tr("{size} are free again.", size=size(tended.bytes)))
        if any(one.kind in ("missing table", "unfinished", "bad vector") for one in tended.mended):
            done.append(tr("Update all folders, so that what was incomplete is read again."))
        self._say("\n".join([" ".join(done), *_said(tended.left)]))

    def _say(self, text: str, *, busy: bool = False, can_do: bool = False) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.bar.setVisible(busy)
        self.look_button.setEnabled(not busy)
        self.tend_button.setVisible(can_do)

    def _build(self) -> None:
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.told.setAccessibleName(tr("How the library is"))
        self.bar.setRange(0, 0)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("The library is being gone through"))
        self.look_button.setToolTip(
            tr("Go through all of the library and say what would be done; changes nothing")
        )
        self.tend_button.setToolTip(
            tr("Do what is said above. Your files stay untouched, and nothing is lost.")
        )
        row = QHBoxLayout()
        row.addWidget(self.look_button)
        row.addWidget(self.tend_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.told)
        column.addWidget(self.bar)
        column.addLayout(row)
        self.look_button.clicked.connect(self.look_wanted)
        self.tend_button.clicked.connect(self.tend_wanted)


def _said(findings: Sequence[Finding]) -> list[str]:
    """Say each kind of finding once; what nobody can mend in the window is said in full."""
    kinds = Counter(one.kind for one in findings if one.mends)
    lines = [tr(_WRONG[kind]) + (f" ({number(count)})" if count > 1 else "") for kind, count in kinds.items()]
    return [*lines, *(f"{tr(_WRONG[one.kind])} {one.detail}" for one in findings if not one.mends)]


def _spare(health: Health) -> list[str]:
    lines = []
    if health.gone:
        lines.append(
            plural(
                "Something is still known of {n} file that is gone; it is forgotten.",
                "Something is still known of {n} files that are gone; it is forgotten.",
                health.gone,
            )
        )
    if health.bytes >= _WORTH:
        lines.append(
            tr(
                "About {size} are taken by earlier states and old pictures; they are freed.",
                size=size(health.bytes),
            )
        )
    return lines
