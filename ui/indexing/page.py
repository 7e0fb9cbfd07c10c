"""The library page: folders, what is learned and how far that is, what could not be read, room on disk."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from search.errors import CrossfindError
from search.records import Progress
from ui.indexing.backend import IndexingBackend, Overview
from ui.indexing.folders import FolderList, paths_of
from ui.indexing.learned import EffortBar, LearnedList
from ui.indexing.panel import IndexingPanel, how_far, numbers_of, show_share
from ui.indexing.troubles import TroubleList
from ui.indexing.watcher import Watcher
from ui.jobs import Jobs
from ui.language import number, tr
from ui.remedies import advice_on
from ui.settings.backend import Preferences, SettingsBackend
from ui.settings.names import size
from ui.wording import file_count, readable

_AGAIN_MS = 2000
_CHANNEL, _CHANGE, _SAVE = "library", "library-change", "library-effort"


class LibraryBackend(IndexingBackend, SettingsBackend, Protocol):
    """What the page asks of the program."""


class LibraryPage(QScrollArea):
    """`index_wanted(folders, only, retry, quiet)`; `shown(overview)`: how the library is;
    `rules_wanted`: the settings of what is left out;
    `changed`: the library holds something else now; `failed(error)` and `complaint(str)`: to be said."""

    index_wanted = Signal(object, object, bool, bool)
    rules_wanted = Signal()
    shown = Signal(object)
    changed = Signal()
    failed = Signal(object)
    complaint = Signal(str)

    def __init__(
        self, backend: LibraryBackend, jobs: Jobs, panel: IndexingPanel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._panel = backend, jobs, panel
        self._overview = Overview(Path())
        self.watcher = Watcher(backend, jobs, self)
        self.told, self.numbers, self.elsewhere = QLabel(), QLabel(), QLabel()
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self.bar = QProgressBar(textVisible=False)
        self.update_button, self.pause_button = (
            QPushButton(tr("Update all folders")),
            QPushButton(tr("Pause")),
        )
        self.stop_button = QPushButton(tr("Cancel"))
        self.effort, self.folders = EffortBar(), FolderList()
        self.learned, self.troubles = LearnedList(), TroubleList()
        self.troubles_heading = QLabel()
        self._build()
        self._connect()
        self._follow()

    @Slot()
    def refresh(self) -> None:
        """Ask anew how the library is."""
        self._jobs.submit(_CHANNEL, self._backend.overview, self._show, self.failed.emit)
        self._show_effort(self._backend.preferences())

    def _show(self, overview: Overview) -> None:
        self._overview = overview
        self.watcher.watch(paths_of(overview))
        self.told.setText(told_of(overview))
        self._show_elsewhere(None if self._panel.running else overview.under_way)
        self._show_all()
        self.shown.emit(overview)

    def _show_elsewhere(self, progress: Progress | None) -> None:
        """Follow a run that another program began."""
        self.elsewhere.setVisible(progress is not None)
        if progress is None:
            return
        files = how_far(progress)
        self.elsewhere.setText(
            tr("Another Crossfind is reading files into this library: {files} so far.", files=files)
        )
        if self.isVisible():
            self._again.start()

    def _show_all(self) -> None:
        unread = self._overview.unread
        running = self._panel.running or self._overview.under_way is not None
        self._follow()
        self.folders.show_folders(self._overview, running)
        self.learned.show_learned(self._overview, running)
        self.troubles.show_unread(unread, running)
        self.troubles_heading.setText(tr("Could not be read, or not all of it ({n})", n=number(len(unread))))
        for part in (self.troubles_heading, self.troubles):
            part.setVisible(bool(unread))
        self.update_button.setEnabled(bool(self._overview.folders) and not running)

    def _show_effort(self, preferences: Preferences) -> None:
        self.effort.show_effort(preferences.effort, preferences.on_power, preferences.when_idle)

    @Slot()
    def _follow(self) -> None:
        """Show how far the run is that the strip follows."""
        run = self._panel.run_
        for part in (self.bar, self.numbers, self.pause_button, self.stop_button):
            part.setVisible(run is not None)
        self.update_button.setVisible(run is None)
        progress = run.progress if run is not None else None
        elsewhere = None if run is not None else self._overview.under_way
        self.learned.show_progress(progress or elsewhere)
        if run is None:
            return
        self.numbers.setText(numbers_of(run))
        self.pause_button.setText(tr("Resume") if run.paused else tr("Pause"))
        may_pause = progress is not None and not run.cancelled
        self.pause_button.setEnabled(may_pause and self._panel.pause_button.isEnabled())
        self.stop_button.setEnabled(not run.cancelled)
        show_share(self.bar, progress)

    @Slot()
    def began(self) -> None:
        """A run has begun: what takes the whole library has to wait."""
        self._show_elsewhere(None)
        self._show_all()

    @Slot()
    def ended(self) -> None:
        """A run has ended; changes that waited for it have their turn."""
        self._overview = replace(self._overview, under_way=None)
        self._follow()
        self.refresh()
        self.watcher.again()

    @Slot(object, bool)
    def _watch(self, folder: Path, on: bool) -> None:
        self._change(lambda: self._backend.set_watched(folder, on))

    @Slot(object)
    def _forget(self, folder: Path) -> None:
        self._change(lambda: self._backend.forget_folder(folder))

    @Slot(str, bool)
    def _switch(self, name: str, on: bool) -> None:
        self._change(lambda: self._backend.switch_learning(name, on))

    def _change(self, work: object) -> None:
        """Change the library off this thread, then look at it again."""
        assert callable(work)

        def done(_: object) -> None:
            self.refresh()
            self.changed.emit()

        self._jobs.submit(_CHANGE, work, done, self._not_changed)

    def _not_changed(self, error: BaseException) -> None:
        self.refresh()
        if isinstance(error, CrossfindError):
            self.complaint.emit(advice_on(error).text)
        else:
            self.failed.emit(error)

    @Slot(int, bool, bool)
    def _set_effort(self, percent: int, on_power: bool, when_idle: bool) -> None:
        """Let it hold for the run under way, and for those to come."""
        self._panel.set_effort(percent, on_power, when_idle)
        changes = {"effort": percent, "on_power": on_power, "when_idle": when_idle}
        save = self._backend.save_preferences
        self._jobs.submit(_SAVE, lambda: save(changes), self._show_effort, self._not_changed)

    @Slot()
    def _index_changes(self) -> None:
        if not self._panel.running:
            self.index_wanted.emit(self.watcher.take(), (), False, True)

    @Slot(object)
    def _retry(self, paths: Sequence[Path]) -> None:
        self.index_wanted.emit(paths, (), True, False)

    def _build(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(10)
        self.told.setWordWrap(True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Indexing progress"))
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        for part in (self.numbers, self.pause_button, self.stop_button, self.update_button):
            row.addWidget(part)
        row.addStretch(0)
        column.addWidget(_heading(tr("Library")))
        column.addWidget(self.told)
        column.addLayout(row)
        column.addWidget(self.elsewhere)
        column.addWidget(self.effort)
        column.addWidget(_section(tr("Folders")))
        column.addWidget(self.folders, 1)
        column.addWidget(_section(tr("What is learned")))
        column.addWidget(self.learned)
        self.troubles_heading.setFont(_section("").font())
        column.addWidget(self.troubles_heading)
        column.addWidget(self.troubles, 1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def _connect(self) -> None:
        panel, folders = self._panel, self.folders
        panel.changed.connect(self._follow)
        panel.ended.connect(self.ended)
        self.pause_button.clicked.connect(panel.pause_or_resume)
        self.stop_button.clicked.connect(panel.cancel)
        self.update_button.clicked.connect(lambda: self.index_wanted.emit([], (), False, False))
        self.effort.chosen.connect(self._set_effort)
        folders.update_wanted.connect(lambda path: self.index_wanted.emit([path], (), False, False))
        folders.forget_wanted.connect(self._forget)
        folders.watch_wanted.connect(self._watch)
        folders.rules_button.clicked.connect(self.rules_wanted)
        self.learned.switched.connect(self._switch)
        self.learned.only_wanted.connect(lambda name: self.index_wanted.emit([], (name,), False, False))
        self.troubles.retry_wanted.connect(self._retry)
        self.troubles.complaint.connect(self.complaint)
        self._again.timeout.connect(self.refresh)
        self.watcher.due.connect(self._index_changes)
        self.watcher.failed.connect(self._not_changed)


def told_of(overview: Overview) -> str:
    """Say how much is in the library, and how much room there is."""
    given = {
        "files": file_count(overview.files),
        "size": size(overview.bytes),
        "folder": readable(str(overview.folder)),
    }
    if not overview.free:
        return tr("{files}. The library takes {size}, in {folder}.", **given)
    return tr(
        "{files}. The library takes {size}, {free} free, in {folder}.", free=size(overview.free), **given
    )


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("heading")
    return label


def _section(text: str) -> QLabel:
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
