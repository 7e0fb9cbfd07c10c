"""The hits of a search as a Qt model with named roles; thumbnails arrive later, role by role.

Where hits are grouped, headings are rows as well: they can be reached by keyboard, and folding takes the rows
below them away.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from search.records import Hit, Locator
from ui.files import mime_of
from ui.jobs import Jobs
from ui.language import numbered_day, percent, tr
from ui.results.grouping import (
    Arranged,
    Arrangement,
    Group,
    Grouping,
    Heading,
    More,
    Order,
    People,
    Row,
    arranged,
    others_in,
    rows_of_group,
    under_headings,
)
from ui.thumbnails import Thumbnails
from ui.wording import file_name, file_size, place_in, readable, taken

Index = QModelIndex | QPersistentModelIndex
_USER = int(Qt.ItemDataRole.UserRole)


class HitRole(IntEnum):
    """What a delegate can ask of a hit beyond Qt's own roles."""

    HIT = _USER + 1
    """The `Hit` itself."""
    THUMBNAIL = _USER + 2
    """A `QPixmap`, or None while it is on its way or when there is none."""
    BADGE = _USER + 3
    """Where in the file, as a short text, or None."""
    SCORE = _USER + 4
    """0..1."""
    PRESENT = _USER + 5
    """False while the file's drive is away."""
    ROW = _USER + 6
    """The `Hit`, `Heading` or `More` itself."""
    FRESH = _USER + 7
    """Whether a saved search finds it for the first time."""


CHANNEL = "arrange"
MANY = 4_000
"""More hits than these are put in order off the GUI thread."""


