"""The strip at the foot of the window that follows an indexing run and lists what could not be read."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from search.records import Progress
from ui.indexing.run import PAUSED, Ended, IndexingRun
from ui.language import mark, number, percent, plural, tr
from ui.remedies import is_locked, reason_in_window
from ui.wording import LEAST_SPEED, file_count, part_of, speed, time_left

_SAID = (
    ("indexed", mark("{n} indexed")),
    ("unchanged", mark("{n} unchanged")),
    ("moved", mark("{n} moved")),
    ("removed", mark("{n} gone")),
    ("skipped", mark("{n} left out")),
    ("failed", mark("{n} could not be read")),
)


_STAGES = (
    mark("looking for files"),
    mark("indexing"),
    mark("waiting for mains power"),
    mark("waiting until other programs need less"),
)
_HELD = (PAUSED, "waiting")
"""How the stages begin in which speed and time left mean nothing."""


class IndexingPanel(QFrame):
    """Hidden until a run starts; stays to tell how it ended until it is closed. One run at a time.

    `again_wanted`: a run that broke off, or was stopped, is to go on; see `asked`.
    `unlock_wanted(paths)`: the password of these PDFs is to be asked for.
    """

    changed = Signal()
    ended = Signal(object)
    again_wanted = Signal()
    unlock_wanted = Signal(object)

    def __init__(
        self,
        command: Callable[[Sequence[Path], Sequence[str], bool], Sequence[str]],
        parent: QWidget | None = None,
        grace_ms: int = 20_000,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("indexing")
        self._command, self._grace_ms = command, grace_ms
        self._run: IndexingRun | None = None
        self._listed = 0
        self._is_quiet = self._is_told_elsewhere = False
        self._asked: tuple[Sequence[Path], Sequence[str], bool] = ((), (), False)
        self.title, self.numbers = QLabel(), QLabel()
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar(textVisible=False)
        self.details_button = QPushButton(tr("Problems"))
        self.pause_button = QPushButton(tr("Pause"))
        self.stop_button = QPushButton(tr("Cancel"))
        self.again_button = QPushButton(tr("Go on"))
        self.unlock_button = QPushButton(tr("Give a password …"))
        self._locked: list[Path] = []
        self.troubles = QTreeWidget()
        self._build()

    @property
    def running(self) -> bool:
        """Whether a run is under way or still ending."""
        return self._run is not None

    @property
    def run_(self) -> IndexingRun | None:
        """The run under way."""
        return self._run

    def start(
        self, folders: Sequence[Path], only: Sequence[str] = (), retry: bool = False, quiet: bool = False
    ) -> bool:
        """Index folders (none: all known ones); `only` and `retry` as in `IndexingBackend`.

        A `quiet` run hides the strip when it ends well. Returns False, changing nothing, while a run is under
        way.
        """
        if self.running:
            return False
        self._is_quiet = quiet
        self._asked = (folders, only, retry)
        self.again_button.setVisible(False)
        self.unlock_button.setVisible(False)
        self._listed, self._locked = 0, []
        self.troubles.clear()
        self.troubles.setVisible(False)
        run = IndexingRun(self._command(folders, only, retry), self, self._grace_ms)
        self._run = run
        run.changed.connect(self._show_run)
        run.ended.connect(self._show_end)
        names = ", ".join(folder.name or str(folder) for folder in folders)
        self.title.setText(tr("Indexing {names}", names=names) if names else tr("Indexing all folders"))
        self.stop_button.setText(tr("Cancel"))
        self.stop_button.setEnabled(True)
        self.bar.setVisible(True)
        self.pause_button.setText(tr("Pause"))
        self.pause_button.setEnabled(True)
        self.pause_button.setVisible(False)
        self._show_run()
        self.setVisible(not self._is_told_elsewhere)
        run.start()
        return True

    @property
    def asked(self) -> tuple[Sequence[Path], Sequence[str], bool]:
        """What the last run was asked to do: as in `start`."""
        return self._asked

    @Slot()
    def cancel(self) -> None:
        """Ask the run to stop after the batch in hand."""
        if self._run is not None:
            self._run.cancel()
            self.stop_button.setEnabled(False)
            self.title.setText(tr("Finishing the files in hand …"))

    @Slot()
    def pause_or_resume(self) -> None:
        """Let the run pause after what it has in hand, or go on."""
        if self._run is not None:
            self.pause_button.setEnabled(False)  # until the run says that it obeyed
            self._run.pause(not self._run.paused)

    def set_effort(self, percent: int, on_power: bool, when_idle: bool) -> None:
        """Let the run under way work harder or less hard."""
        if self._run is not None:
            self._run.set_effort(percent, on_power, when_idle)

    def stand_back(self, wanted: bool) -> None:
        """Let the page of the library tell alone of a run, as it tells more; its end stands here, too."""
        self._is_told_elsewhere = wanted
        if self.running:
            self.setVisible(not wanted)

    def kill(self) -> None:
        """Stop the run at once."""
        if self._run is not None:
            self._run.kill()

    def _build(self) -> None:
        self.bar.setMinimumWidth(120)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Indexing progress"))
        self.details_button.setCheckable(True)
        self.details_button.toggled.connect(self.troubles.setVisible)
        self.stop_button.clicked.connect(self._stop_or_close)
        self.pause_button.clicked.connect(self.pause_or_resume)
        self.again_button.setToolTip(tr("Begin where it stopped: what was finished is kept"))
        self.again_button.clicked.connect(self.again_wanted)
        self.unlock_button.clicked.connect(lambda: self.unlock_wanted.emit(self._locked))
        self.troubles.setHeaderLabels([tr("File"), tr("Why it is not searchable")])
        self.troubles.setRootIsDecorated(False)
        self.troubles.setUniformRowHeights(True)
        self.troubles.setColumnWidth(0, 420)
        self.troubles.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.troubles.setMaximumHeight(180)
        self.troubles.setAccessibleName(tr("Files that are not searchable"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.title)
        row.addWidget(self.bar, 100)
        row.addStretch(1)
        row.addWidget(self.numbers)
        row.addWidget(self.details_button)
        row.addWidget(self.pause_button)
        row.addWidget(self.unlock_button)
        row.addWidget(self.again_button)
        row.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.addLayout(row)
        column.addWidget(self.troubles)
        self.again_button.setVisible(False)
        self.unlock_button.setVisible(False)
        self.setVisible(False)

    @Slot()
    def _stop_or_close(self) -> None:
        if self.running:
            self.cancel()
        else:
            self.setVisible(False)

    @Slot()
    def _show_run(self) -> None:
        if self._run is None:
            return
        self._offer_pause(self._run)
        show_share(self.bar, self._run.progress)
        self.numbers.setText(numbers_of(self._run))
        self._list_troubles(self._run)
        self.changed.emit()

    def _offer_pause(self, run: IndexingRun) -> None:
        wanted = tr("Resume") if run.paused else tr("Pause")
        if self.pause_button.text() != wanted:
            self.pause_button.setText(wanted)
            self.pause_button.setEnabled(True)
        self.pause_button.setVisible(run.progress is not None and not run.cancelled)

    def _list_troubles(self, run: IndexingRun) -> None:
        fresh = run.troubles[self._listed : self._listed + 200]
        self._listed += len(fresh)
        self.troubles.addTopLevelItems([_row(trouble.path, trouble.reason) for trouble in fresh])
        self.details_button.setVisible(bool(run.troubles))
        partly = sum(one.outcome == "indexed" for one in run.troubles)
        problems = run.counts["failed"] + run.counts["skipped"] + partly
        self.details_button.setText(plural("{n} problem", "{n} problems", problems))

    @Slot(object)
    def _show_end(self, ended: Ended) -> None:
        run = self._run
        if run is None:
            return
        while self._listed < len(run.troubles):
            self._list_troubles(run)
        self._run = None
        run.deleteLater()
        self.bar.setVisible(False)
        self.pause_button.setVisible(False)
        self.title.setText(end_text(ended, run))
        self.again_button.setVisible(ended.how != "done")
        self.numbers.setText("")
        self.stop_button.setText(tr("Close"))
        self.stop_button.setEnabled(True)
        self.details_button.setVisible(bool(run.troubles))
        self._locked = [Path(one.path) for one in run.troubles if is_locked(one.reason)]
        self.unlock_button.setVisible(bool(self._locked))
        is_well = ended.how == "done" and not run.counts["failed"]
        self.setVisible(not (self._is_quiet and is_well))
        self.ended.emit(ended)


def numbers_of(run: IndexingRun) -> str:
    """How far, how fast, how long still."""
    progress = run.progress
    if progress is None:
        return file_count(run.counts.total()) if run.counts else tr("Starting …")
    files = how_far(progress)
    if progress.stage.startswith(_HELD):
        return f"{files} · {tr(progress.stage)}"
    parts = [files]
    if progress.files_per_s >= LEAST_SPEED:
        parts.append(speed(progress.files_per_s))
    if progress.left_s is not None:
        parts.append(time_left(progress.left_s))
    return " · ".join(parts)


def show_share(bar: QProgressBar, progress: Progress | None) -> None:
    """Let a bar show how much is done; it runs to and fro until that can be told."""
    share = progress.share if progress is not None else None
    bar.setRange(0, 0 if share is None else 1000)
    if share is not None:
        bar.setValue(round(1000 * share))


def how_far(progress: Progress) -> str:
    """Say how much of a run is done: 47% of 3 files."""
    share = progress.share
    if share is None or not progress.total:
        return file_count(progress.done)
    if not progress.learned:
        return part_of(progress.done, progress.total)
    return tr("{percent} of {files}", percent=percent(share), files=file_count(progress.total))


def end_text(ended: Ended, run: IndexingRun) -> str:
    """How the run ended, in a sentence."""
    if ended.how == "broken":
        return ended.message
    told = [tr(text, n=number(run.counts[name])) for name, text in _SAID if run.counts[name]]
    what = ", ".join(told) or tr("nothing to do")
    return (
        tr("Stopped: {what}.", what=what) if ended.how == "cancelled" else tr("Finished: {what}.", what=what)
    )


def _row(path: str, reason: str) -> QTreeWidgetItem:
    item = QTreeWidgetItem([path, reason_in_window(reason)])
    item.setToolTip(0, path)
    item.setToolTip(1, item.text(1))
    return item
