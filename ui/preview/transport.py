"""The row under a film: play, time, speed, loop, loudness."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QWidget

from ui.icons import icon
from ui.language import tr
from ui.preview.buttons import tool_button
from ui.preview.player import SPEEDS
from ui.wording import clock

NARROW = 330
"""Below this width, in pixels, the loudness has a button only."""


class Transport(QWidget):
    """Emits `play_wanted`, `speed_chosen(float)`, `loop_chosen(bool)`, `volume_chosen(float, bool)`."""

    play_wanted = Signal()
    speed_chosen = Signal(float)
    loop_chosen = Signal(bool)
    volume_chosen = Signal(float, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self.play = tool_button(tr("Play (Space)"))
        self.time = QLabel("0:00")
        self.loop = tool_button(tr("Play this moment again and again (L)"), checkable=True)
        self.mute = tool_button(tr("Mute (M)"), checkable=True)
        self.speed = QComboBox()
        self.speed.addItems([f"{speed:g}×" for speed in SPEEDS])
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.setToolTip(tr("Speed"))
        self.speed.setAccessibleName(tr("Speed"))
        self.speed.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.volume = QSlider(Qt.Orientation.Horizontal)
        self.volume.setMaximum(100)
        self.volume.setValue(80)
        self.volume.setFixedWidth(64)
        self.volume.setToolTip(tr("Loudness (Ctrl+Up, Ctrl+Down)"))
        self.volume.setAccessibleName(tr("Loudness"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 4, 2)
        row.setSpacing(2)
        row.addWidget(self.play)
        row.addWidget(self.time, 1)
        for part in (self.loop, self.speed, self.mute, self.volume):
            row.addWidget(part)
        self.play.clicked.connect(self.play_wanted)
        self.loop.toggled.connect(self.loop_chosen)
        self.speed.currentIndexChanged.connect(lambda n: self.speed_chosen.emit(SPEEDS[n]))
        self.mute.toggled.connect(self._tell_volume)
        self.volume.valueChanged.connect(self._tell_volume)
        self.retint(self.palette())

    def show_time(self, second: float, length_s: float) -> None:
        """Show where it stands."""
        self.time.setText(f"{clock(second)} / {clock(length_s)}" if length_s else clock(second))

    def show_playing(self, playing: bool) -> None:
        """Show whether it plays."""
        self._playing = playing
        self.play.setToolTip(tr("Pause (Space)") if playing else tr("Play (Space)"))
        self.play.setAccessibleName(tr("Pause") if playing else tr("Play"))
        self.play.setIcon(icon("pause" if playing else "play", self.palette()))

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        self.show_playing(self._playing)
        self.loop.setIcon(icon("loop", palette))
        self.mute.setIcon(icon("mute" if self.mute.isChecked() else "volume", palette))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.volume.setVisible(event.size().width() >= NARROW)

    def _tell_volume(self) -> None:
        self.mute.setIcon(icon("mute" if self.mute.isChecked() else "volume", self.palette()))
        self.volume_chosen.emit(self.volume.value() / 100, self.mute.isChecked())
