"""Plays films and sounds with QtMultimedia, which is loaded when the first one is opened.

A machine may lack the libraries, the codec or the sound device: the player then says so and stays still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLoggingCategory, QObject, QUrl, Signal

from search.records import TimeSpan
from ui.language import mark, tr

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaPlayer

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)

_RULES = "qt.multimedia.*=false"
_QUIET = f"{_RULES}\ndefault.warning=false"

NO_SOUND = mark("No sound device was found: it plays without sound.")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep to itself what QtMultimedia says about graphics and sound that a machine lacks."""
    QLoggingCategory.setFilterRules(_QUIET)
    try:
        yield
    finally:
        QLoggingCategory.setFilterRules(_RULES)


class Player(QObject):
    """One film or sound at a time. Times are in seconds.

    Emits `moved(float)`, `frame_came(QVideoFrame)`, `playing_changed(bool)`, `unable(str)` when it cannot be
    played and why, `remark(str)` for what else there is to say.
    """

    moved = Signal(float)
    frame_came = Signal(object)
    playing_changed = Signal(bool)
    unable = Signal(str)
    remark = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._media: QMediaPlayer | None = None
        self._output: Any = None
        self._start: float | None = None
        self._play_when_ready = False
        self._loop: TimeSpan | None = None
        self._at = 0.0
        self.volume, self.is_muted, self.speed = 0.8, False, 1.0

    @property
    def position(self) -> float:
        """Where it stands, or will when it has been opened."""
        return self._at

    @property
    def is_playing(self) -> bool:
        """Whether it plays now."""
        return self._media is not None and bool(self._media.isPlaying())

    def open(self, path: Path, start_s: float) -> None:
        """Get a file ready at a second, paused; the first frame follows when it has been read."""
        if self._media is None and not self._set_up():
            return
        assert self._media is not None
        self._start, self._at, self._play_when_ready = start_s, start_s, False
        self._media.setSource(QUrl.fromLocalFile(str(path)))

    def close(self) -> None:
        """Let go of the file."""
        self._start, self._loop, self._play_when_ready = None, None, False
        if self._media is not None and not self._media.source().isEmpty():
            self._media.stop()
            self._media.setSource(QUrl())

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing or self._play_when_ready:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Play on; from the beginning when it stood at the end."""
        if self._media is None:
            return
        if self._start is not None:
            self._play_when_ready = True
            return
        if self._media.duration() and self._media.position() >= self._media.duration() - 50:
            self.seek(self._loop.start_s if self._loop else 0.0)
        self._media.play()

    def pause(self) -> None:
        """Stand still."""
        self._play_when_ready = False
        if self._media is not None and self._start is None:
            self._media.pause()

    def seek(self, second: float) -> None:
        """Go to a second."""
        second = max(0.0, second)
        if self._media is not None and self._media.duration():
            second = min(second, self._media.duration() / 1000)
        self._at = second
        if self._start is not None:
            self._start = second
        elif self._media is not None:
            self._media.setPosition(round(second * 1000))
        self.moved.emit(second)

    def set_loop(self, span: TimeSpan | None) -> None:
        """Play a stretch again and again, or no longer."""
        self._loop = span

    def set_volume(self, volume: float, *, muted: bool) -> None:
        """Set how loud it is, 0..1, and whether it is heard at all."""
        self.volume, self.is_muted = min(1.0, max(0.0, volume)), muted
        if self._output is not None:
            self._output.setVolume(self.volume**2)  # closer to what an ear calls half as loud
            self._output.setMuted(muted)

    def set_speed(self, speed: float) -> None:
        """Set how fast it plays; 1 is as it is."""
        self.speed = speed
        if self._media is not None:
            self._media.setPlaybackRate(speed)

    def _set_up(self) -> bool:
        """Load QtMultimedia; says why when that cannot be done."""
        try:
            with quiet():
                from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer, QVideoSink

                media = QMediaPlayer(self)
                speakers = QMediaDevices.audioOutputs()
        except ImportError as error:
            self.unable.emit(tr("Films and sounds cannot be played here: {reason}", reason=_reason(error)))
            return False
        if not media.isAvailable():
            media.deleteLater()
            self.unable.emit(
                tr("Films and sounds cannot be played here: Qt has no playback on this computer.")
            )
            return False
        sink = QVideoSink(self)
        media.setVideoSink(sink)
        if speakers:
            self._output = QAudioOutput(self)
            media.setAudioOutput(self._output)
        sink.videoFrameChanged.connect(lambda frame: self.frame_came.emit(frame))
        media.mediaStatusChanged.connect(self._status_changed)
        media.positionChanged.connect(self._position_changed)
        media.playbackStateChanged.connect(lambda _: self.playing_changed.emit(self.is_playing))
        media.errorOccurred.connect(self._failed)
        self._media = media
        self.set_volume(self.volume, muted=self.is_muted)
        self.set_speed(self.speed)
        return True

    def _status_changed(self, status: "QMediaPlayer.MediaStatus") -> None:
        """Go to the first second as soon as the file can be sought in."""
        assert self._media is not None
        if status != type(status).LoadedMedia or self._start is None:
            return
        start, self._start = self._start, None
        if self._output is None and self._media.hasAudio():
            self.remark.emit(tr(NO_SOUND))
        self._media.setPosition(round(start * 1000))
        if self._play_when_ready:
            self._play_when_ready = False
            self._media.play()
        else:
            self._media.pause()

    def _position_changed(self, position_ms: int) -> None:
        if self._start is not None:
            return
        self._at = position_ms / 1000
        if self._loop is not None and self.is_playing and self._at >= self._loop.end_s:
            self.seek(self._loop.start_s)
            return
        self.moved.emit(self._at)

    def _failed(self, _error: object, text: str) -> None:
        self._start = None
        reason = text.rstrip(".")
        told = tr("It cannot be played here ({reason}).", reason=reason)
        self.unable.emit(told if reason else tr("It cannot be played here."))


def _reason(error: ImportError) -> str:
    """Say what is missing; on Linux it is mostly the sound library."""
    text = str(error)
    if "libpulse" in text:
        return tr(
            "the library libpulse is not installed. Install it with your system's packages (libpulse0)."
        )
    what = text.splitlines()[0] if text else tr("unknown")
    return tr("a part of the program could not be loaded ({what}).", what=what)
