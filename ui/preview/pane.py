"""The preview: one hit seen closely, beside the results or as large as the window."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QSplitter, QVBoxLayout, QWidget

from search.errors import CrossfindError
from search.new_files import new_file
from search.pieces import Inside
from search.records import Box, Hit
from ui.backend import Backend
from ui.jobs import Jobs
from ui.language import tr
from ui.preview.asked import asked_words
from ui.preview.backend import TranscriptForm
from ui.preview.details import Details
from ui.preview.heat import HeatSwitch
from ui.preview.partner import Partner
from ui.preview.similar import can_search_region, region_query, ways
from ui.preview.stage import CHANNEL, Stage
from ui.preview.tools import Tools
from ui.remedies import told
from ui.thumbnails import Thumbnails
from ui.wording import page_number

INSIDE, WAVE, EXPORT = "preview inside", "preview wave", "preview export"
SOON_MS = 120
"""What is in a file is asked so long after it was chosen: not while a person hurries past."""

__all__ = ["CHANNEL", "Preview"]


class Preview(QWidget):
    """Shows one hit. Emits `step_wanted(int)` for the next or previous one, `asked(str)` with a new query,
    `narrow_wanted(Part)` with a part to add to the one there is, and `large_wanted(bool)`."""

    step_wanted = Signal(int)
    asked = Signal(str)
    narrow_wanted = Signal(object)
    large_wanted = Signal(bool)

    def __init__(
        self,
        backend: Backend,
        jobs: Jobs,
        thumbnails: Thumbnails,
        actions: Sequence[QAction],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._query = ""
        self._words: tuple[str, ...] = ()
        self._hit: Hit | None = None
        self.is_large = False
        self.stage = Stage(backend, jobs, thumbnails)
        self.details = Details(actions)
        self.tools = Tools()
        self.picture, self.evidence = self.stage.picture, self.details.evidence
        self.name, self.note, self.snippet = self.details.name, self.details.note, self.details.snippet
        self.facts = self.details.facts
        self._partner = Partner(backend, jobs, self.stage, self)
        self.heat = HeatSwitch(backend, jobs, self.stage.picture, self.tools.heat, self)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._build()
        self._connect()
        self.show_hit(None)

    def set_query(self, query: str) -> None:
        """Say what was asked, for what comes to be shown."""
        self._query, self._words = query, asked_words(query)
        self.heat.query = query

    def show_hit(self, hit: Hit | None) -> None:
        """Show a hit, or that nothing is selected; nothing happens for the one that is there."""
        if hit is not None and hit is self._hit:
            return
        self._hit = hit
        self._jobs.cancel(INSIDE)
        self._jobs.cancel(WAVE)
        self._soon.stop()
        self.details.setVisible(hit is not None)
        self.tools.setVisible(hit is not None)
        if hit is not None:
            self.details.show_hit(hit)
            self.tools.show_kind(can_search_region(hit), hit.content.kind)
            self._soon.start()
        self._partner.show_hit(hit, self._words)
        self.heat.show_hit(hit)

    def set_large(self, large: bool) -> None:
        """Lay out for the whole window, the details at the right, or for a narrow pane."""
        self.is_large = large
        self.tools.large.setChecked(large)
        self.split.setOrientation(Qt.Orientation.Horizontal if large else Qt.Orientation.Vertical)
        sizes = (3, 1) if large else (3, 2)
        length = self.split.width() if large else self.split.height()
        self.split.setSizes([length * share // sum(sizes) for share in sizes])
        if large:
            (self.stage.views.currentWidget() or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def retint(self) -> None:
        """Follow a change of palette."""
        self.tools.retint(self.palette())
        self.stage.retint(self.palette())

    def _build(self) -> None:
        self.split = QSplitter(Qt.Orientation.Vertical, childrenCollapsible=False)
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.stage, 1)
        self.split.addWidget(top)
        self.split.addWidget(self.details)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.split)
        self.setMinimumWidth(240)
        self.setAccessibleName(tr("Preview"))

    def _connect(self) -> None:
        stage, details, tools = self.stage, self.details, self.tools
        self._soon.timeout.connect(self._ask_inside)
        stage.remark.connect(details.remark)
        stage.page_turned.connect(lambda _: self._soon.start())
        self._partner.remark.connect(details.remark)
        stage.page_turned.connect(self.heat.show_hit)
        self.heat.remark.connect(details.remark)
        stage.picture.region_drawn.connect(self._search_region)
        stage.film.moved.connect(self._follow)
        details.evidence.place_wanted.connect(self._partner.go_to)
        details.facts.narrow_wanted.connect(self.narrow_wanted)
        details.transcript.sought.connect(stage.film.seek)
        details.transcript.export_wanted.connect(self._choose_file)
        tools.step.connect(self.step_wanted)
        tools.large.clicked.connect(self.large_wanted)
        tools.frames.clicked.connect(self._next_frames)
        tools.region.clicked.connect(lambda: stage.picture.draw_region(not stage.picture.is_drawing))
        tools.similar.aboutToShow.connect(lambda: self._fill_menu(tools.similar))

    def _ask_inside(self) -> None:
        hit = self.stage.hit
        if hit is None or hit.content.kind == "other":
            return
        path, query = Path(hit.file.path), self._query
        page = page_number(hit.locator) if hit.content.kind == "pdf" else None
        self._jobs.submit(
            INSIDE, lambda: self._backend.inside(path, query, page), self._show_inside, self._not_known
        )

        if hit.content.kind == "audio" and hit.file.present:
            self._jobs.submit(
                WAVE, lambda: self._backend.waveform(path), self.stage.film.lanes.show_wave, lambda _: None
            )

    def _show_inside(self, found: Inside) -> None:
        if self._hit is not None:
            self.stage.show_inside(found)
            self.details.show_inside(self._hit, found, self._words)
            self._follow(self.stage.film.position)

    def _not_known(self, error: BaseException) -> None:
        """The picture is there without it; only a fault of ours is worth a word."""
        if not isinstance(error, CrossfindError):
            self.details.remark(tr("What is in this file could not be read."))

    @Slot(float)
    def _follow(self, second: float) -> None:
        self.details.transcript.show_position(second, follow=self.stage.film.player.is_playing)

    def _next_frames(self) -> None:
        self.details.remark(self.picture.next_frames() + ".")

    def _ask(self, query: str, *_: object) -> None:
        self.asked.emit(query)

    @Slot(tuple)
    def _search_region(self, box: Box) -> None:
        if self.stage.hit is not None:
            self.asked.emit(region_query(self.stage.hit, box))

    def _fill_menu(self, menu: QMenu, place: QPoint | None = None) -> None:
        """Offer what can be searched for from here."""
        menu.clear()
        hit = self.stage.hit
        if hit is None:
            return
        over = self.picture.mapFromGlobal(place) if place is not None else None
        mark = self.picture.mark_at(over.toPointF()) if over is not None else None
        for way in ways(hit, mark, self.stage.film.position if self.stage.film.is_open else None):
            menu.addAction(way.text).triggered.connect(partial(self._ask, way.query))
        if can_search_region(hit):
            menu.addAction(tr("Find a part of it: draw a box"), self.picture.draw_region)
        if menu.isEmpty():
            menu.addAction(tr("Nothing can be searched from here")).setEnabled(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.stage.hit is not None and self.stage.views.underMouse():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._fill_menu(menu, event.globalPos())
            menu.popup(event.globalPos())
            event.accept()

    @Slot(str)
    def _choose_file(self, form: TranscriptForm) -> None:
        if self._hit is None:
            return
        path = Path(self._hit.file.path)
        dialog = QFileDialog(self, tr("Save what is said"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.selectFile(f"{path.stem}.{form}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_transcript(path, form, Path(chosen)))
        dialog.open()

    def save_transcript(self, path: Path, form: TranscriptForm, target: Path) -> None:
        """Write what is said in a file of the library into another file."""

        def work() -> str:
            text = self._backend.transcript(path, form)
            try:
                with new_file(target, force=True) as beside:
                    beside.write_text(text, encoding="utf-8")
            except OSError as error:
                why = tr("{name} could not be saved: {reason}.", name=target.name, reason=error.strerror)
                raise CrossfindError(why, tr("Choose another folder.")) from error
            return tr("Saved as {name}.", name=target.name)

        self._jobs.submit(EXPORT, work, self.details.remark, self._not_saved)

    def _not_saved(self, error: BaseException) -> None:
        self.details.remark(told(error, tr("It could not be saved.")))

    def event(self, event: QEvent) -> bool:
        """Take Escape before the window's own shortcut does, while there is something to leave."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (self.is_large or self.picture.is_drawing)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.stage.hit is None or not (self._any_key(key, event) or self._film_key(key, event)):
            super().keyPressEvent(event)

    def _any_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        """Do what a key means whatever is shown; False when it means nothing."""
        film, alt = self.stage.film.is_open, bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if not film:
            steps |= {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}
        if alt or not film:
            steps |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in steps and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_wanted.emit(steps[key])
        elif key == Qt.Key.Key_Escape and self.picture.is_drawing:
            self.picture.draw_region(False)
        elif key == Qt.Key.Key_Escape and self.is_large:
            self.large_wanted.emit(False)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (key == Qt.Key.Key_Space and not film):
            self.large_wanted.emit(not self.is_large)
        elif key == Qt.Key.Key_B:
            self._next_frames()
        elif key == Qt.Key.Key_H and self.stage.hit is not None and self.stage.hit.content.kind == "pdf":
            self.tools.heat.toggle()
        elif key == Qt.Key.Key_R and self.stage.hit is not None and can_search_region(self.stage.hit):
            self.picture.draw_region(not self.picture.is_drawing)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self.stage.pages.turn(1 if key == Qt.Key.Key_PageDown else -1)
        else:
            return False
        return True

    def _film_key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        film = self.stage.film
        if not film.is_open:
            return False
        held = event.modifiers()
        second = 1 if held & Qt.KeyboardModifier.ShiftModifier else 5
        skips = {Qt.Key.Key_Left: -second, Qt.Key.Key_Right: second, Qt.Key.Key_J: -10}
        if key in (Qt.Key.Key_Space, Qt.Key.Key_K):
            film.toggle()
        elif key in skips:
            film.skip(skips[key])
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            film.louder(5 if key == Qt.Key.Key_Up else -5)
        elif key == Qt.Key.Key_L:
            film.transport.loop.toggle()
        elif key == Qt.Key.Key_M:
            film.transport.mute.toggle()
        else:
            return False
        return True
