"""The menu bar: every action has a place where it can be found and its shortcut learned."""

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from ui.actions import Actions
from ui.language import tr


def fill_menu_bar(bar: QMenuBar, actions: Actions, places: Sequence[QAction] = ()) -> None:
    """Put all actions into menus; `places` turn to the pages of the window."""
    _fill(
        bar.addMenu(tr("&File")),
        [
            actions.add_folder,
            actions.update_library,
            None,
            actions.open,
            actions.reveal,
            None,
            actions.settings,
            actions.models,
            None,
            actions.quit,
        ],
    )
    _fill(
        bar.addMenu(tr("&Edit")),
        [actions.paste, actions.copy, actions.copy_path, None, actions.find, actions.similar, actions.clear],
    )
    _fill(
        bar.addMenu(tr("&View")),
        [
            actions.facets,
            actions.preview,
            actions.large,
            None,
            actions.larger,
            actions.smaller,
            None,
            *actions.orders.actions(),
            None,
            actions.weak,
        ],
    )
    _fill(bar.addMenu(tr("&Go")), places)
    _fill(bar.addMenu(tr("&Help")), [actions.language, actions.keys, None, actions.about])


def insert_menu(bar: QMenuBar, menu: QMenu) -> None:
    """Put a menu behind those about files and views, before those that lead elsewhere."""
    behind = next((one for one in bar.actions() if one.text() == tr("&Go")), None)
    if behind is None:
        bar.addMenu(menu)
    else:
        bar.insertMenu(behind, menu)


def _fill(menu: QMenu, entries: Sequence[QAction | None]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        else:
            menu.addAction(entry)
