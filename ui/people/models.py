"""People and faces as Qt models: thin adapters whose pictures arrive later."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.language import mark, plural, tr
from ui.people.backend import Face, PersonCard
from ui.thumbnails import Thumbnails
from ui.wording import kind_count, readable

Index = QModelIndex | QPersistentModelIndex

MIME = "application/x-crossfind-people"
WHO = mark("Who is this?")


class CardRole(IntEnum):
    """What the delegate asks for: the picture (a pixmap or None), the line below the name, and whether the
    name is only a question."""

    PORTRAIT = Qt.ItemDataRole.UserRole + 1
    DETAIL = Qt.ItemDataRole.UserRole + 2
    IS_UNNAMED = Qt.ItemDataRole.UserRole + 3


class _Cards(QAbstractListModel):
    """What lists of people and of faces have in common. `named(row, text)`: a name was typed."""

    named = Signal(int, str)

    def __init__(self, portraits: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._portraits = portraits
        self._rows: dict[int, list[int]] = {}
        portraits.loaded.connect(self._arrived)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count()

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsEditable
        return flags | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.NoItemFlags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = " ".join(str(value).split())
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or not name:
            return False
        self.named.emit(index.row(), name)
        return True

    def _count(self) -> int:
        raise NotImplementedError

    def _show_faces(self, faces: Sequence[int]) -> None:
        self._rows = {}
        for row, face in enumerate(faces):
            self._rows.setdefault(face, []).append(row)

    def _portrait(self, face: int) -> Any:
        pixmap = self._portraits.get(face)
        return None if pixmap is None or pixmap.isNull() else pixmap

    def _arrived(self, face: object) -> None:
        for row in self._rows.get(face, ()) if isinstance(face, int) else ():
            if row < self._count():
                index = self.index(row)
                self.dataChanged.emit(index, index, [CardRole.PORTRAIT])


class PeopleModel(_Cards):
    """One row a person."""

    def __init__(self, portraits: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(portraits, parent)
        self._people: tuple[PersonCard, ...] = ()

    def show(self, people: Sequence[PersonCard]) -> None:
        """Show these; where the same people stand in the same order, the view keeps its place."""
        same = [one.id for one in people] == [one.id for one in self._people]
        if not same:
            self.beginResetModel()
        self._people = tuple(people)
        self._show_faces([one.best for one in people])
        if not same:
            self.endResetModel()
        elif people:
            self.dataChanged.emit(self.index(0), self.index(len(people) - 1))

    def person(self, row: int) -> PersonCard:
        """The person in a row."""
        return self._people[row]

    def row_of(self, person: int) -> int | None:
        """Where somebody stands."""
        return next((row for row, one in enumerate(self._people) if one.id == person), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._people):
            return None
        one = self._people[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return one.name or tr(WHO)
            case Qt.ItemDataRole.EditRole:
                return one.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{one.name or tr('Somebody without a name')}, {_pictures(one)}"
            case Qt.ItemDataRole.ToolTipRole:
                return _told(one)
            case CardRole.PORTRAIT:
                return self._portrait(one.best)
            case CardRole.DETAIL:
                return _pictures(one)
            case CardRole.IS_UNNAMED:
                return not one.name
        return None

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        ids = ",".join(str(self._people[index.row()].id) for index in indexes)
        data.setData(MIME, QByteArray(ids.encode()))
        return data

    def _count(self) -> int:
        return len(self._people)


class FacesModel(_Cards):
    """One row a face of the person that is open."""

    def __init__(self, portraits: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(portraits, parent)
        self._faces: tuple[Face, ...] = ()

    def show(self, faces: Sequence[Face]) -> None:
        """Show these."""
        same = [one.id for one in faces] == [one.id for one in self._faces]
        if not same:
            self.beginResetModel()
        self._faces = tuple(faces)
        self._show_faces([one.id for one in faces])
        if not same:
            self.endResetModel()

    def face(self, row: int) -> Face:
        """The face in a row."""
        return self._faces[row]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._faces):
            return None
        one = self._faces[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return readable(one.path.name)
            case Qt.ItemDataRole.EditRole:
                return ""
            case Qt.ItemDataRole.ToolTipRole:
                return readable(str(one.path))
            case CardRole.PORTRAIT:
                return self._portrait(one.id)
        return None

    def _count(self) -> int:
        return len(self._faces)


def face_count(faces: int) -> str:
    """Say a number of faces."""
    return plural("{n} face", "{n} faces", faces)


def _pictures(one: PersonCard) -> str:
    return kind_count("image", one.files)


def _told(one: PersonCard) -> str:
    days = one.first if one.first == one.last else tr("{first} to {last}", first=one.first, last=one.last)
    lines = [one.name or tr("Nobody said yet who this is"), face_count(one.faces), days]
    return "\n".join(filter(None, lines))
