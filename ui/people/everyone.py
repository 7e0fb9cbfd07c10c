"""Everybody at a glance: cards to name, to merge, to open."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSettings, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.language import mark, plural, tr
from ui.people.backend import HidePeople, MergePeople, NamePerson, PersonCard, UnnamePerson
from ui.people.bar import act, button, row, wrapped
from ui.people.cards import Cards
from ui.people.models import PeopleModel
from ui.thumbnails import Thumbnails
from ui.tick import Tick

LEAST = 2
"""Groups of fewer faces are shown only when all are asked for."""

_HINT = mark("Type a name and press Enter. Drop one on another to make them one person.")


class Everyone(QWidget):
    """`edit_wanted(PeopleEdit)`, `opened(int)`: a person's page, `searched(int)`: their pictures."""

    edit_wanted = Signal(object)
    opened = Signal(int)
    searched = Signal(int)

    def __init__(self, portraits: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[PersonCard, ...] = ()
        self._next: list[int] = []
        self.model = PeopleModel(portraits, self)
        self.cards = Cards(self.model)
        self.filter = QLineEdit(placeholderText=tr("Find a name"), clearButtonEnabled=True)
        self.once = Tick(tr("Also those seen only once"))
        self.hint = QLabel(tr(_HINT))
        self.pictures = act(
            tr("&Find pictures"), tr("Search for pictures of this person"), "Ctrl+Return", self
        )
        self.open = act(tr("&Look through"), tr("See all faces, the odd ones first (Enter)"), "", self)
        self.merge = act(tr("&Merge"), tr("The selected are one person (M)"), "", self)
        self.unname = act(tr("Take the &name away"), tr("The faces stay together, without a name"), "", self)
        self.hide_ = act(tr("Lea&ve out"), tr("Nobody who matters: posters, passers-by (Delete)"), "", self)
        self._build()
        self._connect()

    def show_people(self, people: Sequence[PersonCard]) -> None:
        """Show these; who was selected stays selected, wherever they stand now."""
        self._people = tuple(people)
        self.cards.delegate_.know(sorted({one.name for one in people if one.name}))
        wanted = self._next or [self.model.person(at).id for at in self.cards.chosen_rows()]
        self._next = []
        at = self.cards.verticalScrollBar().value()
        self.model.show(self._shown())
        self.cards.verticalScrollBar().setValue(at)
        rows = [row_ for one in wanted if (row_ := self.model.row_of(one)) is not None]
        if rows or wanted:
            self.cards.select(rows)
        self._enable()

    def chosen(self) -> list[PersonCard]:
        """Who is selected."""
        return [self.model.person(at) for at in self.cards.chosen_rows()]

    def remember(self, settings: QSettings) -> None:
        """Write down what is shown."""
        settings.setValue("people seen once", self.once.isChecked())

    def recall(self, settings: QSettings) -> None:
        """Show what was shown the last time."""
        self.once.setChecked(str(settings.value("people seen once", "false")).lower() == "true")

    def _shown(self) -> list[PersonCard]:
        wanted = self.filter.text().casefold().split()
        return [
            one
            for one in self._people
            if (self.once.isChecked() or one.name or one.faces >= LEAST)
            and all(word in one.name.casefold() for word in wanted)
        ]

    @Slot(int, str)
    def _name(self, at: int, name: str) -> None:
        """Name somebody, and go on to the next one, who may want a name as well."""
        person = self.model.person(at)
        if name == person.name:
            return
        following = self.model.person(at + 1).id if at + 1 < self.model.rowCount() else person.id
        self._next = [following]
        self.edit_wanted.emit(NamePerson(person.id, name))

    @Slot()
    def _merge(self) -> None:
        """Make one person of the selected: of the first with a name, else of the one with most faces."""
        chosen = self.chosen()
        if len(chosen) < 2:
            return
        first = max(chosen, key=lambda one: (bool(one.name), one.faces))
        self._merge_into(first, [one.id for one in chosen if one is not first])

    @Slot(object, int)
    def _dropped(self, people: list[int], at: int) -> None:
        self._merge_into(self.model.person(at), people)

    def _merge_into(self, first: PersonCard, others: Sequence[int]) -> None:
        self._next = [first.id]
        self.edit_wanted.emit(MergePeople(first.id, tuple(others)))

    @Slot()
    def _hide(self) -> None:
        if chosen := self.chosen():
            last = max(self.cards.chosen_rows())
            self._next = [self.model.person(last + 1).id] if last + 1 < self.model.rowCount() else []
            self.edit_wanted.emit(HidePeople(tuple(one.id for one in chosen)))

    @Slot()
    def _unname(self) -> None:
        for one in self.chosen():
            if one.name:
                self.edit_wanted.emit(UnnamePerson(one.id))

    @Slot()
    def _enable(self) -> None:
        chosen = self.chosen()
        for action in (self.pictures, self.open):
            action.setEnabled(len(chosen) == 1)
        self.merge.setEnabled(len(chosen) > 1)
        self.unname.setEnabled(any(one.name for one in chosen))
        self.hide_.setEnabled(bool(chosen))
        named = sum(bool(one.name) for one in self._people)
        total = plural("{n} person with a name.", "{n} people with a name.", named)
        selected = plural("{n} selected", "{n} selected", len(chosen))
        self.hint.setText(selected if len(chosen) > 1 else f"{total} {tr(_HINT)}")

    def _build(self) -> None:
        self.cards.setAccessibleName(tr("People"))
        self.filter.setAccessibleName(tr("Find a name"))
        self.filter.setFixedWidth(180)
        self.once.setToolTip(tr("Groups of a single face are mostly passers-by"))
        self.hint.setWordWrap(True)
        self.cards.addActions([self.open, self.pictures, self.merge, self.unname, self.hide_])
        self.cards.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        buttons = [button(one) for one in (self.open, self.pictures, self.merge, self.hide_)]
        column.addLayout(wrapped(self.filter, self.once, *buttons))
        column.addWidget(self.cards, 1)
        column.addLayout(row(self.hint))
        self.setFocusProxy(self.cards)

    def _connect(self) -> None:
        self.model.named.connect(self._name)
        self.cards.opened.connect(lambda at: self.opened.emit(self.model.person(at).id))
        self.cards.merge_wanted.connect(self._merge)
        self.cards.dropped.connect(self._dropped)
        self.cards.remove_wanted.connect(self._hide)
        self.cards.selectionModel().selectionChanged.connect(self._enable)
        self.filter.textChanged.connect(lambda: self.show_people(self._people))
        self.once.toggled.connect(lambda: self.show_people(self._people))
        self.pictures.triggered.connect(lambda: self._for_one(self.searched.emit))
        self.open.triggered.connect(lambda: self._for_one(self.opened.emit))
        self.merge.triggered.connect(self._merge)
        self.unname.triggered.connect(self._unname)
        self.hide_.triggered.connect(self._hide)

    def _for_one(self, work: Callable[[int], None]) -> None:
        if len(chosen := self.chosen()) == 1:
            work(chosen[0].id)
