"""A panel that listens, shows what was understood to be corrected, and searches for it."""

import shutil
import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.jobs import Jobs
from ui.language import mark, tr
from ui.overlay import Overlay
from ui.query.backend import Heard, QueryBackend
from ui.query.recorder import Voice
from ui.remedies import told

CHANNEL = "listen"
_UNSURE = mark("Underlined words may be misheard; put them right before you search.")


class VoicePanel(Overlay):
    """Speak and stop, or open a recording; then correct and search. `asked` gets the words."""

    def __init__(
        self,
        backend: QueryBackend,
        jobs: Jobs,
        voice: Voice,
        asked: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._voice, self._asked = backend, jobs, voice, asked
        self._is_recording = False
        self.told = QLabel(wordWrap=True)
        self.told.setMinimumWidth(400)
        self.meter = QProgressBar()
        self.meter.setRange(0, 100)
        self.meter.setTextVisible(False)
        self.meter.setAccessibleName(tr("How loud it is"))
        self.line = QLineEdit()
        self.line.setAccessibleName(tr("What was understood"))
        self.speak = QPushButton(tr("Speak"))
        self.open_button = QPushButton(tr("Open a recording …"))
        self.search = QPushButton(tr("Search"))
        column = QVBoxLayout(self)
        for part in (self.told, self.meter, self.line):
            column.addWidget(part)
        row = QHBoxLayout()
        for button in (self.speak, self.open_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.search)
        column.addLayout(row)
        self.setAccessibleName(tr("Search by what you say"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.speak.clicked.connect(self._speak)
        self.open_button.clicked.connect(self._open)
        self.search.clicked.connect(self._search)
        self.accepted.connect(self._search)
        self.left.connect(self._give_up)
        voice.level.connect(self._show_level)
        voice.ended.connect(self._speak)
        self._ready()

    def listen(self, path: Path, *, is_ours: bool = False) -> None:
        """Have a recording written down; one that is `is_ours` is deleted with its folder."""

        def work() -> Heard:
            try:
                return self._backend.listen(path)
            finally:
                if is_ours:
                    shutil.rmtree(path.parent, ignore_errors=True)

        self._say(tr("Understanding what was said …"))
        self._jobs.submit(CHANNEL, work, self._heard, self._failed)

    def _ready(self) -> None:
        trouble = self._voice.trouble()
        self.speak.setEnabled(not trouble)
        self.speak.setToolTip(trouble or tr("Say what you look for"))
        self._say(trouble or tr("Say what you look for, in your own words."))
        self.setFocusProxy(self.open_button if trouble else self.speak)

    def _say(self, text: str) -> None:
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setText(text)
        for part in (self.line, self.search):
            part.setVisible(False)
        self.meter.setVisible(self._is_recording)
        self.fit()

    @Slot()
    def _speak(self) -> None:
        """Begin to record, or stop and listen."""
        if not self._is_recording:
            self._is_recording = True
            self._voice.start()
            self.speak.setText(tr("Stop"))
            self.open_button.setEnabled(False)
            self._say(tr("Listening … press Stop when you have said it."))
            return
        self._stopped()
        target = Path(tempfile.mkdtemp(prefix="crossfind-")) / "question.wav"
        try:
            self._voice.stop(target)
        except OSError as error:
            self._say(
                tr("What was said cannot be kept: {strerror}. Is the disk full?", strerror=error.strerror)
            )
            return
        self.listen(target, is_ours=True)

    def _stopped(self) -> None:
        self._is_recording = False
        self.speak.setText(tr("Speak again"))
        self.open_button.setEnabled(True)

    @Slot(float)
    def _show_level(self, level: float) -> None:
        self.meter.setValue(round(100 * min(1.0, level**0.5)))

    def _heard(self, heard: Heard) -> None:
        if not isValid(self):
            return
        words = (f"<u><b>{escape(w.text)}</b></u>" if w.unsure else escape(w.text) for w in heard.words)
        unsure = f"<br>{tr(_UNSURE)}" if any(word.unsure for word in heard.words) else ""
        self._say("")
        self.told.setTextFormat(Qt.TextFormat.RichText)
        self.told.setText(tr("Heard: {words}", words=" ".join(words)) + unsure)
        self.line.setText(heard.query)
        for part in (self.line, self.search):
            part.setVisible(True)
        self.fit()
        self.line.setFocus()

    def _failed(self, error: BaseException) -> None:
        if isValid(self):
            self._say(told(error, tr("What was said could not be understood.")))

    @Slot()
    def _open(self) -> None:
        dialog = QFileDialog(self, tr("Open a recording of what you look for"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.listen(Path(path)))
        dialog.open()

    @Slot()
    def _search(self) -> None:
        if self.line.isVisible() and (words := self.line.text().strip()):
            self.leave()
            self._asked(words)

    @Slot()
    def _give_up(self) -> None:
        self._jobs.cancel(CHANNEL)
        if self._is_recording:
            self._stopped()
            self._voice.stop(None)
