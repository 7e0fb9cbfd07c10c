"""A film or a sound: its player, the row of buttons and the timeline. Where it cannot be played, the timeline
still goes to moments, which are then shown as still pictures."""

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from search.pieces import Inside
from search.records import Hit
from ui.preview.lanes import Lanes
from ui.preview.player import Player
from ui.preview.transport import Transport
from ui.wording import moment_of

SOON_MS = 250
"""A file is opened so long after it was chosen: not while a person hurries past."""


class Film(QWidget):
    """Emits `moved(float)` with the second, `frame_came(QVideoFrame)`, `moment_wanted(float)` for a still
    picture where nothing can be played, and `remark(str)`."""

    moved = Signal(float)
    frame_came = Signal(object)
    moment_wanted = Signal(float)
    remark = Signal(str)
    unable = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.player = Player(self)
        self.transport, self.lanes = Transport(), Lanes()
        self._hit: Hit | None = None
        self._length_s = 0.0
        self._at = 0.0
        self._broken = False
        self._touched = False
        self._opening = QTimer(self, singleShot=True, interval=SOON_MS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addWidget(self.lanes)
        self._connect()

    def show_hit(self, hit: Hit | None) -> None:
        """Get a film or sound ready at its moment; None lets go of the one before."""
        self._opening.stop()
        self.player.close()
        self._hit, self._broken, self._touched = hit, False, False
        if hit is None:
            return
        moment = moment_of(hit.locator)
        self._length_s = hit.content.duration_s or 0.0
        self._at = moment.start_s if moment else 0.0
        self.lanes.show_film(self._length_s, moment)
        self.lanes.show_position(self._at)
        self.transport.show_time(self._at, self._length_s)
        self.transport.loop.setEnabled(moment is not None)
        self._choose_loop(self.transport.loop.isChecked())
        if hit.file.present:
            self._opening.start()
        else:
            self._broken = True

    def show_inside(self, found: Inside) -> None:
        """Show what is in it."""
        self.lanes.show_inside(found)

    @property
    def position(self) -> float:
        """The second it stands at."""
        return self._at

    @property
    def is_open(self) -> bool:
        """Whether a film or sound is shown."""
        return self._hit is not None

    @property
    def is_broken(self) -> bool:
        """Whether it cannot be played: its timeline then leads to still pictures."""
        return self._broken

    def toggle(self) -> None:
        """Play or pause."""
        self._touched = True
        if self._opening.isActive():
            self._opening.stop()
            self._open()
        self.player.toggle()

    def seek(self, second: float) -> None:
        """Go to a second."""
        self._touched = True
        second = min(max(0.0, second), self._length_s or second)
        if self._opening.isActive():
            self._opening.stop()
            self._at = second
            self._open()
        if self._broken:
            self._show_time(second)
            self.moment_wanted.emit(second)
        else:
            self.player.seek(second)

    def skip(self, seconds: float) -> None:
        """Go forward, or back with a negative number."""
        self.seek(self._at + seconds)

    def louder(self, by: int) -> None:
        """Change the loudness by so many hundredths."""
        self.transport.volume.setValue(self.transport.volume.value() + by)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing plays out of sight."""
        self.player.pause()
        super().hideEvent(event)

    def _connect(self) -> None:
        player, transport = self.player, self.transport
        self._opening.timeout.connect(self._open)
        player.moved.connect(self._show_time)
        player.frame_came.connect(self._show_frame)
        player.playing_changed.connect(transport.show_playing)
        player.unable.connect(self._give_up)
        player.remark.connect(self.remark)
        transport.play_wanted.connect(self.toggle)
        transport.speed_chosen.connect(player.set_speed)
        transport.loop_chosen.connect(self._choose_loop)
        transport.volume_chosen.connect(lambda volume, muted: player.set_volume(volume, muted=muted))
        self.lanes.sought.connect(self.seek)

    def _open(self) -> None:
        if self._hit is not None:
            self.player.open(Path(self._hit.file.path), self._at)

    def _show_time(self, second: float) -> None:
        self._at = second
        self.lanes.show_position(second)
        self.transport.show_time(second, self._length_s)
        self.moved.emit(second)

    def _show_frame(self, frame: object) -> None:
        """The still picture of a moment tells more than its first frame, so it stays until that is left."""
        if self._touched or (self._hit is not None and moment_of(self._hit.locator) is None):
            self.frame_came.emit(frame)

    def _choose_loop(self, on: bool) -> None:
        self.player.set_loop(moment_of(self._hit.locator) if on and self._hit else None)

    def _give_up(self, why: str) -> None:
        self._broken = True
        self.unable.emit(why)
