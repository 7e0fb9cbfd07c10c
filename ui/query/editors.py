"""Small forms, one for each kind of part of a query. Each gives the part as it is filled in."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from PySide6.QtCore import QDate, QStringListModel, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from search import prefixes
from search.mentions import quoted
from search.parser import parse
from search.query import Changed, Dates, Kinds, Lasting, Near, Part, Phrase, Rated, Scored, month_end
from search.records import MediaKind
from search.written import format as written
from ui.language import day_pattern, tr
from ui.tick import Tick
from ui.wording import kind_name

Choices = Callable[[str, str, Callable[[Sequence[str]], None]], None]
"""Asks for what may stand behind a prefix and begins with a text; the answer comes later."""

CHOSEN_FROM = ("person", "only", "tag", "in", "camera", "place", "saved", "collection")


class PartEditor(QWidget):
    """`part` is what is filled in; `finished` comes when it plainly is complete, `grown` with its size."""

    finished = Signal()
    grown = Signal()

    def part(self) -> Part:
        """Return the part. Raises `QuerySyntaxError` when there is none."""
        raise NotImplementedError


class TextEditor(PartEditor):
    """Words behind a prefix, chosen from what the library holds where there is something to choose."""

    def __init__(self, prefix: str, text: str, choices: Choices) -> None:
        super().__init__()
        self._prefix, self._choices = prefix, choices
        self.line = QLineEdit(text)
        self.line.setAccessibleName(tr("What to look for"))
        self.line.setMinimumWidth(280)
        self.line.returnPressed.connect(self.finished)
        self._names = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._names)
        self.list.setAccessibleName(tr("What there is"))
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setVisible(False)
        self.list.setFixedHeight(150)
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self._waiting = QTimer(self, singleShot=True, interval=120)
        self._waiting.timeout.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.setFocusProxy(self.line)
        if prefix in CHOSEN_FROM:
            self.line.textEdited.connect(lambda: self._waiting.start())
            choices(prefix, "", self._show)

    def part(self) -> Part:
        text = self.line.text().strip()
        return Phrase(text) if text and not self._prefix else parse(f"{self._prefix}:{quoted(text)}").root

    def _ask(self) -> None:
        self._choices(self._prefix, self.line.text().rpartition(",")[2].strip(), self._show)

    def _show(self, names: Sequence[str]) -> None:
        if isValid(self):  # the answer may come when the form is closed
            self._names.setStringList(list(names))
            self.list.setVisible(bool(names))
            self.grown.emit()

    def _choose(self) -> None:
        name = self.list.currentIndex().data()
        if self._prefix == "only":
            before, comma, _ = self.line.text().rpartition(",")
            self.line.setText(f"{before}{comma} {name}".strip())
            return
        self.line.setText(str(name))
        self.finished.emit()


class DateEditor(PartEditor):
    """From a day, to a day, both or one of them; usual stretches with one choice."""

    def __init__(self, part: Dates) -> None:
        super().__init__()
        today = date.today()
        self.first, self.last = _day(part.first or today), _day(part.last or today)
        self.from_, self.to = Tick(tr("From")), Tick(tr("To"))
        self.usual = QComboBox()
        self.usual.setAccessibleName(tr("Usual stretches of time"))
        self.usual.addItem(tr("Choose …"))
        for name, _, _ in _stretches(today):
            self.usual.addItem(name)
        self.usual.activated.connect(self._take)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("Usual"), self.usual)
        for box, edit, end in ((self.from_, self.first, part.first), (self.to, self.last, part.last)):
            edit.setEnabled(end is not None)
            edit.setAccessibleName(tr("From day") if box is self.from_ else tr("To day"))
            box.setChecked(end is not None)
            box.toggled.connect(edit.setEnabled)
            form.addRow(box, edit)

    def part(self) -> Part:
        first = _python(self.first) if self.from_.isChecked() else None
        last = _python(self.last) if self.to.isChecked() else None
        return parse(f"date:{first or ''}..{last or ''}").root

    def _take(self, row: int) -> None:
        if row:
            _, first, last = _stretches(date.today())[row - 1]
            self._set(first, last)
            self.finished.emit()

    def _set(self, first: date, last: date) -> None:
        for box, edit, day in ((self.from_, self.first, first), (self.to, self.last, last)):
            box.setChecked(True)
            edit.setDate(QDate(day.year, day.month, day.day))


def _day(day: date) -> QDateEdit:
    edit = QDateEdit(QDate(day.year, day.month, day.day))
    edit.setCalendarPopup(True)
    edit.setDisplayFormat(day_pattern())
    return edit


def _python(edit: QDateEdit) -> date:
    day = edit.date()
    return date(day.year(), day.month(), day.day())


def _stretches(today: date) -> list[tuple[str, date, date]]:
    """Usual stretches of time: name, first and last day."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    year = today.year
    return [
        (tr("Today"), today, today),
        (tr("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (tr("The last seven days"), today - timedelta(days=6), today),
        (tr("This month"), first, month_end(first.year, first.month)),
        (tr("Last month"), before.replace(day=1), before),
        *((str(one), date(one, 1, 1), date(one, 12, 31)) for one in range(year, year - 6, -1)),
    ]


class KindEditor(PartEditor):
    """Which kinds of file."""

    def __init__(self, part: Kinds) -> None:
        super().__init__()
        self.boxes: dict[MediaKind, Tick] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for kind in dict.fromkeys(prefixes.KINDS.values()):
            self.boxes[kind] = Tick(kind_name(kind))
            self.boxes[kind].setChecked(kind in part.kinds)
            column.addWidget(self.boxes[kind])

    def part(self) -> Part:
        chosen = ",".join(kind for kind, box in self.boxes.items() if box.isChecked())
        return parse(f'type:"{chosen}"').root


class StarsEditor(PartEditor):
    """From so many stars to so many."""

    def __init__(self, part: Rated) -> None:
        super().__init__()
        self.least, self.most = _number(-1, 5, part.least), _number(-1, 5, part.most)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("At least"), self.least)
        form.addRow(tr("At most"), self.most)
        for spin, name in ((self.least, tr("At least")), (self.most, tr("At most"))):
            spin.setAccessibleName(tr("{least_or_most} so many stars", least_or_most=name))
            spin.setToolTip(tr("0 means not rated, −1 rejected"))

    def part(self) -> Part:
        least, most = self.least.value(), self.most.value()
        return parse(f"rating:{least}" if least == most else f"rating:{least}..{most}").root


def _number(least: int, most: int, value: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(least, most)
    spin.setValue(value)
    return spin


class LengthEditor(PartEditor):
    """From one length to another, as a clock shows them or with s, m, h."""

    def __init__(self, part: Lasting) -> None:
        super().__init__()
        self.least, self.most = QLineEdit(_told(part.least_s)), QLineEdit(_told(part.most_s))
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        for name, line in ((tr("At least"), self.least), (tr("At most"), self.most)):
            line.setPlaceholderText(tr("1:30, 90s or 5m; empty for any"))
            line.setMinimumWidth(240)
            line.setAccessibleName(tr("{least_or_most} so long", least_or_most=name))
            line.returnPressed.connect(self.finished)
            form.addRow(name, line)
        self.setFocusProxy(self.least)

    def part(self) -> Part:
        ends = (self.least.text().strip(), self.most.text().strip())
        return parse(f"duration:{quoted('..'.join(ends))}").root


def _told(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:g}s"


class NearEditor(PartEditor):
    """Around a point of the earth."""

    def __init__(self, part: Near) -> None:
        super().__init__()
        self.latitude = _decimal(-90, 90, part.latitude, 5, " °")
        self.longitude = _decimal(-180, 180, part.longitude, 5, " °")
        self.radius = _decimal(0.001, 20_000, part.radius_km, 3, " km")
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        spins = (self.latitude, self.longitude, self.radius)
        for name, spin in zip((tr("North"), tr("East"), tr("Within")), spins, strict=True):
            spin.setAccessibleName(name)
            form.addRow(name, spin)

    def part(self) -> Part:
        spins = (self.latitude, self.longitude, self.radius)
        latitude, longitude, radius = (round(spin.value(), 5) for spin in spins)
        return parse(f"near:{latitude!r},{longitude!r},{radius!r}km").root


def _decimal(least: float, most: float, value: float, digits: int, unit: str) -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setDecimals(digits)
    spin.setRange(least, most)
    spin.setValue(value)
    spin.setSuffix(unit)
    return spin


class ChangeEditor(PartEditor):
    """What of a picture is to be otherwise, how much of it to keep and how much to insist on the change."""

    def __init__(self, part: Changed) -> None:
        super().__init__()
        self._part = part
        self.change = QLineEdit(part.change)
        self.change.setAccessibleName(tr("But"))
        self.without = QLineEdit(", ".join(part.without))
        self.without.setAccessibleName(tr("But without"))
        self.keep, self.insist = _share(part.keep), _share(part.insist)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.addRow(tr("But"), self.change)
        form.addRow(tr("But not"), self.without)
        for name, share, told in (
            (tr("Keep"), self.keep, tr("How much of the picture is kept")),
            (tr("Insist"), self.insist, tr("How much the change counts")),
        ):
            share.slider.setAccessibleName(told)
            share.slider.setToolTip(told)
            form.addRow(name, share)
        for line in (self.change, self.without):
            line.setMinimumWidth(260)
            line.returnPressed.connect(self.finished)
        self.setFocusProxy(self.change)

    def part(self) -> Part:
        without = tuple(text for text in map(str.strip, self.without.text().split(",")) if text)
        new = replace(
            self._part,
            change=self.change.text().strip(),
            without=without,
            keep=self.keep.value,
            insist=self.insist.value,
        )
        return new if new.change or new.without else new.base


class _Share(QWidget):
    """A share of 0 to 100 %, or the usual."""

    def __init__(self, value: float | None) -> None:
        super().__init__()
        self.own = Tick()
        self.own.setAccessibleName(tr("Choose it yourself"))
        self.own.setToolTip(tr("Choose it yourself instead of the usual"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setValue(round(100 * (0.5 if value is None else value)))
        self.own.setChecked(value is not None)
        self.slider.setEnabled(value is not None)
        self.own.toggled.connect(self.slider.setEnabled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.own)
        row.addWidget(self.slider, 1)

    @property
    def value(self) -> float | None:
        """The share, None for the usual."""
        return self.slider.value() / 100 if self.own.isChecked() else None


def _share(value: float | None) -> _Share:
    return _Share(value)


class WrittenEditor(PartEditor):
    """A part as the language writes it, for what has no form of its own."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self.line = QLineEdit(written(part))
        self.line.setMinimumWidth(320)
        self.line.setAccessibleName(tr("Part of the query"))
        self.line.returnPressed.connect(self.finished)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.line)
        self.setFocusProxy(self.line)

    def part(self) -> Part:
        return parse(self.line.text()).root


def editor_of(part: Part, choices: Choices) -> PartEditor:
    """Return the form that fits a part, filled in with it."""
    match part:
        case Dates():
            return DateEditor(part)
        case Kinds():
            return KindEditor(part)
        case Rated():
            return StarsEditor(part)
        case Lasting():
            return LengthEditor(part)
        case Near():
            return NearEditor(part)
        case Changed():
            return ChangeEditor(part)
        case Phrase(text):
            return TextEditor("", text, choices)
    plain = written(replace(part, weight=1.0) if isinstance(part, Scored) else part)
    prefix, colon, raw = plain.partition(":")
    if not colon or raw.startswith("@"):
        return WrittenEditor(part)
    return TextEditor(prefix, prefixes.unquoted(raw), choices)
