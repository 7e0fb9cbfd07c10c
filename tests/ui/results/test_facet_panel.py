from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItem
from pytestqt.qtbot import QtBot

from search.facets import facets
from search.query import InFolder, Kinds
from ui.main_window import MainWindow
from ui.results.facet_panel import FacetPanel


def items(panel: FacetPanel) -> dict[str, QStandardItem]:
    model = panel._items
    sections = [model.item(row) for row in range(model.rowCount())]
    return {
        f"{section.text()}/{section.child(n).text()}": section.child(n)
        for section in sections
        for n in range(section.rowCount())
    }


def is_checked(panel: FacetPanel, name: str) -> bool:
    return name in items(panel) and items(panel)[name].checkState() is Qt.CheckState.Checked


def test_what_hits_share_is_shown_with_counts(qtbot: QtBot, make_hit: Any) -> None:
    panel = FacetPanel()
    qtbot.addWidget(panel)
    hits = [make_hit("a/1.jpg"), make_hit("a/2.jpg"), make_hit("b/3.pdf", media_type="application/pdf")]
    panel.show_facets(facets(hits), [Kinds(("image",)), InFolder("/away")])
    shown = items(panel)
    assert list(shown) == ["Kind/Pictures", "Kind/PDFs", "Folder/a", "Folder/b", 'In the query/in:"/away"']
    assert [name for name in shown if is_checked(panel, name)] == ["Kind/Pictures", 'In the query/in:"/away"']
    assert shown["Kind/Pictures"].data(Qt.ItemDataRole.AccessibleTextRole) == "Pictures, 2 files"
    panel.resize(panel.sizeHint())
    panel.show()
    assert not panel.grab().isNull()


def test_a_section_that_was_folded_stays_so(qtbot: QtBot, make_hit: Any) -> None:
    panel = FacetPanel()
    qtbot.addWidget(panel)
    found = facets([make_hit("a/1.jpg"), make_hit("b/2.jpg")])
    panel.show_facets(found, ())
    panel.collapse(panel.model().index(0, 0))
    panel.show_facets(found, ())
    assert not panel.isExpanded(panel.model().index(0, 0))


def test_a_click_keeps_to_a_value_and_another_lets_go(
    qtbot: QtBot, window: MainWindow, backend: Any, make_hit: Any
) -> None:
    backend.hits = (make_hit("a/1.jpg"), make_hit("b/3.pdf", media_type="application/pdf"))
    window.query.set_words("dog OR cat")
    panel = window.view.facets
    qtbot.waitUntil(lambda: window.view.page is window.view.results)
    assert panel.isVisible()
    items(panel)["Kind/PDFs"].setCheckState(Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: backend.last_query == "(dog OR cat) type:pdf")
    qtbot.waitUntil(lambda: is_checked(panel, "Kind/PDFs"))
    items(panel)["Kind/PDFs"].setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: backend.last_query == "(dog OR cat)")


def test_filters_can_be_let_go_where_nothing_is_found(qtbot: QtBot, window: MainWindow, backend: Any) -> None:
    window.query.set_words("dog type:pdf")
    qtbot.waitUntil(lambda: window.view.page is window.view.nothing)
    assert window.view.facets.isVisible()
    items(window.view.facets)["In the query/type:pdf"].setCheckState(Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: backend.last_query == "dog")


def test_they_give_way_in_a_narrow_window(
    qtbot: QtBot, window: MainWindow, backend: Any, make_hit: Any
) -> None:
    backend.hits = (make_hit("a/1.jpg"), make_hit("b/2.jpg"))
    window.query.set_words("dog")
    view = window.view
    qtbot.waitUntil(lambda: view.facets.isVisible())
    window.resize(window.minimumSize())
    qtbot.waitUntil(lambda: not view.facets.isVisible())
    qtbot.waitUntil(lambda: view.rect().contains(view.preview.geometry()))
    assert not view.middle.geometry().intersects(view.preview.geometry())
    window.actions_.preview.setChecked(False)
    qtbot.waitUntil(lambda: view.facets.isVisible() and view.rect().contains(view.middle.geometry()))
    window.actions_.preview.setChecked(True)
    window.resize(1200, 800)
    qtbot.waitUntil(lambda: view.facets.isVisible() and view.preview.isVisible())


def test_they_can_be_hidden(qtbot: QtBot, window: MainWindow, backend: Any, make_hit: Any) -> None:
    backend.hits = (make_hit("a/1.jpg"), make_hit("b/2.jpg"))
    window.actions_.facets.setChecked(False)
    window.query.set_words("dog")
    qtbot.waitUntil(lambda: window.view.page is window.view.results)
    assert not window.view.facets.isVisible()
    window.actions_.facets.trigger()
    assert window.view.facets.isVisible()
