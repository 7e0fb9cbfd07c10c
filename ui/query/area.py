"""All that belongs to the query: puts its parts together, and stands below the header as one widget."""

from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from search.editing import replaced
from search.parser import parse
from search.query import Face, Like, Not, Part
from ui.fixes.area import Fixes
from ui.fixes.shares import ShareRow
from ui.jobs import Jobs
from ui.language import tr
from ui.notices import NoticeBar
from ui.query.backend import QueryBackend
from ui.query.bar import QueryBar
from ui.query.builder import Builder
from ui.query.chip import Chip
from ui.query.chips import Chips
from ui.query.commands import QueryCommands
from ui.query.completion import Completion
from ui.query.editors import editor_of
from ui.query.history import History
from ui.query.incoming import GivenFiles
from ui.query.naming import title
from ui.query.page_picker import PagePicker
from ui.query.parts import Shown
from ui.query.pictures_asked import PicturesAsked
from ui.query.popup import EditPopup
from ui.query.proposals import Proposals
from ui.query.recorder import Recorder, Voice
from ui.query.sources import QuerySources
from ui.query.text import Reference
from ui.query.voice import VoicePanel
from ui.thumbnails import Thumbnails

DWELL_MS = 4000
"""A query that stands so long without being changed is worth remembering."""


class QueryArea(QWidget):
    """Chips below the header, and what opens from them and from the bar. `complaint` is a sentence,
    `failed` an error."""

    complaint = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        backend: QueryBackend,
        jobs: Jobs,
        thumbnails: Thumbnails,
        bar: QueryBar,
        sources: QuerySources,
        actions: QObject,
        settings: QSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bar, self._sources, self._jobs = bar, sources, jobs
        self._backend = backend
        self.voice: Voice = Recorder(self)
        self.proposals = Proposals(backend, jobs)
        self.history = History(settings)
        self.completion = Completion(bar, self.proposals, self.history, self)
        self.chips = Chips(bar, thumbnails)
        self.pictures = PicturesAsked(backend, jobs, bar, self.chips, self)
        self.pictures.complaint.connect(self.complaint)
        self.pictures.failed.connect(self.failed)
        self.chips.extra = self.pictures.actions
        self.fixes = Fixes(backend, jobs, bar, sources, self.pictures, self)
        self.fixes.complaint.connect(self.complaint)
        self.fixes.failed.connect(self.failed)
        self.shares = ShareRow(bar, self.chips)
        self.builder = Builder(bar, self.proposals.values)
        self.commands = QueryCommands(bar, actions)
        self.builder.fill(self.commands.add_menu)
        self._dwelling = QTimer(self, singleShot=True, interval=DWELL_MS)
        self._dwelling.timeout.connect(self._remember)
        bar.asked.connect(lambda: self._dwelling.start())
        bar.entered.connect(self._remember)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.remarks = NoticeBar()
        column.addWidget(self.chips)
        for part in (self.shares, self.fixes.strip, self.remarks):
            column.addWidget(part)
        bar.field.textChanged.connect(self.remarks.hush)
        self.chips.edit_wanted.connect(self._edit)
        self.chips.complaint.connect(self.complaint)
        self.commands.pick.triggered.connect(self._pick)
        self.commands.speak.triggered.connect(self._speak)
        sources.pages_given.connect(self._ask_page)
        jobs.submit("parser", lambda: parse("type:pdf"), lambda _: None, lambda _: None)  # makes it once

    def retint(self) -> None:
        """Follow a change of palette."""
        self.chips.retint()
        self.commands.retint(self.palette())
        self.fixes.strip.retint()
        self.remarks.retint()

    @Slot()
    def _remember(self) -> None:
        self._dwelling.stop()
        self.history.add(self._bar.current.query)

    @Slot(str)
    def remark(self, text: str) -> None:
        """Say something about what was given, until the query is changed."""
        self.remarks.say(text)

    @Slot()
    def _pick(self) -> None:
        dialog = QFileDialog(self, tr("Search by a picture, sound, film or PDF"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self._sources.take(GivenFiles((Path(path),))))
        dialog.open()

    @Slot()
    def _speak(self) -> None:
        VoicePanel(self._backend, self._jobs, self.voice, self._bar.set_words, self._bar).open_below(
            self._bar
        )

    @Slot(object, int)
    def _ask_page(self, path: Path, pages: int) -> None:
        def chosen(page: int) -> None:
            self._sources.ask(Reference(path, path.name, page))

        picker = PagePicker(path, pages, self._backend.page_image, self._jobs, chosen, self._bar)
        picker.open_below(self._bar)

    def _edit(self, shown: Shown, chip: Chip) -> None:
        match shown.part:
            case Like() as picture:
                self.pictures.mark(picture)
                return
            case Face() as picture:
                self.pictures.choose_face(picture)
                return
        editor = editor_of(shown.part, self.proposals.values)

        def changed(new: Part, negated: bool) -> None:
            text = self._bar.field.text()
            whole: Part = Not(new) if negated else new
            self._bar.set_words(replaced(text, shown.whole, whole))

        popup = EditPopup(title(shown.part), editor, shown.part, shown.negated, changed, self)
        popup.open_below(chip)
