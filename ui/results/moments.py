"""Moments of films and recordings as files of their own: copied, or dragged out, as clips.

A drag can only carry a file that is there. So a moment that is dragged for the first time is cut in the
background, and the drag begins while the mouse is still moving; a second or so, where packets are copied.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QAction, QKeySequence

from search.records import Hit
from ui.files import copy_files
from ui.jobs import Jobs
from ui.language import plural, tr
from ui.results.acting import clip_of
from ui.results.backend import Clip, ResultsBackend
from ui.results.grid import Results
from ui.wording import moment_of

_CHANNEL = "moments"
_KEY = "drag clips"


class Moments(QObject):
    """Makes the two actions. `told` says how far it is, `complaint` why there is no clip, `failed` carries an
    error."""

    told = Signal(str)
    complaint = Signal(str)
    failed = Signal(object)

    def __init__(self, backend: ResultsBackend, jobs: Jobs, results: Results) -> None:
        super().__init__(results)
        self._backend, self._jobs, self._results = backend, jobs, results
        self._cut: dict[Clip, Path] = {}
        self._failed: set[Clip] = set()
        self.copy = QAction(tr("Cop&y as clips"), self)
        self.copy.setShortcut(QKeySequence("Ctrl+Alt+C"))
        self.copy.setToolTip(tr("Copy just the moments of films and recordings, to be pasted as files"))
        self.drag = QAction(tr("Drag &moments out as clips"), self, checkable=True)
        self.drag.setToolTip(tr("What is dragged into other programs is the moment, not the whole film"))
        self.actions_: Sequence[QAction] = (self.copy, self.drag)
        self.copy.triggered.connect(self._copy)
        results.files_of = self.files_of

    def allow(self, allowed: bool) -> None:
        """Say whether there are hits to act on."""
        self.copy.setEnabled(allowed)

    def remember(self, settings: QSettings) -> None:
        """Write down what is dragged."""
        settings.setValue(_KEY, self.drag.isChecked())

    def recall(self, settings: QSettings) -> None:
        """Drag what was dragged last."""
        self.drag.setChecked(str(settings.value(_KEY)).lower() == "true")

    def files_of(self, hits: Sequence[Hit]) -> list[Path] | None:
        """Return the files that a drag of hits carries; None while clips for it are being cut.

        Where a clip cannot be cut, its whole file is carried.
        """
        clips = [_clip_for(hit) if self.drag.isChecked() else None for hit in hits]
        self._cut = {clip: path for clip, path in self._cut.items() if clip not in clips or path.exists()}
        missing = [clip for clip in clips if clip and clip not in self._cut and clip not in self._failed]
        if missing:
            self._make(missing)
            return None
        self._failed.difference_update(clip for clip in clips if clip)
        files = (self._cut.get(clip) if clip else None for clip in clips)
        return list(dict.fromkeys(file or Path(hit.file.path) for hit, file in zip(hits, files, strict=True)))

    def _make(self, clips: Sequence[Clip]) -> None:
        """Cut clips that are to be dragged, unless that is under way."""
        if self._jobs.busy(_CHANNEL):
            return

        def done(made: Sequence[Path]) -> None:
            self._keep(clips, made)
            self.told.emit(plural("The clip is cut: drag it.", "The clips are cut: drag them.", len(clips)))

        def failed(error: BaseException) -> None:
            self._failed.update(clips)
            self.failed.emit(error)

        self.told.emit(plural("Cutting {n} clip …", "Cutting {n} clips …", len(clips)))
        self._jobs.submit(_CHANNEL, partial(self._backend.clips, clips), done, failed)

    def _copy(self) -> None:
        found = map(_clip_for, self._results.selected_hits())
        clips = list(dict.fromkeys(clip for clip in found if clip))
        if not clips:
            self.complaint.emit(tr("Only moments of films and recordings can be copied as clips."))
            return

        def done(made: Sequence[Path]) -> None:
            self._keep(clips, made)
            copy_files(made)
            self.told.emit(plural("{n} clip copied", "{n} clips copied", len(made)))

        self.told.emit(plural("Cutting {n} clip …", "Cutting {n} clips …", len(clips)))
        self._jobs.submit(f"{_CHANNEL} copied", partial(self._backend.clips, clips), done, self.failed.emit)

    def _keep(self, clips: Sequence[Clip], made: Sequence[Path]) -> None:
        self._cut.update(zip(clips, made, strict=True))


def _clip_for(hit: Hit) -> Clip | None:
    """The stretch to cut for a moment of a film or recording that is there; None for anything else."""
    is_moment = hit.content.kind in ("video", "audio") and moment_of(hit.locator) is not None
    return clip_of(hit) if is_moment and hit.file.present else None
