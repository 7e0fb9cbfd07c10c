"""Nothing that the window says escapes translation: with every text marked, what has none was forgotten."""

import re
from collections.abc import Callable, Iterator
from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QTabBar,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from search.records import Page, TimeSpan
from ui import language
from ui.backend import LibraryState
from ui.main_window import MainWindow
from ui.people.backend import Everybody, PersonCard
from ui.settings.backend import FolderRules, Learnable, LibraryFacts
from ui.settings.names import LEARNED

DATA = re.compile(
    r"Crossfind|English|Deutsch|Close|Apple|CUDA|PDF|CSV|JSON|SRT|VTT|\.\w{2,4}$|\*\.tmp|Ada|(^|\s)/\w"
    r"|a table of results|a dog on|type:pdf invoice|red car|Hears|Sees|AGPL|Apache|MIT|LGPL"
    r"|yamnet|starter-scene|owl|it needs a library|Traceback|word|nikon"
)
"""What is not the window's own: names, file names, examples of queries, Qt's buttons, what is reported."""

KEYS = re.compile(r"[A-Z0-9?,.+−-]|(Ctrl|Shift|Alt|Meta)\+.*|F\d+|Esc|Del|Ins|Return|Enter")
OWN = re.compile(r"[A-Za-z]{3,}")


class _Marked(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return f"⟦{context}: {message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language._shown, "messages", _Marked())


def forgotten(window: QWidget) -> list[str]:
    """Return the texts of a window and all in it, seen or not, that are our own and have no mark."""
    texts = dict.fromkeys(_texts(window))
    return [text for text in texts if _is_own(text)]


def _is_own(text: str) -> bool:
    left = re.sub(r"⟦[^⟦⟧]*(⟦[^⟦⟧]*⟧[^⟦⟧]*)*(⟧|$)", "", text)  # or cut short
    left = re.sub(r"<[^>]*>|\((Ctrl|Shift|Alt|F\d)[^)]*\)", "", left)
    return bool(OWN.search(left)) and not DATA.search(left) and not KEYS.fullmatch(text)


def _texts(window: QWidget) -> Iterator[str]:
    for one in (window, *window.findChildren(QWidget)):
        if one.objectName().startswith("qt_") or isinstance(one.parentWidget(), QHeaderView | QTabBar):
            continue
        yield from (one.accessibleName(), one.accessibleDescription(), one.toolTip(), one.windowTitle())
        match one:
            case QLabel() | QAbstractButton():
                yield one.text()
            case QLineEdit():
                yield one.placeholderText()
            case QComboBox():
                yield from (one.itemText(row) for row in range(one.count()))
            case QTabBar():
                yield from (one.tabText(tab) for tab in range(one.count()))
            case QMenu():
                yield one.title()
            case QTreeWidget():
                yield from _in_tree(one)
            case _:
                pass
    for action in window.findChildren(QAction):
        if action.text():
            yield from (action.text(), action.toolTip())


def _in_tree(tree: QTreeWidget) -> Iterator[str]:
    columns = range(tree.columnCount())
    if not tree.isHeaderHidden():
        yield from (tree.headerItem().text(column) for column in columns)
    items: list[QTreeWidgetItem] = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    for item in items:
        yield from (item.text(column) for column in columns)
        yield from (item.toolTip(column) for column in columns)


@pytest.fixture
def full(backend: Any, make_hit: Callable[..., Any]) -> Any:
    """A backend with something on every page."""
    backend.hits = (
        make_hit("/a/table.txt", media_type="text/plain", text="word " * 9),
        make_hit("/a/report.pdf", media_type="application/pdf", locator=Page(3), pages=9),
        make_hit("/a/film.mp4", media_type="video/mp4", locator=TimeSpan(3, 9), present=False),
    )
    backend.facts = LibraryFacts(
        Path("/library"),
        5_000_000,
        (FolderRules(Path("/pictures"), ("*.tmp",)),),
        tuple(Learnable(name, True, ("image",)) for name in LEARNED),
        63,
    )
    backend.who = Everybody((PersonCard(1, "Ada", 3, 2, "2024-01-01", "2024-02-01", 1),), hidden=2)
    return backend


@pytest.fixture
def shown(qtbot: QtBot, full: Any, marked: None) -> MainWindow:
    made = MainWindow(full)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.view.page is not made.view.blank)
    return made


def test_the_window_and_its_results(shown: MainWindow, qtbot: QtBot, full: Any) -> None:
    with qtbot.waitSignal(shown.flow.found):
        shown.query.set_words("person:Ada OR NOT (said:word THEN tag:word) rating:4..5")
    for row in range(len(full.hits)):
        shown.view.results.select_row(row)
        qtbot.waitUntil(lambda: not shown.jobs.busy("preview"))
        assert "\n".join(forgotten(shown)) == ""
    full.hits = ()
    with qtbot.waitSignal(shown.flow.found):
        shown.query.set_words("word")
    assert "\n".join(forgotten(shown)) == ""


def test_the_first_run(qtbot: QtBot, full: Any, marked: None) -> None:
    full.state = LibraryState()
    window = MainWindow(full)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.view.page is window.view.first_run)
    assert "\n".join(forgotten(window)) == ""


def test_every_page(shown: MainWindow, qtbot: QtBot) -> None:
    for action in shown.places.actions_:
        action.trigger()
        qtbot.waitUntil(lambda: not any(map(shown.jobs.busy, ("people", "people-alike", "library"))))
        assert "\n".join(forgotten(shown)) == ""


def test_every_page_of_the_settings_and_all_the_help(shown: MainWindow, qtbot: QtBot) -> None:
    shown.actions_.settings.trigger()
    dialog = shown.around.settings.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: bool(dialog.learning.boxes))
    assert "\n".join(forgotten(dialog)) == ""
    for action in (shown.actions_.keys, shown.actions_.about):
        action.trigger()
    qtbot.waitUntil(lambda: not shown.jobs.busy("about") and not shown.jobs.busy("about models"))
    shown.around.help.show_fault("Traceback\n")
    for part in (shown.around.help.keys, shown.around.help.about):
        assert part is not None
        assert "\n".join(forgotten(part)) == ""


def test_every_form_of_the_query(shown: MainWindow, qtbot: QtBot) -> None:
    from ui.query.language import PREFIXES

    for prefix in ("", *(one.name for one in PREFIXES)):
        if prefix in ("like", "face", "clip"):
            continue
        popup = shown.area.builder.open(prefix)
        assert "\n".join(forgotten(popup)) == "", prefix
        popup.close()


def test_what_is_forgotten_is_noticed(qtbot: QtBot, marked: None) -> None:
    """The tests above could not fail otherwise."""
    label = QLabel("Say it")
    qtbot.addWidget(label)
    assert forgotten(label) == ["Say it"]
    label.setText(language.tr("Say it"))
    assert "\n".join(forgotten(label)) == ""
