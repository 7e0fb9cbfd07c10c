"""Fills the first page: the usual folders with what is in them, and the models, each asked in a job."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from ui.first_run.counting import Counted, count_files
from ui.first_run.page import FirstRunPage
from ui.jobs import Jobs
from ui.language import tr
from ui.settings.backend import SettingsBackend
from ui.settings.fields import choose_folder
from ui.settings.getting import ModelGetter

_PLACES = (
    QStandardPaths.StandardLocation.PicturesLocation,
    QStandardPaths.StandardLocation.DocumentsLocation,
    QStandardPaths.StandardLocation.MoviesLocation,
    QStandardPaths.StandardLocation.MusicLocation,
)


class FirstRun(QObject):
    """`start_wanted` carries the folders to index; `all_models_wanted` when the settings are to be opened."""

    start_wanted = Signal(object)
    all_models_wanted = Signal()

    def __init__(
        self,
        backend: SettingsBackend,
        jobs: Jobs,
        page: FirstRunPage,
        getter: ModelGetter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._page = backend, jobs, page
        self._filled = False
        page.use(getter)
        page.start_wanted.connect(self.start_wanted)
        page.all_models_wanted.connect(self.all_models_wanted)
        page.choose_wanted.connect(
            lambda: choose_folder(page, tr("Choose a folder"), lambda folder: self._count([folder], True))
        )
        getter.ended.connect(self._model_ended)

    def fill(self, folders: Sequence[Path] | None = None) -> None:
        """Fill the page, the first time it is seen; `folders` in place of the usual ones."""
        if not self._filled:
            self._filled = True
            self._count(usual_folders() if folders is None else folders)
            self.show_models()

    def show_models(self) -> None:
        """Say anew what there is."""
        self._jobs.submit("first run models", self._backend.models, self._page.show_models, _nothing)

    def _model_ended(self) -> None:
        if self._filled:
            self.show_models()

    def _count(self, folders: Sequence[Path], ticked: bool | None = None) -> None:
        for folder in folders:
            self._page.offer_folder(folder)
            self._jobs.submit(
                f"first run {folder}", partial(count_files, folder), partial(self._show, ticked), _nothing
            )

    def _show(self, ticked: bool | None, counted: Counted) -> None:
        self._page.show_counted(counted, ticked)


def usual_folders() -> list[Path]:
    """The person's folders for pictures, documents, films and music that are there."""
    named = dict.fromkeys(Path(QStandardPaths.writableLocation(place)) for place in _PLACES)
    return [folder for folder in named if folder != Path.home() and folder.is_dir()]


def _nothing(_: BaseException) -> None:
    """The jobs have logged it; the page stands without."""
