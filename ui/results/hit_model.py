"""The hits of a search as a Qt model with named roles; thumbnails arrive later, role by role."""

from collections.abc import Sequence
from enum import IntEnum
from html import escape
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from search.records import Hit
from ui.files import mime_of
from ui.thumbnails import Thumbnails
from ui.wording import file_name, file_size, place, readable, taken

Order = Literal["relevance", "date", "name"]
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


class HitModel(QAbstractListModel):
    """A thin adapter over a tuple of hits; nothing is computed for rows that are not asked for."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._found: tuple[Hit, ...] = ()
        self._hits: tuple[Hit, ...] = ()
        self._order: Order = "relevance"
        self._awaiting: dict[Path, set[int]] = {}
        thumbnails.loaded.connect(self._thumbnail_arrived)

    def show(self, hits: Sequence[Hit]) -> None:
        """Replace everything, best hit first."""
        self._found = tuple(hits)
        self._arrange()

    def arrange(self, order: Order) -> None:
        """Show the same hits in another order."""
        if order != self._order:
            self._order = order
            self._arrange()

    def hit(self, index: Index) -> Hit:
        """Return the hit at a valid index."""
        return self._hits[index.row()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's own signature)
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._hits):
            return None
        hit = self._hits[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return file_name(hit)
            case Qt.ItemDataRole.ToolTipRole:
                return tooltip(hit)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(hit)
            case HitRole.HIT:
                return hit
            case HitRole.THUMBNAIL:
                return self._thumbnail(hit, index.row())
            case HitRole.BADGE:
                return place(hit.locator)
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
        usable = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return usable | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list", "text/plain"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        return mime_of(list(dict.fromkeys(Path(self._hits[row].file.path) for row in rows)))

    def _arrange(self) -> None:
        self.beginResetModel()
        self._awaiting.clear()
        self._hits = arranged(self._found, self._order)
        self.endResetModel()

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


def arranged(hits: tuple[Hit, ...], order: Order) -> tuple[Hit, ...]:
    """Order hits: by relevance as found, newest first, or by name without regard to case."""
    if order == "date":
        return tuple(sorted(hits, key=taken, reverse=True))
    if order == "name":
        return tuple(sorted(hits, key=lambda hit: (hit.file.name.casefold(), hit.file.path)))
    return hits


def tooltip(hit: Hit, longest: int = 300) -> str:
    """Path, date, size and the words that matched, as HTML in which nothing of the file is markup."""
    where = place(hit.locator)
    facts = f"{taken(hit):%Y-%m-%d}, {file_size(hit.file.size)}"
    lines = [readable(hit.file.path), f"{where}, {facts}" if where else facts]
    if not hit.file.present:
        lines.append("Its drive is not connected.")
    if hit.text:
        text = " ".join(hit.text.split())
        lines += ["", text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + " …"]
    return "<br>".join(escape(line) for line in lines)


def spoken(hit: Hit) -> str:
    """What a screen reader says of a hit."""
    where = place(hit.locator)
    away = "" if hit.file.present else ", drive not connected"
    return f"{file_name(hit)}{f', {where}' if where else ''}, score {hit.score:.0%}{away}"
