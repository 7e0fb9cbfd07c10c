"""The pages of what is learned from files, and of what concerns nobody else."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMessageBox, QPushButton

from ui.language import plural, tr
from ui.settings.backend import LibraryFacts
from ui.settings.fields import Fields
from ui.settings.names import LEARNED, NETWORK, learned_name
from ui.settings.page import Page
from ui.tick import Tick

FACES = "faces"


class LearningPage(Page):
    """A box for everything that can be learned; `switched` carries its name and whether it is wanted,
    `deleted` the names of which all that was learned is to go."""

    switched = Signal(str, bool)
    deleted = Signal(object)

    def __init__(self, fields: Fields) -> None:
        super().__init__(tr("What is learned"))
        self.boxes: dict[str, QCheckBox] = {}
        self._subtitles = fields.check("hear_subtitled", tr("Listen also where subtitles say what is said"))
        self.heading(tr("In this library, learn"))
        self.note(
            tr("What is switched off is left out of the next runs. What was learned before stays searchable.")
        )
        self.delete_button = QPushButton(tr("Delete what was learned of what is off …"))
        self.row(self.delete_button)
        self.delete_button.clicked.connect(self._ask)

    def show_facts(self, facts: LibraryFacts) -> None:
        """Tick what is learned."""
        for one in facts.learned:
            if one.name not in self.boxes:
                self._add(one.name)
            box = self.boxes[one.name]
            box.blockSignals(True)
            box.setChecked(one.on)
            box.blockSignals(False)
        self._offer()

    def _offer(self) -> None:
        self.delete_button.setEnabled(bool(self._off()))

    def _off(self) -> tuple[str, ...]:
        return tuple(name for name, box in self.boxes.items() if not box.isChecked())

    def _add(self, name: str) -> None:
        box = Tick(learned_name(name))
        box.toggled.connect(lambda on: self.switched.emit(name, on))
        box.toggled.connect(self._offer)
        self.boxes[name] = box
        self.add(box)
        if hint := tr(LEARNED.get(name, ("", ""))[1]):
            self.note(hint).setIndent(24)
            box.setToolTip(hint)
        if name == "speech":
            self.add(self._subtitles)

    def _ask(self) -> None:
        names = self._off()
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            tr("Delete what was learned"),
            tr("Delete what was learned of what is switched off?"),
            parent=self,
        )
        told = ", ".join(learned_name(name) for name in names)
        box.setInformativeText(
            tr(
                "{told}: what the library knows of this is deleted for good, and found no more until it "
                "is learned again. Your files stay untouched.",
                told=told,
            )
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self.deleted.emit(names))
        box.open()


def _known(faces: int) -> str:
    if not faces:
        return tr("No face is known in this library.")
    return plural("{n} face is known in this library.", "{n} faces are known in this library.", faces)


def _kept(passwords: int) -> str:
    if not passwords:
        return tr("No password is kept.")
    return plural(
        "{n} password is kept in this library, to read locked files again.",
        "{n} passwords are kept in this library, to read locked files again.",
        passwords,
    )


class PrivacyPage(Page):
    """Faces, the history of queries, the network; the history is the window's own."""

    faces_switched = Signal(bool)
    faces_deleted = Signal()
    history_kept = Signal(bool)
    history_cleared = Signal()
    passwords_forgotten = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Privacy"))
        self.faces = Tick(tr("Find faces in this library"))
        self.known = self.note()
        self.delete_faces = QPushButton(tr("Delete all face data …"))
        self.history = Tick(tr("Remember what I searched for"))
        self.clear_history = QPushButton(tr("Forget what I searched for"))
        self.column.removeWidget(self.known)
        self.heading(tr("Faces"))
        self.add(self.faces)
        self.add(self.known)
        self.row(self.delete_faces)
        self.heading(tr("History"))
        self.add(self.history)
        self.row(self.clear_history)
        self.heading(tr("Locked files"))
        self.passwords = self.note()
        self.forget_passwords = QPushButton(tr("Forget the passwords"))
        self.row(self.forget_passwords)
        self.heading(tr("Network"))
        self.note(f"{tr(NETWORK)} {tr('Your files, queries and names never leave this computer.')}")
        self.faces.toggled.connect(self.faces_switched)
        self.delete_faces.clicked.connect(self._ask)
        self.history.toggled.connect(self.history_kept)
        self.clear_history.clicked.connect(self.history_cleared)
        self.forget_passwords.clicked.connect(self.passwords_forgotten)

    def show_facts(self, facts: LibraryFacts) -> None:
        """Say whether faces are looked for, and how many are known."""
        self.faces.blockSignals(True)
        self.faces.setChecked(any(one.on for one in facts.learned if one.name == FACES))
        self.faces.blockSignals(False)
        self.known.setText(_known(facts.faces))
        self.passwords.setText(_kept(facts.passwords))
        self.forget_passwords.setEnabled(bool(facts.passwords))

    def show_history(self, kept: bool) -> None:
        """Say whether queries are remembered."""
        self.history.blockSignals(True)
        self.history.setChecked(kept)
        self.history.blockSignals(False)

    def _ask(self) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            tr("Delete all face data"),
            tr("Delete all face data of this library?"),
            parent=self,
        )
        box.setInformativeText(
            tr(
                "Every face that was found and every name you gave is deleted for good, and faces are no "
                "longer looked for. Your files stay untouched."
            )
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton(tr("Delete"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(self.faces_deleted)
        box.open()
