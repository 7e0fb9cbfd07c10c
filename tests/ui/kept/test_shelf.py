from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from search.records import Hit
from ui.kept.backend import Collection, SavedSearch
from ui.kept.dialogs import NameDialog
from ui.kept.manage import ManageDialog
from ui.kept.shelf import Shelf, label_of
from ui.main_window import MainWindow
from ui.results.hit_model import HitRole


@pytest.fixture
def shelf(window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Any) -> Shelf:
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    backend.saved = {"Dogs": SavedSearch("Dogs", "dog", 5, 2)}
    search("cat")
    return window.kept


def entries(shelf: Shelf) -> list[str]:
    return [action.text() for action in shelf.menu.actions() if not action.isSeparator()]


def test_saved_searches_show_what_is_new_and_are_asked_again(
    shelf: Shelf, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    shelf.menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: "Dogs  (5, 2 new)" in entries(shelf))
    action = next(one for one in shelf.menu.actions() if one.text().startswith("Dogs"))
    action.trigger()
    qtbot.waitUntil(lambda: backend.last_query == "dog")
    digests = ("digest of a.jpg", "digest of b.jpg")
    qtbot.waitUntil(lambda: backend.looked == [("Dogs", digests)])


def test_what_a_saved_search_finds_for_the_first_time_is_marked(
    shelf: Shelf, window: MainWindow, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.looked = [("Dogs", ("digest of a.jpg",))]
    shelf.run(backend.saved["Dogs"])
    qtbot.waitUntil(lambda: window.problem.label.text() == "1 file is new since you looked last.")
    marked = [window.model.index(row).data(HitRole.FRESH) for row in range(2)]
    assert marked == [False, True]
    assert window.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole).startswith("new, b.jpg")
    plain = window.view.results.grab().toImage()
    window.model.mark_fresh(frozenset())
    assert window.view.results.grab().toImage() != plain
    window.model.mark_fresh(frozenset({"digest of b.jpg"}))
    with qtbot.waitSignal(window.flow.found):
        window.query.set_words("cat")
    assert not window.model.index(1).data(HitRole.FRESH)


def test_the_search_that_is_shown_is_saved_under_a_name(
    shelf: Shelf, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    shelf.save.trigger()
    dialog = window.findChild(NameDialog)
    assert dialog is not None
    assert not dialog.go.isEnabled()
    dialog.field.setEditText("  My   cats ")
    dialog.go.click()
    qtbot.waitUntil(lambda: "My cats" in backend.saved)
    assert backend.saved["My cats"].query == "cat"
    qtbot.waitUntil(lambda: window.problem.label.text() == "Saved as My cats.")
    shelf.save_as("My cats")
    qtbot.waitUntil(lambda: "already" in window.problem.label.text())


def test_hits_go_into_a_collection_that_is_shown_by_a_query(
    shelf: Shelf, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    window.view.results.selectAll()
    shelf.collect.trigger()
    dialog = window.findChild(NameDialog)
    assert dialog is not None
    dialog.field.setEditText("Best of")
    dialog.go.click()
    qtbot.waitUntil(lambda: window.problem.label.text() == "2 results added to Best of.")
    assert [hit.file.name for hit in backend.gathered["Best of"]] == ["a.jpg", "b.jpg"]
    qtbot.waitUntil(lambda: "Best of  (2)" in entries(shelf))
    window.problem.button.click()
    qtbot.waitUntil(lambda: backend.last_query == 'collection:"Best of"')


def test_what_is_kept_is_renamed_and_removed_after_asking_and_brought_back(
    shelf: Shelf, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    shelf.refresh()
    qtbot.waitUntil(lambda: bool(shelf.searches))
    shelf.show_all()
    dialog = window.findChild(ManageDialog)
    assert dialog is not None
    assert not dialog.remove_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.tree.topLevelItem(0).childCount() == 1)
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(0).child(0))
    dialog.rename_button.click()
    naming = dialog.findChild(NameDialog)
    assert naming is not None
    naming.field.setEditText("Hounds")
    naming.go.click()
    qtbot.waitUntil(lambda: list(backend.saved) == ["Hounds"])
    qtbot.waitUntil(lambda: [one.name for one in shelf.searches] == ["Hounds"])
    dialog.tree.setCurrentItem(dialog.tree.topLevelItem(0).child(0))
    dialog.remove_button.click()
    box = dialog.findChild(QMessageBox)
    assert box is not None
    assert box.text() == "Remove the saved search Hounds?"
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: backend.saved == {})
    qtbot.waitUntil(lambda: window.problem.button.text() == "Undo")
    window.problem.button.click()
    qtbot.waitUntil(lambda: "Hounds" in backend.saved)
    dialog.reject()


@pytest.mark.parametrize(
    ("kept", "label"),
    [
        (Collection("A", 1200), "A  (1,200)"),
        (SavedSearch("B", "x"), "B"),
        (SavedSearch("B", "x", 4, 0), "B  (4)"),
        (SavedSearch("B", "x", None, None, "no such person"), "B  (cannot be asked)"),
    ],
)
def test_labels_say_how_much(kept: SavedSearch | Collection, label: str) -> None:
    assert label_of(kept) == label
