"""What is learned from files, how far each of it is in the run under way, and how hard that may work."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from search.records import Learned, Progress
from ui.indexing.backend import LearnedFacts, Overview
from ui.language import percent, tr
from ui.settings.names import learned_name
from ui.tick import Tick, TickedDelegate
from ui.wording import LEAST_SPEED, file_count, kind_name, part_of, speed, time_left

_NAME = Qt.ItemDataRole.UserRole
_NOW = 2


class LearnedList(QWidget):
    """`switched(name, on)`; `only_wanted(name)`: a run that learns just this."""

    switched = Signal(str, bool)
    only_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = self._is_running = False
        self._items: dict[str, QTreeWidgetItem] = {}
        self.list = QTreeWidget()
        self.list.setItemDelegate(TickedDelegate(self.list))
        self.only_button = QPushButton(tr("Catch up with just this"))
        self._build()

    def show_learned(self, overview: Overview, is_running: bool) -> None:
        """Show what is learned; it cannot be chosen anew while files are being read."""
        self._showing, self._is_running = True, is_running
        if self._items.keys() != {one.name for one in overview.learned}:
            self.list.clear()
            self._items = {one.name: QTreeWidgetItem(self.list) for one in overview.learned}
        for facts in overview.learned:
            self._fill(self._items[facts.name], facts)
        rows = max(3, len(self._items)) * max(self.list.sizeHintForRow(0), self.fontMetrics().height())
        self.list.setFixedHeight(rows + self.list.header().sizeHint().height() + 8)
        self._showing = False
        self._enable()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the run under way is; None: there is none."""
        told: Mapping[str, Learned] = {one.name: one for one in progress.learned} if progress else {}
        self._showing = True
        for name, item in self._items.items():
            item.setText(_NOW, said_of(told[name]) if name in told else "")
        self._showing = False

    def _fill(self, item: QTreeWidgetItem, facts: LearnedFacts) -> None:
        item.setText(0, learned_name(facts.name))
        item.setData(0, _NAME, facts.name)
        item.setCheckState(0, Qt.CheckState.Checked if facts.on else Qt.CheckState.Unchecked)
        may = Qt.ItemFlag.ItemIsUserCheckable
        item.setFlags(item.flags() & ~may if self._is_running else item.flags() | may)
        item.setToolTip(0, tr("From {kinds}", kinds=", ".join(map(kind_name, facts.reads))))
        item.setText(1, file_count(facts.files) if facts.on or facts.files else tr("off"))

    @Slot(QTreeWidgetItem, int)
    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        if not self._showing and column == 0:
            self.switched.emit(item.data(0, _NAME), item.checkState(0) == Qt.CheckState.Checked)

    @Slot()
    def _only(self) -> None:
        if items := self.list.selectedItems():
            self.only_wanted.emit(items[0].data(0, _NAME))

    @Slot()
    def _enable(self) -> None:
        items = self.list.selectedItems()
        is_on = bool(items) and items[0].checkState(0) == Qt.CheckState.Checked
        self.only_button.setEnabled(is_on and not self._is_running)

    def _build(self) -> None:
        self.list.setHeaderLabels([tr("What is learned"), tr("Learned from"), tr("In this run")])
        self.list.setRootIsDecorated(False)
        self.list.setColumnWidth(0, 240)
        self.list.setColumnWidth(1, 120)
        self.list.setAccessibleName(tr("What is learned from files"))
        self.only_button.setToolTip(tr("Read the files again for what is selected, and for nothing else"))
        row = QHBoxLayout()
        row.addWidget(self.only_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(row)
        self.list.itemChanged.connect(self._changed)
        self.list.itemSelectionChanged.connect(self._enable)
        self.only_button.clicked.connect(self._only)
        self._enable()


class EffortBar(QWidget):
    """How hard a run works; `chosen(percent, on_power, when_idle)` holds at once, in mid-run too."""

    chosen = Signal(int, bool, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.effort = QComboBox()
        for share, text in (
            (100, tr("at full speed")),
            (50, tr("half of the time")),
            (25, tr("a quarter of the time")),
        ):
            self.effort.addItem(text, share)
        self.on_power = Tick(tr("Only on mains power"))
        self.when_idle = Tick(tr("Only while other programs need little"))
        label = QLabel(tr("&Work"))
        label.setBuddy(self.effort)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (label, self.effort, self.on_power, self.when_idle):
            row.addWidget(part)
        row.addStretch(1)
        self.effort.setAccessibleName(tr("How hard indexing works"))
        self.effort.activated.connect(self._choose)
        self.on_power.toggled.connect(self._choose)
        self.when_idle.toggled.connect(self._choose)

    def show_effort(self, effort: int, on_power: bool, when_idle: bool) -> None:
        """Show what holds; `effort` in percent."""
        self._showing = True
        if self.effort.findData(effort) < 0:
            self.effort.addItem(tr("{n} % of the time", n=effort), effort)
        self.effort.setCurrentIndex(self.effort.findData(effort))
        self.on_power.setChecked(on_power)
        self.when_idle.setChecked(when_idle)
        self._showing = False

    @Slot()
    def _choose(self) -> None:
        if not self._showing:
            effort = int(self.effort.currentData())
            self.chosen.emit(effort, self.on_power.isChecked(), self.when_idle.isChecked())


def said_of(one: Learned) -> str:
    """Say how far something is: 12 of 60 · 3.1 files/s · 15 s left; a film: 0 of 1 · 40% · 9 min left."""
    parts = [part_of(one.done, one.total)]
    if one.under_way:
        parts.append(percent(one.read / one.total))
    if one.done < one.total and one.files_per_s >= LEAST_SPEED:
        parts.append(speed(one.files_per_s))
    if one.done < one.total and one.files_per_s > 0:
        parts.append(time_left((one.total - one.read) / one.files_per_s))
    return " · ".join(parts)
