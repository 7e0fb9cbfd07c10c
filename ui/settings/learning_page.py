"""The pages of what is learned from files, and of what concerns nobody else."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QMessageBox, QPushButton

from ui.settings.backend import LibraryFacts
from ui.settings.fields import Fields
from ui.settings.names import LEARNED, NETWORK, learned_name
from ui.settings.page import Page
from ui.tick import Tick
from ui.wording import count

FACES = "faces"


class LearningPage(Page):
    """A box for everything that can be learned; `switched` carries its name and whether it is wanted,
    `deleted` the names of which all that was learned is to go."""

    switched = Signal(str, bool)
    deleted = Signal(object)

    def __init__(self, fields: Fields) -> None:
        super().__init__("What is learned")
        self.boxes: dict[str, QCheckBox] = {}
        self._subtitles = fields.check("hear_subtitled", "Listen also where subtitles say what is said")
        self.heading("In this library, learn")
        self.note(
            "What is switched off is left out of the next runs. What was learned before stays searchable."
        )
        self.delete_button = QPushButton("Delete what was learned of what is off …")
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
        if hint := LEARNED.get(name, ("", ""))[1]:
            self.note(hint).setIndent(24)
            box.setToolTip(hint)
        if name == "speech":
            self.add(self._subtitles)

    def _ask(self) -> None:
        names = self._off()
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            "Delete what was learned",
            "Delete what was learned of what is switched off?",
            parent=self,
        )
        told = ", ".join(learned_name(name) for name in names)
        box.setInformativeText(
            f"{told}: what the library knows of this is deleted for good, and found no more until it is "
            "learned again. Your files stay untouched."
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self.deleted.emit(names))
        box.open()


class PrivacyPage(Page):
    """Faces, the history of queries, the network; the history is the window's own."""

    faces_switched = Signal(bool)
    faces_deleted = Signal()
    history_kept = Signal(bool)
    history_cleared = Signal()
    passwords_forgotten = Signal()

    def __init__(self) -> None:
        super().__init__("Privacy")
        self.faces = Tick("Find faces in this library")
        self.known = self.note()
        self.delete_faces = QPushButton("Delete all face data …")
        self.history = Tick("Remember what I searched for")
        self.clear_history = QPushButton("Forget what I searched for")
        self.column.removeWidget(self.known)
        self.heading("Faces")
        self.add(self.faces)
        self.add(self.known)
        self.row(self.delete_faces)
        self.heading("History")
        self.add(self.history)
        self.row(self.clear_history)
        self.heading("Locked files")
        self.passwords = self.note()
        self.forget_passwords = QPushButton("Forget the passwords")
        self.row(self.forget_passwords)
        self.heading("Network")
        self.note(f"{NETWORK} Your files, queries and names never leave this computer.")
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
        known = count(facts.faces, "face is known", "faces are known")
        self.known.setText(
            f"{known} in this library." if facts.faces else "No face is known in this library."
        )

        kept = count(facts.passwords, "password is kept", "passwords are kept")
        why = "in this library, to read locked files again."
        self.passwords.setText(f"{kept} {why}" if facts.passwords else "No password is kept.")
        self.forget_passwords.setEnabled(bool(facts.passwords))

    def show_history(self, kept: bool) -> None:
        """Say whether queries are remembered."""
        self.history.blockSignals(True)
        self.history.setChecked(kept)
        self.history.blockSignals(False)

    def _ask(self) -> None:
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            "Delete all face data",
            "Delete all face data of this library?",
            parent=self,
        )
        box.setInformativeText(
            "Every face that was found and every name you gave is deleted for good, and faces are no longer "
            "looked for. Your files stay untouched."
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton("Delete", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(self.faces_deleted)
        box.open()
