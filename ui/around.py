"""What stands around searching: settings, help, the first run. The window tells it what it learns."""

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from search.errors import CrossfindError
from ui.backend import Backend, LibraryState
from ui.first_run.controller import FirstRun
from ui.help.controller import HelpController
from ui.language import source_of, tr
from ui.remedies import BUTTONS, Way, advice_on
from ui.saying import said
from ui.settings.controller import SettingsController
from ui.settings.names import ended_words
from ui.settings.shortcuts import named_actions

if TYPE_CHECKING:
    from ui.main_window import MainWindow


class Around(QObject):
    """Settings, help and first run of one window."""

    def __init__(self, window: "MainWindow", backend: Backend, settings: QSettings | None) -> None:
        super().__init__(window)
        self._window = window
        actions = window.actions_
        named = _everything(window)
        self.settings = SettingsController(backend, window.jobs, named, settings, window)
        self.help = HelpController(backend, window.jobs, named, window)
        self.first_run = FirstRun(backend, window.jobs, window.view.first_run, self.settings.getter, self)
        actions.settings.triggered.connect(lambda: self.settings.open())
        actions.models.triggered.connect(lambda: self.settings.open("models"))
        actions.keys.triggered.connect(self.help.show_keys)
        actions.language.triggered.connect(self.help.show_language)
        actions.about.triggered.connect(self.help.show_about)
        self.help.keys_to_change.connect(lambda: self.settings.open("shortcuts"))
        self.help.example_chosen.connect(window.query.set_words)
        self.first_run.start_wanted.connect(window.index)
        self.first_run.all_models_wanted.connect(lambda: self.settings.open("models"))
        self.settings.folder_wanted.connect(actions.add_folder.trigger)
        self.settings.history_cleared.connect(window.area.history.forget)
        self.settings.library_changed.connect(window.begin_again)
        self.settings.answers_changed.connect(window.ask_again)
        self.settings.getter.ended.connect(self._tell_of_model)
        if problem := self.settings.problem():
            self._offer_to_mend(said(problem))

    def take(self, state: LibraryState) -> bool:
        """Learn what the library holds; return whether it is away, which the window then says."""
        if self.settings.is_away(state):
            return True
        if not (state.total or state.folders):
            self.first_run.fill()
        return False

    def fail(self, error: BaseException) -> None:
        """Say what went wrong; for a fault of ours offer the details."""
        if isinstance(error, CrossfindError):
            told = advice_on(error)
            self._window.problem.say(told.text, "warning", told.button, self.way(told.way))
            return
        details = "".join(traceback.format_exception(error))
        self._window.problem.say(
            tr("Something went wrong inside Crossfind. Your files and the library are safe."),
            "warning",
            tr("Details …"),
            lambda: self.help.show_fault(details),
        )

    def way(self, way: Way) -> Callable[[], None]:
        """Return what leads a person there."""
        actions, settings = self._window.actions_, self.settings
        ways: dict[Way, Callable[[], None]] = {
            "models": actions.models.trigger,
            "update": actions.update_library.trigger,
            "add folder": actions.add_folder.trigger,
            "password": self._window.asking.unlock,
            "settings": lambda: settings.open("running"),
            "library": lambda: settings.open("library"),
        }
        return ways.get(way, lambda: None)

    def _tell_of_model(self, id_: str, how: str, message: str) -> None:
        """Say how getting a model ended, where no page that does is seen."""
        window, dialog = self._window, self.settings.dialog
        if how == "stopped" or (dialog and dialog.isVisible()) or window.view.page is window.view.first_run:
            return
        if how == "done":
            told = ended_words(id_, how, message)
            window.problem.say(told, "info", tr(BUTTONS["update"]), self.way("update"))
        else:
            window.problem.say(f"{id_}: {message}", "warning", tr(BUTTONS["models"]), self.way("models"))

    def shutdown(self) -> None:
        """Stop what is under way."""
        self.settings.shutdown()

    def _offer_to_mend(self, problem: str) -> None:
        window = self._window

        def mend() -> None:
            self.settings.mend(lambda told: window.problem.say(told), window.fail)

        window.problem.say(
            tr("{problem} Crossfind has started with its usual settings.", problem=problem),
            "warning",
            tr("Mend the settings"),
            mend,
        )


def _everything(window: "MainWindow") -> dict[str, QAction]:
    """Every action by a name that stays: those of `Actions`, then what else the menus hold."""
    found = named_actions(window.actions_)
    known = {*found.values(), *window.actions_.orders.actions()}
    for menu in window.menuBar().findChildren(QMenu):
        for action in menu.actions():
            if action not in known and action.text() and action.menu() is None:
                name = f"{source_of(menu.title())} {source_of(action.text())}"
                found[name.replace("&", "").replace("/", " ")] = action
    return found
