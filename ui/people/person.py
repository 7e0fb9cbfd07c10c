"""One person: all faces, the odd ones first, so that mistakes stand together and are put right at once."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from ui.language import mark, plural, tr
from ui.people.backend import Face, HideFaces, MoveFaces, NamePerson, PeopleEdit, RejectFaces, SplitFaces
from ui.people.bar import act, button, row
from ui.people.cards import Cards
from ui.people.models import WHO, FacesModel, face_count
from ui.thumbnails import Thumbnails

NOBODY = 0
"""The person whose faces were left out."""

_ODD, _TYPICAL, _CLEAR = mark("Odd ones first"), mark("Typical ones first"), mark("Clearest first")
_HINT = mark("Select the faces that are somebody else's and type whose they are.")
_LEFT_OUT = mark("Faces that were left out. Type whose they are, or put them back.")


class PersonView(QWidget):
    """`edit_wanted(PeopleEdit)`, `searched(int)`: the person's pictures, `left`: back to everybody."""

    edit_wanted = Signal(object)
    searched = Signal(int)
    left = Signal()

    def __init__(self, portraits: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = -1
        self._faces: tuple[Face, ...] = ()
        self._ids: dict[str, int] = {}
        self.model = FacesModel(portraits, self)
        self.cards = Cards(self.model, is_brief=True)
        self.title, self.hint = QLabel(), QLabel(tr(_HINT))
        self.title.setObjectName("heading")
        self.order = QComboBox()
        self.back = act(tr("‹ All people"), tr("Back to everybody (Esc)"), "", self)
        self.pictures = act(
            tr("&Find pictures"), tr("Search for pictures of this person"), "Ctrl+Return", self
        )
        self.reject = act(tr("&Not this person"), tr("The selected faces are not them (Delete)"), "", self)
        self.split = act(tr("&Somebody else"), tr("The selected are one other person"), "Ctrl+Shift+N", self)
        self.hide_ = act(tr("Lea&ve out"), tr("Nobody who matters, or no face at all"), "Ctrl+Delete", self)
        self._build()
        self._connect()

    def show_person(self, person: int, name: str, names: Mapping[int, str]) -> None:
        """Turn to a person; the faces come later. `names` are those that people have."""
        if person != self.person:
            self.model.show(())
        self.person = person
        self._ids = {known.casefold(): number for number, known in names.items()}
        self.cards.delegate_.know(sorted(names.values()))
        self.title.setText(tr("Left out") if person == NOBODY else name or tr(WHO))
        self.pictures.setVisible(person != NOBODY)
        self.split.setVisible(person != NOBODY)
        self.hide_.setVisible(person != NOBODY)
        self.reject.setText(tr("&Put back") if person == NOBODY else tr("&Not this person"))
        self._tell()

    def show_faces(self, faces: Sequence[Face]) -> None:
        """Show the person's faces in the order chosen; the selection moves on to what stands there now."""
        rows = self.cards.chosen_rows()
        self._faces = tuple(faces)
        self.model.show(_ordered(faces, self.order.currentData()))
        if rows and faces:
            self.cards.select([min(rows[0], len(faces) - 1)])
        self._tell()

    def chosen(self) -> tuple[int, ...]:
        """The selected faces."""
        return tuple(self.model.face(at).id for at in self.cards.chosen_rows())

    @Slot(int, str)
    def _name(self, _row: int, name: str) -> None:
        """The selected faces are somebody's: move them there, or make them somebody new."""
        faces, known = self.chosen(), self._ids.get(name.casefold())
        if not faces or known == self.person:
            return
        edit: PeopleEdit = SplitFaces(self.person, faces, name)
        if len(faces) == len(self._faces) and self.person != NOBODY:
            edit = NamePerson(self.person, name)
        elif known is not None:
            edit = MoveFaces(faces, known)
        self.edit_wanted.emit(edit)

    @Slot()
    def _reject(self) -> None:
        if faces := self.chosen():
            self.edit_wanted.emit(RejectFaces(faces))

    @Slot()
    def _split(self) -> None:
        if faces := self.chosen():
            self.edit_wanted.emit(SplitFaces(self.person, faces))

    @Slot()
    def _hide(self) -> None:
        if faces := self.chosen():
            self.edit_wanted.emit(HideFaces(faces))

    @Slot()
    def _tell(self) -> None:
        chosen = len(self.cards.chosen_rows())
        for action in (self.reject, self.hide_):
            action.setEnabled(chosen > 0)
        self.split.setEnabled(0 < chosen < len(self._faces))
        hint = tr(_LEFT_OUT if self.person == NOBODY else _HINT)
        faces = len(self._faces)
        if chosen:
            told = plural(
                "{chosen} of {n} face selected", "{chosen} of {n} faces selected", faces, chosen=chosen
            )
        else:
            told = f"{face_count(faces)}. {hint}"
        self.hint.setText(told)

    def _build(self) -> None:
        for order in (_ODD, _TYPICAL, _CLEAR):
            self.order.addItem(tr(order), order)
        self.order.setToolTip(tr("In which order the faces are shown"))
        self.order.setAccessibleName(tr("Order of the faces"))
        self.cards.setAccessibleName(tr("Faces"))
        self.cards.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.cards.addActions([self.reject, self.split, self.hide_, self.pictures])
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row(button(self.back), self.title, None, button(self.pictures), self.order))
        changes = [button(one) for one in (self.reject, self.split, self.hide_)]
        column.addWidget(self.cards, 1)
        below = row(self.hint, *changes)
        below.setStretch(0, 1)
        column.addLayout(below)
        self.setFocusProxy(self.cards)

    def _connect(self) -> None:
        self.model.named.connect(self._name)
        self.cards.remove_wanted.connect(self._reject)
        self.cards.back_wanted.connect(self.left)
        self.cards.selectionModel().selectionChanged.connect(self._tell)
        self.order.currentTextChanged.connect(lambda: self.show_faces(self._faces))
        self.back.triggered.connect(self.left)
        self.pictures.triggered.connect(lambda: self.searched.emit(self.person))
        self.reject.triggered.connect(self._reject)
        self.split.triggered.connect(self._split)
        self.hide_.triggered.connect(self._hide)


def _ordered(faces: Sequence[Face], order: str) -> list[Face]:
    """Sort faces; those of which it is not known how typical they are come after those that are odd."""
    if order == _CLEAR:
        return sorted(faces, key=lambda one: (-one.quality, one.id))
    sign = 1 if order == _ODD else -1
    known = sorted(
        (one for one in faces if one.typical is not None), key=lambda one: (sign * (one.typical or 0), one.id)
    )
    return [*known, *(one for one in faces if one.typical is None)]