class HitModel(QAbstractListModel):
    """A thin adapter over rows; nothing is computed for rows that are not asked for.

    With `jobs`, thousands of hits are put in order in the background; until then the old rows stay.
    """

    def __init__(
        self, thumbnails: Thumbnails, parent: QObject | None = None, jobs: Jobs | None = None
    ) -> None:
        super().__init__(parent)
        self._thumbnails, self._jobs = thumbnails, jobs
        self._found: tuple[Hit, ...] = ()
        self._is_given = False
        self._rows: list[Row] = []
        self._others: list[int] = []
        self._groups: tuple[Group, ...] = ()
        self._arrangement = Arrangement()
        self._awaiting: dict[Path, set[int]] = {}
        self._fresh: frozenset[str] = frozenset()
        thumbnails.loaded.connect(self._thumbnail_arrived)

    @property
    def found(self) -> tuple[Hit, ...]:
        """What was given to `show`, in its order."""
        return self._found

    @property
    def shown(self) -> int:
        """How many of them are good enough to be shown."""
        least = self._arrangement.least
        return sum(hit.score >= least for hit in self._found) if least > 0 else len(self._found)

    @property
    def arrangement(self) -> Arrangement:
        """In which order, and what of it, is shown."""
        return self._arrangement

    def show(self, hits: Sequence[Hit]) -> None:
        """Replace everything, best hit first, in the order and grouping that were chosen."""
        self._found, self._is_given = tuple(hits), False
        self._arrange(replace(self._arrangement, folded=frozenset(), opened=frozenset()))

    def lengthen(self, hits: Sequence[Hit]) -> bool:
        """Add hits where they follow upon those that are shown; where they do not, return False."""
        known = len(self._found)
        is_plain = self._arrangement == Arrangement(people=self._arrangement.people) and not self._is_given
        if not is_plain or len(hits) <= known or not known or not _are_same(self._found, hits[:known]):
            return False
        if self._others or arranged(hits, self._arrangement).others:
            return False
        self._found = tuple(hits)
        self._exchange(known, known, list(hits[known:]))
        return True

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Replace everything by groups that are made already; order and grouping are left alone."""
        self._is_given, self._found = True, tuple(hit for group in groups for hit in group.hits)
        self._arrangement = replace(self._arrangement, folded=frozenset(), opened=frozenset())
        self._put(under_headings(groups, Arrangement()))

    def mark_fresh(self, digests: frozenset[str]) -> None:
        """Mark the hits in these contents as new, and no others."""
        if digests != self._fresh:
            self._fresh = digests
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1), [int(HitRole.FRESH)])

    def arrange(self, order: Order, *, backwards: bool = False) -> None:
        """Show the same hits in another order."""
        self._rearrange(replace(self._arrangement, order=order, backwards=backwards))

    def group(self, grouping: Grouping) -> None:
        """Show the same hits under other headings."""
        self._rearrange(replace(self._arrangement, grouping=grouping))

    def know_people(self, people: People) -> None:
        """Take over who is in the contents, for grouping by person."""
        wanted = replace(self._arrangement, people=people)
        if self._arrangement.grouping == "person":
            self._rearrange(wanted)
        else:
            self._arrangement = wanted

    def cut_off(self, least: float) -> None:
        """Leave out hits with a lower score, or bring them back."""
        self._rearrange(replace(self._arrangement, least=least))

    def row(self, index: Index) -> Row | None:
        """Return what stands at an index."""
        is_there = index.isValid() and index.row() < len(self._rows)
        return self._rows[index.row()] if is_there else None

    def hit(self, index: Index) -> Hit | None:
        """Return the hit at an index; None for a heading."""
        row = self.row(index)
        return row if isinstance(row, Hit) else None

    def hits_in(self, rows: Iterable[range]) -> Iterator[Hit]:
        """Yield the hits that stand in ranges of rows."""
        for some in rows:
            for row in self._rows[some.start : some.stop]:
                if isinstance(row, Hit):
                    yield row

    def headings(self) -> list[int]:
        """The rows of the headings, ascending."""
        return [number for number in self._others if isinstance(self._rows[number], Heading)]

    def hits_among(self, rows: range) -> int:
        """How many hits stand in a range of rows."""
        return len(rows) - (bisect_left(self._others, rows.stop) - bisect_left(self._others, rows.start))

    def row_of(self, path: str, locator: Locator) -> int | None:
        """The row that shows a place in a file."""
        for number, row in enumerate(self._rows):
            if isinstance(row, Hit) and row.file.path == path and row.locator == locator:
                return number
        return None

    def first_hit(self) -> int:
        """The row of the first hit, 0 where there is none."""
        return next((number for number, row in enumerate(self._rows[:3]) if isinstance(row, Hit)), 0)

    def all_but_firsts(self) -> list[int]:
        """The rows of all hits but the first below each heading."""
        firsts = {row + 1 for row in self.headings()}
        rows = range(len(self._rows))
        return [row for row in rows if row not in firsts and isinstance(self._rows[row], Hit)]

    @property
    def is_given(self) -> bool:
        """Whether what is shown came in groups, not as an answer to a query."""
        return self._is_given

    def fold_all(self, folded: bool) -> None:
        """Fold or unfold every group."""
        keys = frozenset(group.key for group in self._groups) if folded else frozenset()
        self._arrangement = replace(self._arrangement, folded=keys)
        if self._groups:
            self._put(under_headings(self._groups, self._arrangement))

    def turn(self, index: Index) -> None:
        """Fold or unfold the group of a heading; show the rest of a group where the row stands for it."""
        row, at = self.row(index), index.row()
        match row:
            case Heading(is_folded=True):
                self._unfold(row, at)
            case Heading():
                self._fold(row, at)
            case More(key, hits):
                wanted = self._arrangement.opened | {key}
                self._arrangement = replace(self._arrangement, opened=wanted)
                self._exchange(at, at + 1, list(hits))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if role == HitRole.ROW:
            return row
        match row:
            case Hit():
                return self._of_hit(row, index.row(), role)
            case Heading(title=title, note=note, is_folded=is_folded):
                told = f"{title}, {note}, {tr('folded') if is_folded else tr('open')}"
            case More(title=title):
                told = title
            case None:
                return None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return told if role == Qt.ItemDataRole.AccessibleTextRole else None

    def _of_hit(self, hit: Hit, row: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return file_name(hit)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(hit)
            case Qt.ItemDataRole.AccessibleTextRole:
                return (
                    tr("new, {spoken}", spoken=spoken(hit)) if hit.file.digest in self._fresh else spoken(hit)
                )
            case HitRole.FRESH:
                return hit.file.digest in self._fresh
            case HitRole.HIT:
                return hit
            case HitRole.THUMBNAIL:
                return self._thumbnail(hit, row)
            case HitRole.BADGE:
                return place_in(hit)
            case HitRole.SCORE:
                return hit.score
            case HitRole.PRESENT:
                return hit.file.present
            case _:
                return None

    def roleNames(self) -> dict[int, QByteArray]:
        ours = {int(role): QByteArray(role.name.lower().encode()) for role in HitRole}
        return {**super().roleNames(), **ours}

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        if not isinstance(row, Hit):
            return usable
        return usable | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        hits = self.hits_in(range(row, row + 1) for row in sorted({index.row() for index in indexes}))
        return mime_of(list(dict.fromkeys(Path(hit.file.path) for hit in hits)))

    def _rearrange(self, wanted: Arrangement) -> None:
        if wanted != self._arrangement:
            self._arrange(wanted)

    def _arrange(self, wanted: Arrangement) -> None:
        self._arrangement = wanted
        if self._is_given:
            return
        work = partial(arranged, self._found, wanted)
        if self._jobs is None or len(self._found) <= MANY:
            if self._jobs is not None:
                self._jobs.cancel(CHANNEL)
            self._put(work())
        else:
            self._jobs.submit(CHANNEL, work, self._put, _raised)

    def _put(self, made: Arranged) -> None:
        self.beginResetModel()
        self._awaiting.clear()
        self._rows, self._groups, self._others = made.rows, made.groups, made.others
        self.endResetModel()

    def _fold(self, heading: Heading, at: int) -> None:
        end = at + 1
        while end < len(self._rows) and not isinstance(self._rows[end], Heading):
            end += 1
        self._mark(heading, at, folded=True)
        self._exchange(at + 1, end, [])

    def _unfold(self, heading: Heading, at: int) -> None:
        self._mark(heading, at, folded=False)
        group = next(one for one in self._groups if one.key == heading.key)
        self._exchange(at + 1, at + 1, rows_of_group(group, self._arrangement)[1:])

    def _mark(self, heading: Heading, at: int, *, folded: bool) -> None:
        known = self._arrangement.folded
        now = known | {heading.key} if folded else known - {heading.key}
        self._arrangement = replace(self._arrangement, folded=now)
        self._rows[at] = replace(heading, is_folded=folded)
        self.dataChanged.emit(self.index(at), self.index(at))

    def _exchange(self, first: int, end: int, rows: list[Row]) -> None:
        """Put rows in the place of others, and tell views so."""
        self._awaiting.clear()
        if end > first:
            self.beginRemoveRows(QModelIndex(), first, end - 1)
            del self._rows[first:end]
            self._others = others_in(self._rows) if self._groups else []
            self.endRemoveRows()
        if rows:
            self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
            self._rows[first:first] = rows
            self._others = others_in(self._rows) if self._groups else []
            self.endInsertRows()

    def _thumbnail(self, hit: Hit, row: int) -> Any:
        if hit.thumbnail is None:
            return None
        pixmap = self._thumbnails.get(hit.thumbnail)
        if pixmap is None:
            self._awaiting.setdefault(hit.thumbnail, set()).add(row)
        return None if pixmap is None or pixmap.isNull() else pixmap

    def _thumbnail_arrived(self, path: Path) -> None:
        for row in self._awaiting.pop(path, ()):
            index = self.index(row)
            self.dataChanged.emit(index, index, [int(HitRole.THUMBNAIL)])


def _are_same(some: Sequence[Hit], others: Sequence[Hit]) -> bool:
    """Whether hits are of the same places, in the same order."""
    pairs = zip(some, others, strict=True)
    return all(one.file.path == other.file.path and one.locator == other.locator for one, other in pairs)


def _raised(error: BaseException) -> None:
    raise error


def tooltip(hit: Hit, longest: int = 300) -> str:
    """Path, date, size and the words that matched, as HTML in which nothing of the file is markup."""
    where = place_in(hit)
    facts = f"{numbered_day(taken(hit))}, {file_size(hit.file.size)}"
    lines = [readable(hit.file.path), f"{where}, {facts}" if where else facts]
    if not hit.file.present:
        lines.append(tr("Its drive is not connected."))
    if hit.text:
        text = " ".join(hit.text.split())
        lines += ["", text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"]
    return "<br>".join(escape(line) for line in lines)


def spoken(hit: Hit) -> str:
    """What a screen reader says of a hit."""
    where = place_in(hit)
    score = tr("score {percent}", percent=percent(hit.score))
    away = "" if hit.file.present else tr("drive not connected")
    return ", ".join(filter(None, (file_name(hit), where, score, away)))
