"""What can be done with hits: open, show in folder, copy. Nothing moves or changes a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from search.records import Hit
from ui import files
from ui.actions import Actions
from ui.language import plural, tr
from ui.results.grid import Results


class HitCommands(QObject):
    """Connects the actions to the selection; `complaint` carries a sentence when something cannot be done."""

    complaint = Signal(str)
    done = Signal(str)

    def __init__(self, actions: Actions, results: Results, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results = results
        actions.open.triggered.connect(self._open_current)
        actions.reveal.triggered.connect(lambda: self._with_current(files.reveal))
        actions.copy.triggered.connect(self._copy)
        actions.copy_path.triggered.connect(self._copy_paths)
        results.opened.connect(self.open)
        results.addActions(list(actions.on_hits))

    def open(self, hit: Hit) -> None:
        """Open the hit's file with its usual program."""
        self._try(files.open_file, hit)

    def _open_current(self) -> None:
        self._with_current(files.open_file)

    def _with_current(self, act: Callable[[Path], bool]) -> None:
        if (hit := self._results.current_hit()) is not None:
            self._try(act, hit)

    def _try(self, act: Callable[[Path], bool], hit: Hit) -> None:
        path = Path(hit.file.path)
        if not hit.file.present:
            self.complaint.emit(tr("The drive with {name} is not connected.", name=path.name))
        elif not path.exists():
            self.complaint.emit(
                tr("{name} is not there any more. Update the folder to refresh the library.", name=path.name)
            )
        elif not act(path):
            self.complaint.emit(tr("No program on this computer opens {name}.", name=path.name))

    def _copy(self) -> None:
        if paths := self._results.selected_paths():
            files.copy_files(paths)
            self.done.emit(plural("{n} copied", "{n} copied", len(paths)))

    def _copy_paths(self) -> None:
        if paths := self._results.selected_paths():
            files.copy_paths(paths)
            self.done.emit(plural("Path copied", "{n} paths copied", len(paths)))
