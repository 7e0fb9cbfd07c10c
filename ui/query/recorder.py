"""Records what is said with QtMultimedia, which is loaded when the first recording begins."""

import wave
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance, Slot

from ui.language import tr
from ui.preview.player import quiet

if TYPE_CHECKING:
    from PySide6.QtCore import QIODevice
    from PySide6.QtMultimedia import QAudioDevice, QAudioSource

LONGEST_S = 60
RATE = 16_000


class Voice(Protocol):
    """What the panel asks of a recorder; tests play one from a file."""

    @property
    def level(self) -> SignalInstance:
        """Emitted with how loud it is, 0..1."""

    @property
    def ended(self) -> SignalInstance:
        """Emitted when the longest recording is reached."""

    def trouble(self) -> str:
        """Say why nothing can be recorded on this computer; empty when it can."""

    def start(self) -> None:
        """Begin to record; `trouble` is empty."""

    def stop(self, target: Path | None) -> None:
        """End, and write what was recorded as a WAV file; None throws it away. Raises `OSError`."""


class Recorder(QObject):
    """Records from the usual microphone: one channel, 16 bits, 16 kHz or what the device likes better."""

    level = Signal(float)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: QAudioSource | None = None
        self._device: QIODevice | None = None
        self._data = bytearray()
        self._limit = QTimer(self, singleShot=True, interval=LONGEST_S * 1000)
        self._limit.timeout.connect(self.ended)

    def trouble(self) -> str:
        """Say why nothing can be recorded on this computer; empty when it can."""
        try:
            device = _microphone()
        except ImportError:
            return tr("Nothing can be recorded here: Qt's sound library is not on this computer.")
        return tr("No microphone was found.") if device.isNull() else ""

    def start(self) -> None:
        """Begin to record."""
        with quiet():
            from PySide6.QtMultimedia import QAudioFormat, QAudioSource

            device = _microphone()
            form = QAudioFormat()
            form.setSampleRate(RATE)
            form.setChannelCount(1)
            form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
            if not device.isFormatSupported(form):
                form = device.preferredFormat()
                form.setSampleFormat(QAudioFormat.SampleFormat.Int16)
            self._data.clear()
            self._source = QAudioSource(device, form, self)
            self._device = self._source.start()
        self._device.readyRead.connect(self._take)
        self._limit.start()

    def stop(self, target: Path | None) -> None:
        """End, and write what was recorded."""
        self._limit.stop()
        if self._source is None:
            return
        self._take()
        form = self._source.format()
        self._source.stop()
        self._source.deleteLater()
        self._source = self._device = None
        if target is not None:
            write_wave(target, bytes(self._data), form.sampleRate(), form.channelCount())

    @Slot()
    def _take(self) -> None:
        if self._device is None:
            return
        piece = bytes(self._device.readAll().data())
        self._data += piece
        self.level.emit(loudness(piece))


def write_wave(target: Path, samples: bytes, rate: int, channels: int) -> None:
    """Write samples of 16 bits, in the computer's own order, as a WAV file. Raises `OSError`."""
    with wave.open(str(target), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)


def loudness(samples: bytes) -> float:
    """Return how loud samples of 16 bits are at most, 0..1."""
    values = array("h", samples[: len(samples) // 2 * 2])
    return max((abs(value) for value in values), default=0) / 32768


def _microphone() -> "QAudioDevice":
    """Raises `ImportError` without QtMultimedia."""
    with quiet():
        from PySide6.QtMultimedia import QMediaDevices

        return QMediaDevices.defaultAudioInput()
