"""The page of models: what works now, what else there is, what it costs, and how to get it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QInputDialog,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from ui.language import mark, percent, tr
from ui.saying import said
from ui.settings.backend import ModelOffer, Reduced
from ui.settings.fields import Fields
from ui.settings.getting import ModelGetter
from ui.settings.names import (
    NETWORK,
    STATES,
    asked_size,
    ended_words,
    get_words,
    size,
    state_name,
    task_name,
    terms,
)
from ui.settings.page import Page

PROFILES = (
    ("fast", mark("Fast: smaller models")),
    ("balanced", mark("Balanced")),
    ("best", mark("Best: larger models, better with a graphics card")),
)
_OFFER = Qt.ItemDataRole.UserRole
_REDUCE = mark(
    "{id} gives each part of a page {dim} numbers.\n"
    "With fewer of them pages take less room and are compared faster;\n"
    "the right one may be found less surely. They are fitted to pages\n"
    "that were read with it: have some hundred read first.\n\n"
    "How many shall it be?"
)
_REDUCED = mark(
    "{id} is used for pages from now on. They take {room} of the room, and {kept} of what their vectors say "
    "is left. The next run reads the pages anew; the model that it was made of can be chosen again at any "
    "time."
)

USUAL_DIMS, FEWEST_DIMS = 128, 8
"""Numbers of a vector of a page: what is proposed where a model has more, and the fewest there can be."""


class ModelsPage(Page):
    """`removal_wanted` carries a model's id, `reduction_wanted` one and how many numbers its vectors shall
    have."""

    removal_wanted = Signal(str)
    reduction_wanted = Signal(str, int)

    def __init__(self, fields: Fields, getter: ModelGetter) -> None:
        super().__init__(tr("Models"))
        self._fields, self._getter = fields, getter
        self._named: Mapping[str, str] = {}
        self._offers: tuple[ModelOffer, ...] = ()
        self.tree = QTreeWidget()
        self.get_button, self.remove_button = QPushButton(tr("Get")), QPushButton(tr("Remove …"))
        self.use_button, self.stop_button = QPushButton(tr("Use this one")), QPushButton(tr("Stop"))
        self.reduce_button = QPushButton(tr("Less room …"))
        self.reduce_button.setToolTip(tr("Have pages take less room with this model"))
        self._reducing = False
        self.bar = QProgressBar(textVisible=False)
        self._build(fields)
        fields.bind("models", self._show_named)
        getter.changed.connect(self.show_progress)
        getter.ended.connect(self._ended)
        self.show_progress()

    def show_models(self, offers: Sequence[ModelOffer]) -> None:
        """List all models below what they are for; the one that was current stays so."""
        before = self.current()
        self._offers = tuple(offers)
        self.tree.clear()
        for task in dict.fromkeys(offer.task for offer in offers):
            here = [offer for offer in offers if offer.task == task]
            top = QTreeWidgetItem(
                [task_name(task), *(() if any(o.used for o in here) else (tr("nothing yet"),))]
            )
            self.tree.addTopLevelItem(top)
            top.addChildren([_item(offer) for offer in here])
            top.setExpanded(True)
        self._select(before.id if before else "")
        self._show_current()

    def current(self) -> ModelOffer | None:
        """The model that is selected."""
        item = self.tree.currentItem()
        return item.data(0, _OFFER) if item else None

    def show_progress(self) -> None:
        """Show what is being got, and how far it is."""
        id_ = self._getter.current
        self.bar.setVisible(bool(id_))
        self.stop_button.setVisible(bool(id_))
        if id_:
            known = next((offer.bytes for offer in self._offers if offer.id == id_), 0)
            total = self._getter.total_bytes or known
            self.bar.setRange(0, 1000 if total else 0)
            self.bar.setValue(min(1000, round(1000 * self._getter.done_bytes / total)) if total else 0)
            self.news.setText(self._getter.told_of({offer.id: offer.bytes for offer in self._offers}))
        self._offer()

    def show_reduced(self, made: Reduced | None) -> None:
        """Say what came of making a model smaller; None where nothing did."""
        self._reducing = False
        if made is None:
            self.news.setText("")
        else:
            shares = {"id": made.id, "room": percent(made.room), "kept": percent(made.kept)}
            self.news.setText(tr(_REDUCED, **shares))
        self._offer()

    def _build(self, fields: Fields) -> None:
        self.heading(tr("How good, how fast"))
        self.row(fields.choice("profile", PROFILES), text=tr("&Profile"))
        self.heading(tr("Models"))
        self.note(tr(NETWORK))
        self.tree.setHeaderLabels([tr("Model"), "", tr("Size"), tr("Licence")])
        self.tree.setUniformRowHeights(True)
        self.tree.setColumnWidth(0, 240)
        states = (tr(text) for text in STATES.values())
        self.tree.setColumnWidth(1, 24 + max(map(self.fontMetrics().horizontalAdvance, states)))
        self.tree.setColumnWidth(2, 70)
        self.tree.setMinimumHeight(240)
        self.tree.setAccessibleName(tr("Models"))
        self.add(self.tree, 1)
        self.details = self.note()
        self.row(self.get_button, self.use_button, self.reduce_button, self.remove_button)
        self.news = self.note()
        self.row(self.bar, self.stop_button)
        self.bar.setMinimumWidth(300)
        self.bar.setAccessibleName(tr("How much of the model is there"))
        self.heading(tr("A further folder with models"))
        line, button = fields.folder("models_dir", tr("none"))
        self.row(line, button, text=tr("&Folder"))
        self.tree.currentItemChanged.connect(self._show_current)
        self.get_button.clicked.connect(self._get)
        self.use_button.clicked.connect(self._use)
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.reduce_button.clicked.connect(self._ask_to_reduce)
        self.stop_button.clicked.connect(self._getter.stop)

    def _show_named(self, named: Mapping[str, str]) -> None:
        self._named = dict(named)
        self._show_current()

    def _show_current(self, *_: object) -> None:
        offer = self.current()
        told = (
            [
                said(offer.description),
                tr("Licence: {terms}", terms=terms(offer)),
                said(offer.training),
                asked_size(offer),
                said(offer.how),
            ]
            if offer
            else []
        )
        self.details.setText("\n".join(filter(None, told)))
        self._offer()

    def _offer(self) -> None:
        offer = self.current()
        available = bool(offer and offer.state == "available" and offer.id not in self._getter.busy)
        self.get_button.setEnabled(available)
        self.get_button.setText(get_words(offer) if offer and available else tr("Get it"))
        self.remove_button.setEnabled(bool(offer and offer.removable))
        self.reduce_button.setVisible(bool(offer and offer.dim))
        able = bool(offer and offer.state == "ready" and offer.used and offer.dim > FEWEST_DIMS)
        self.reduce_button.setEnabled(able and not self._reducing)
        named = bool(offer and self._named.get(offer.task) == offer.id)
        self.use_button.setText(tr("Let the profile choose") if named else tr("Use this one"))
        self.use_button.setEnabled(
            bool(offer and offer.state in ("ready", "to be made") and (named or not offer.used))
        )

    def _get(self) -> None:
        if offer := self.current():
            with_consent(self, [offer], lambda: self._getter.get([offer.id]))

    def _use(self) -> None:
        if (offer := self.current()) is None:
            return
        others = {task: id_ for task, id_ in self._named.items() if task != offer.task}
        chosen = others if self._named.get(offer.task) == offer.id else {**others, offer.task: offer.id}
        self._fields.choose("models", chosen)

    def _ask_to_reduce(self) -> None:
        if (offer := self.current()) is None:
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(tr("Have pages take less room"))
        dialog.setLabelText(tr(_REDUCE, id=offer.id, dim=offer.dim))
        dialog.setInputMode(QInputDialog.InputMode.IntInput)
        dialog.setIntRange(FEWEST_DIMS, offer.dim - 1)
        dialog.setIntValue(USUAL_DIMS if offer.dim > USUAL_DIMS else offer.dim // 2)
        dialog.intValueSelected.connect(lambda dims: self._reduce(offer.id, dims))
        dialog.open()

    def _reduce(self, id_: str, dims: int) -> None:
        self._reducing = True
        self.news.setText(tr("Going through the pages that {id} has seen …", id=id_))
        self._offer()
        self.reduction_wanted.emit(id_, dims)

    def _ask_to_remove(self) -> None:
        if (offer := self.current()) is None:
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            tr("Remove a model"),
            tr("Remove {id} ({size})?", id=offer.id, size=size(offer.bytes)),
            parent=self,
        )
        box.setInformativeText(tr("What was learned with it stays. It can be got again."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton(tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self.removal_wanted.emit(offer.id))
        box.open()

    def _ended(self, id_: str, how: str, message: str) -> None:
        if not self._getter.current:
            self.news.setText(ended_words(id_, how, message) if how != "failed" else self._getter.told_of({}))

    def _select(self, id_: str) -> None:
        for row in range(self.tree.topLevelItemCount()):
            top: Any = self.tree.topLevelItem(row)
            for n in range(top.childCount()):
                if top.child(n).data(0, _OFFER).id == id_:
                    self.tree.setCurrentItem(top.child(n))


def with_consent(parent: QWidget, offers: Sequence[ModelOffer], act: Callable[[], object]) -> None:
    """Act; where a licence forbids commercial use, only when a person has agreed to it."""
    strict = [offer for offer in offers if offer.commercial_use is False]
    if not strict:
        act()
        return
    names = ", ".join(offer.id for offer in strict)
    box = QMessageBox(
        QMessageBox.Icon.Information,
        tr("Licence"),
        tr("{names}: not for commercial use", names=names),
        parent=parent,
    )
    terms_of = (f"{offer.id}: {said(offer.licence)}. {said(offer.training)}".strip() for offer in strict)
    box.setInformativeText("\n\n".join(terms_of))
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    yes = box.addButton(tr("I agree, get it"), QMessageBox.ButtonRole.AcceptRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    yes.clicked.connect(lambda: act())
    box.open()


def _item(offer: ModelOffer) -> QTreeWidgetItem:
    known = size(offer.bytes) if offer.bytes else "?"
    item = QTreeWidgetItem([offer.id, state_name(offer), known, terms(offer)])
    item.setData(0, _OFFER, offer)
    item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    for column in (0, 2, 3):
        told = filter(None, (said(offer.description), terms(offer), asked_size(offer)))
        item.setToolTip(column, "\n".join(told))
    return item
