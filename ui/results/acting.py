"""What can be done with hits beyond opening them: lists, copies, clips, other programs.

Everything makes new files and none is overwritten, moved or deleted. What takes long runs in the background
and says so when it is done.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSaveFile, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from search.errors import CrossfindError
from search.records import Hit
from ui import files
from ui.jobs import Jobs
from ui.language import mark, plural, tr
from ui.remedies import reason_in_window
from ui.results.backend import Clip, ExportForm, ResultsBackend, Written
from ui.results.cut_dialog import MARGIN_S, CutDialog
from ui.results.grid import Results
from ui.results.programs import Program, ask_the_desktop, chosen, programs_for
from ui.wording import clock, moment_of

FORMS: dict[str, ExportForm] = {
    mark("Table (*.csv)"): "csv",
    mark("Playlist (*.m3u)"): "m3u",
    mark("JSON (*.json)"): "json",
    mark("Paths, one a line (*.txt)"): "paths",
}
_ENDINGS: dict[str, ExportForm] = {".csv": "csv", ".m3u": "m3u", ".json": "json", ".txt": "paths"}


class HitActs(QObject):
    """Makes the actions and does what they say.

    `told(text, button, act)` is a message with a button that acts; `complaint` says why something was not
    done; `failed` carries an error.
    """

    told = Signal(str, str, object)
    complaint = Signal(str)
    failed = Signal(object)

    def __init__(self, backend: ResultsBackend, jobs: Jobs, results: Results) -> None:
        super().__init__(results)
        self._backend, self._jobs, self._results = backend, jobs, results
        self.query = ""
        self.copy_to = self._action(tr("Copy &originals to a folder …"), "Ctrl+Shift+S", self._choose_folder)
        self.export = self._action(tr("&Export a list …"), "Ctrl+E", self._choose_list)
        self.cut = self._action(tr("C&ut clips …"), "Ctrl+Shift+X", self._choose_clip)
        self.programs = QMenu(tr("Open &with"))
        self.programs.aboutToShow.connect(self._list_programs)
        self.actions_: Sequence[QAction] = (self.programs.menuAction(), self.copy_to, self.export, self.cut)

    def allow(self, allowed: bool) -> None:
        """Say whether there are hits to act on."""
        for action in self.actions_:
            action.setEnabled(allowed)

    def chosen_hits(self) -> list[Hit]:
        """The selected hits, else the current one."""
        hits = self._results.selected_hits()
        current = self._results.current_hit()
        return hits or ([current] if current else [])

    def copy_into(self, folder: Path) -> None:
        """Copy the files of the chosen hits into a folder."""
        hits = self.chosen_hits()

        def done(written: Written) -> None:
            self._tell(_copied(written), written, folder)

        self._work("copies", lambda: self._backend.copy_originals(hits, folder), done)

    def write_list(self, path: Path, form: ExportForm) -> None:
        """Write the selected hits down, or all that are shown where fewer than two are selected."""
        hits = self._results.selected_hits()
        if len(hits) < 2:
            hits = list(self._results.hits.hits_in([range(self._results.hits.rowCount())]))

        def write() -> Written:
            _save(path, self._backend.export(hits, self.query, form))
            return Written(len(hits))

        def done(written: Written) -> None:
            told = plural(
                "{n} result written to {name}.",
                "{n} results written to {name}.",
                written.made,
                name=path.name,
            )
            self._tell(told, written, path)

        self._work("lists", write, done)

    def cut_into(self, clips: Sequence[Clip], into: Path) -> None:
        """Cut clips into a folder, or one into a file."""

        def done(written: Written) -> None:
            self._tell(plural("{n} clip cut.", "{n} clips cut.", written.made), written, into)

        self._work("clips", lambda: self._backend.cut(clips, into), done)

    def open_with(self, program: Program) -> None:
        """Open the files of the chosen hits with a program."""
        paths = list(dict.fromkeys(Path(hit.file.path) for hit in self.chosen_hits() if hit.file.present))
        if not paths:
            self.complaint.emit(tr("The drive with that file is not connected."))
        elif not program.open(paths):
            self.complaint.emit(tr("{name} could not be started.", name=program.name))

    def _work(self, channel: str, work: Callable[[], Written], done: Callable[[Written], None]) -> None:
        if self._jobs.busy(channel):
            self.complaint.emit(tr("That is still under way. Wait until it is done."))
            return
        self._jobs.submit(channel, work, done, self.failed.emit)

    def _tell(self, text: str, written: Written, where: Path) -> None:
        if written.problems:
            name, reason = next(iter(written.problems.items()))
            text = (
                f"{text} {_not_done(Path(name).name, len(written.problems) - 1)} {reason_in_window(reason)}"
            )
        self.told.emit(text, tr("Show in folder") if written.made else "", partial(files.reveal, where))

    def _choose_folder(self) -> None:
        if self.chosen_hits():
            self._ask_folder(tr("Copy to which folder?"), self.copy_into)

    def _ask_folder(self, title: str, use: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._results, title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: use(Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_list(self) -> None:
        dialog = QFileDialog(self._results, tr("Export a list"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([tr(name) for name in FORMS])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda form: dialog.setDefaultSuffix(_suffix(form)))
        dialog.selectFile("results.csv")
        dialog.fileSelected.connect(
            lambda path: self.write_list(Path(path), form_of(Path(path), dialog.selectedNameFilter()))
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_clip(self) -> None:
        hits = [hit for hit in self.chosen_hits() if hit.content.kind in ("video", "audio")]
        if not hits:
            self.complaint.emit(tr("Only films and recordings can be cut."))
        elif len(hits) > 1:
            clips = [clip_of(hit) for hit in hits]
            self._ask_folder(
                plural("Cut {n} clip into which folder?", "Cut {n} clips into which folder?", len(clips)),
                lambda to: self.cut_into(clips, to),
            )
        else:
            dialog = CutDialog(clip_of(hits[0]), hits[0], self._results.window())
            dialog.wanted.connect(self._choose_clip_file)
            dialog.open()

    def _choose_clip_file(self, clip: Clip) -> None:
        dialog = QFileDialog(self._results, tr("Save the clip"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # nothing is, so nobody need be asked
        dialog.setDefaultSuffix(clip.path.suffix.lstrip("."))
        times = f"{clock(clip.start_s)}-{clock(clip.end_s)}".replace(":", ".")
        dialog.selectFile(f"{clip.path.stem} {times}{clip.path.suffix}")
        dialog.fileSelected.connect(lambda path: self.cut_into([clip], Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _list_programs(self) -> None:
        self.programs.clear()
        hits = self.chosen_hits()
        if not hits:
            return
        for program in programs_for(hits[0].content.media_type):
            self.programs.addAction(program.name.replace("&", "&&")).triggered.connect(
                partial(self.open_with, program)
            )
        self.programs.addSeparator()
        self.programs.addAction(tr("&Other program …")).triggered.connect(self._choose_program)

    def _choose_program(self) -> None:
        hits = self.chosen_hits()
        if not hits or ask_the_desktop(Path(hits[0].file.path)):
            return
        dialog = QFileDialog(self._results, tr("Open with which program?"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.open_with(chosen(Path(path))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _action(self, text: str, keys: str, act: Callable[[], None]) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: act())
        return action


def _not_done(name: str, others: int) -> str:
    if not others:
        return tr("Not done: {name}.", name=name)
    return plural("Not done: {name} and {n} more.", "Not done: {name} and {n} more.", others, name=name)


def _copied(written: Written) -> str:
    if not written.there:
        return plural("{n} file copied.", "{n} files copied.", written.made)
    return plural(
        "{n} file copied, {there} were there already.",
        "{n} files copied, {there} were there already.",
        written.made,
        there=written.there,
    )


def clip_of(hit: Hit) -> Clip:
    """The stretch to cut for a hit: its moment and a second around it, or all of the file."""
    moment, length = moment_of(hit.locator), hit.content.duration_s
    if moment is None:
        return Clip(Path(hit.file.path), 0.0, length or 10.0)
    end_s = max(moment.end_s, moment.start_s + MARGIN_S) + MARGIN_S
    return Clip(
        Path(hit.file.path), max(0.0, moment.start_s - MARGIN_S), min(end_s, length) if length else end_s
    )


def form_of(path: Path, name_filter: str) -> ExportForm:
    """The form that a file's ending asks for, else that of the chosen filter."""
    return _ENDINGS.get(path.suffix.lower()) or _form(name_filter)


def _form(name_filter: str) -> ExportForm:
    return next((form for name, form in FORMS.items() if tr(name) == name_filter), "csv")


def _suffix(name_filter: str) -> str:
    form = _form(name_filter)
    return next(ending.lstrip(".") for ending, known in _ENDINGS.items() if known == form)


def _save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; a person has agreed to replace one. Raises `CrossfindError`."""
    file = QSaveFile(str(path))
    if not (
        file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(content) == len(content) and file.commit()
    ):
        raise CrossfindError(
            tr("{path} cannot be written: {reason}.", path=path, reason=file.errorString()),
            tr("Choose another place."),
        )
