"""Puts the settings to work: opens the dialog, saves what is chosen, tells the window what has changed."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from search.errors import LibraryBusyError
from ui.backend import LibraryState
from ui.jobs import Jobs
from ui.language import tr
from ui.remedies import told
from ui.settings.backend import LibraryFacts, Preferences, Reduced, SettingsBackend, Tended
from ui.settings.getting import ModelGetter
from ui.settings.learning_page import FACES
from ui.settings.looks import apply_looks, language_of, looks_of
from ui.settings.shortcuts import Shortcuts

if TYPE_CHECKING:
    from ui.settings.dialog import SettingsDialog

_SAVE, _SHOW, _MODELS, _ABOUT, _CARE = (
    "settings save",
    "settings",
    "settings models",
    "settings about",
    "settings care",
)
_KNOWN = "libraries"
_MOST_KNOWN = 12


class SettingsController(QObject):
    """One for a window. `library_changed` when another library is used; `answers_changed` when the same query
    may now be answered otherwise; `folder_wanted` when a folder is to be chosen for indexing;
    `history_cleared` when what was searched for is to be forgotten."""

    library_changed = Signal()
    answers_changed = Signal()
    folder_wanted = Signal()
    history_cleared = Signal()

    def __init__(
        self,
        backend: SettingsBackend,
        jobs: Jobs,
        actions: Mapping[str, QAction],
        settings: QSettings | None,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._settings, self._window = backend, jobs, settings, parent
        self.getter = ModelGetter(backend.model_command, self)
        self.shortcuts = Shortcuts(actions, settings)
        self.dialog: SettingsDialog | None = None
        self._seen: set[str] = set()
        self._apply_looks()
        self.getter.ended.connect(self._model_ended)

    def open(self, page: str = "") -> None:
        """Show the dialog, at a page by its name among the dialog's attributes."""
        dialog = self.dialog or self._make_dialog()
        if page:
            dialog.turn_to(getattr(dialog, page))
        dialog.fields.show(self._backend.preferences())
        dialog.privacy.show_history(self._history_kept())
        dialog.looks.show_looks(*looks_of(self._settings), language_of(self._settings))
        dialog.shortcuts.show_keys()
        self._show_facts()
        self.show_models()
        self._jobs.submit(_ABOUT, self._backend.about, dialog.advanced.show_about, self._failed)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def problem(self) -> str:
        """Say what is wrong with the settings file; "" when nothing is."""
        return self._backend.preferences_problem()

    def mend(self, done: Callable[[str], None], failed: Callable[[BaseException], None]) -> None:
        """Mend the settings file, and say so."""

        def told(kept: Path) -> None:
            done(tr("The settings are mended; the broken file is kept as {name}.", name=kept.name))
            self.library_changed.emit()

        self._jobs.submit(_SAVE, self._backend.mend_preferences, told, failed)

    def is_away(self, state: LibraryState) -> bool:
        """Whether a library that was used before is not there: its drive may be unplugged."""
        if state.library is None:
            return False
        if state.total or state.folders:
            self._seen.add(str(state.library))
            self._remember(str(state.library))
            return False
        if state.library.exists():
            return False
        chosen = bool(self._backend.preferences().library)
        return str(state.library) in (*self._seen, *self._known()) or (
            chosen and not state.library.parent.exists()
        )

    def save(self, field: str, value: object) -> None:
        """Change one field of the preferences."""

        def saved(_: Preferences) -> None:
            if field == "library":
                self.library_changed.emit()
            elif field in ("profile", "models", "models_dir", "device"):
                self.show_models()
                self.answers_changed.emit()

        work = partial(self._backend.save_preferences, {field: value})
        self._jobs.submit(f"{_SAVE} {field}", work, saved, self._not_saved)

    def use_library(self, folder: Path) -> None:
        """Use another library, or begin a new one there."""
        self.save("library", str(folder))

    def shutdown(self) -> None:
        """Stop what is being got."""
        self.getter.shutdown()
        if self.dialog is not None:
            if self._settings is not None:
                self._settings.setValue("settings/size", self.dialog.size())
            self.dialog.close()

    def show_models(self) -> None:
        """List the models anew, if the dialog is there."""
        if self.dialog is not None:
            self._jobs.submit(_MODELS, self._backend.models, self.dialog.models.show_models, self._failed)

    def _make_dialog(self) -> "SettingsDialog":
        from ui.settings.dialog import SettingsDialog

        dialog = SettingsDialog(self.getter, self.shortcuts, self._window)
        self.dialog = dialog
        dialog.recall(self._settings)
        dialog.fields.chosen.connect(self.save)
        library, learning, privacy = dialog.library, dialog.learning, dialog.privacy
        library.switched.connect(self.use_library)
        library.add_wanted.connect(self.folder_wanted)
        library.excludes_chosen.connect(lambda f, rules: self._edit(self._backend.set_excludes, f, rules))
        library.forgotten.connect(lambda folder: self._edit(self._backend.forget_folder, folder))
        library.care.look_wanted.connect(self._look_after)
        library.care.tend_wanted.connect(self._tend)
        learning.switched.connect(lambda name, on: self._edit(self._backend.switch_learning, name, on))
        learning.deleted.connect(lambda names: self._edit(self._backend.delete_learned, names))
        privacy.faces_switched.connect(lambda on: self._edit(self._backend.switch_learning, FACES, on))
        privacy.faces_deleted.connect(self._delete_faces)
        privacy.passwords_forgotten.connect(lambda: self._edit(self._backend.forget_passwords))
        privacy.history_kept.connect(self._keep_history)
        privacy.history_cleared.connect(self._clear_history)
        dialog.looks.chosen.connect(self._choose_looks)
        dialog.looks.language_chosen.connect(self._choose_language)
        dialog.models.removal_wanted.connect(self._remove_model)
        dialog.models.reduction_wanted.connect(self._reduce_model)
        self.library_changed.connect(self._show_facts)
        return dialog

    def _edit(self, change: Callable[..., object], *values: Any) -> None:
        """Change the library, then show how it is."""

        def done(_: object) -> None:
            self._show_facts()
            self.answers_changed.emit()

        self._jobs.submit("settings edit", partial(change, *values), done, self._not_saved)

    def _look_after(self) -> None:
        """Say what would be done for the library, in the background."""
        if (dialog := self.dialog) is not None:
            care = dialog.library.care
            dialog.notice.hush()
            care.busy(tr("Going through the library …"))
            self._jobs.submit(_CARE, self._backend.look_after, care.show_health, self._not_looked_after)

    def _tend(self) -> None:
        """Mend and tidy up the library, in the background."""
        if (dialog := self.dialog) is None:
            return
        care = dialog.library.care

        def done(tended: Tended) -> None:
            care.show_tended(tended)
            self._show_facts()
            self.answers_changed.emit()

        care.busy(tr("Mending and tidying up …"))
        self._jobs.submit(_CARE, self._backend.tend, done, self._not_looked_after)

    def _not_looked_after(self, error: BaseException) -> None:
        if (dialog := self.dialog) is not None:
            dialog.library.care.forget()
        if dialog is not None and isinstance(error, LibraryBusyError):
            dialog.notice.say(tr("Files are being read into the library. Try again when that is done."))
        else:
            self._failed(error)

    def _delete_faces(self) -> None:
        def delete() -> int:
            self._backend.switch_learning(FACES, False)
            return self._backend.delete_learned([FACES])

        self._edit(delete)

    def _remove_model(self, id_: str) -> None:
        def done(_: object) -> None:
            if self.dialog is not None:
                self.dialog.fields.show(self._backend.preferences())
            self.show_models()
            self.answers_changed.emit()

        self._jobs.submit("settings edit", partial(self._backend.remove_model, id_), done, self._not_saved)

    def _reduce_model(self, id_: str, dims: int) -> None:
        def done(made: Reduced) -> None:
            if (dialog := self.dialog) is not None:
                dialog.fields.show(self._backend.preferences())
                dialog.models.show_reduced(made)
            self.show_models()
            self.answers_changed.emit()

        def failed(error: BaseException) -> None:
            if self.dialog is not None:
                self.dialog.models.show_reduced(None)
            self._failed(error)

        self._jobs.submit("settings reduce", partial(self._backend.reduce_model, id_, dims), done, failed)

    def _model_ended(self, _id: str, how: str, _message: str) -> None:
        self.show_models()
        if how == "done":
            self.answers_changed.emit()

    def _show_facts(self) -> None:
        if self.dialog is not None:
            self._jobs.submit(_SHOW, self._backend.library_facts, self._show_these, self._failed)

    def _show_these(self, facts: LibraryFacts) -> None:
        if (dialog := self.dialog) is not None:
            dialog.library.show_facts(facts, self._known())
            dialog.learning.show_facts(facts)
            dialog.privacy.show_facts(facts)

    def _not_saved(self, error: BaseException) -> None:
        """Say why, and show again what is in use."""
        self._failed(error)
        if self.dialog is not None:
            self.dialog.fields.show(self._backend.preferences())
            self._show_facts()

    def _failed(self, error: BaseException) -> None:
        if self.dialog is not None:
            self.dialog.notice.say(told(error, tr("Something went wrong inside Crossfind.")), "warning")

    def _known(self) -> list[str]:
        value = self._settings.value(_KNOWN, []) if self._settings is not None else []
        texts = value if isinstance(value, list) else [value]
        return [text for text in texts if isinstance(text, str)]

    def _remember(self, library: str) -> None:
        known = self._known()
        if self._settings is not None and library not in known:
            self._settings.setValue(_KNOWN, [library, *known][:_MOST_KNOWN])

    def _history_kept(self) -> bool:
        return self._settings is None or str(self._settings.value("history/keep", "true")).lower() != "false"

    def _keep_history(self, kept: bool) -> None:
        if self._settings is not None:
            self._settings.setValue("history/keep", kept)
        if not kept:
            self._clear_history()

    def _clear_history(self) -> None:
        if self._settings is not None:
            self._settings.remove("history/queries")
        self.history_cleared.emit()

    def _choose_looks(self, scheme: str, percent: int) -> None:
        if self._settings is not None:
            self._settings.setValue("appearance/scheme", scheme)
            self._settings.setValue("appearance/text", percent)
        self._apply_looks()

    def _choose_language(self, language: str) -> None:
        if self._settings is not None:
            self._settings.setValue("appearance/language", language)

    def _apply_looks(self) -> None:
        scheme, percent = looks_of(self._settings)
        app = QApplication.instance()
        if isinstance(app, QApplication) and (self._settings is not None):
            apply_looks(app, scheme, percent)
