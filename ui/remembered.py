"""What the window remembers from one run to the next: its size, the panes, picture size, order."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from ui.results.hit_delegate import USUAL

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def remember(window: "MainWindow", settings: QSettings | None) -> None:
    """Write it down."""
    if settings is None:
        return
    settings.setValue("geometry", window.saveGeometry())
    settings.setValue("columns", window.view.split.saveState())
    settings.setValue("picture size", window.header.slider.value())
    settings.setValue("preview", window.actions_.preview.isChecked())
    settings.setValue("facets", window.actions_.facets.isChecked())
    settings.setValue("order", window.actions_.orders.checkedAction().data())
    window.results.remember(settings)
    window.people.remember(settings)
    window.places.remember(settings)
    settings.sync()


def recall(window: "MainWindow", settings: QSettings | None) -> None:
    """Restore it; a first run, or a file somebody else wrote, leaves the defaults."""
    window.actions_.preview.setChecked(True)
    window.actions_.facets.setChecked(True)
    if settings is None:
        return
    if isinstance(geometry := settings.value("geometry"), QByteArray):
        window.restoreGeometry(geometry)
    if isinstance(panes := settings.value("columns"), QByteArray):
        window.view.split.restoreState(panes)
    size = str(settings.value("picture size", USUAL))
    window.header.slider.setValue(int(size) if size.isdecimal() else USUAL)
    window.actions_.preview.setChecked(str(settings.value("preview", "true")).lower() != "false")
    window.actions_.facets.setChecked(str(settings.value("facets", "true")).lower() != "false")
    for action in window.actions_.orders.actions():
        if action.data() == settings.value("order"):
            action.trigger()
    window.results.recall(settings)
    window.people.recall(settings)
    window.places.recall(settings)
