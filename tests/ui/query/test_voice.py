import wave
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from pytestqt.qtbot import QtBot

from search.errors import MediaError
from ui.main_window import MainWindow
from ui.query.backend import Heard, HeardWord
from ui.query.recorder import Recorder, loudness, write_wave
from ui.query.voice import VoicePanel


class Spoken(QObject):
    """A voice that needs no microphone: it says what it is given."""

    level = Signal(float)
    ended = Signal()

    def __init__(self, samples: bytes) -> None:
        super().__init__()
        self._samples = samples
        self.is_on = False

    def trouble(self) -> str:
        return ""

    def start(self) -> None:
        self.is_on = True
        self.level.emit(loudness(self._samples))

    def stop(self, target: Path | None) -> None:
        self.is_on = False
        if target is not None:
            write_wave(target, self._samples, 16_000, 1)


DOG = Heard("a black dog", (HeardWord("A", False), HeardWord("black", True), HeardWord("<dog>.", False)))


@pytest.fixture
def voice(window: MainWindow) -> Spoken:
    window.area.voice = Spoken(b"\x00\x20" * 1600)
    return window.area.voice


def panel(window: MainWindow) -> VoicePanel:
    window.area.commands.speak.trigger()
    return window.findChildren(VoicePanel)[-1]


def test_what_is_said_is_written_down_corrected_and_asked(
    window: MainWindow, backend: Any, voice: Spoken, qtbot: QtBot
) -> None:
    backend.heard = DOG
    shown = panel(window)
    shown.speak.click()
    assert voice.is_on
    assert shown.meter.value() == 50
    assert shown.speak.text() == "Stop"
    shown.speak.click()
    qtbot.waitUntil(shown.line.isVisible)
    assert not voice.is_on
    assert "<u><b>black</b></u> &lt;dog&gt;." in shown.told.text()
    assert "may be misheard" in shown.told.text()
    shown.line.setText("a brown dog")
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert window.query.field.text() == "a brown dog"
    (recording,) = backend.listened
    assert not recording.parent.exists()


def test_a_recording_can_be_opened_instead(
    window: MainWindow, backend: Any, voice: Spoken, tmp_path: Path, qtbot: QtBot
) -> None:
    backend.heard = Heard("red", (HeardWord("red", False),))
    path = tmp_path / "question.wav"
    path.touch()
    shown = panel(window)
    shown.listen(path)
    qtbot.waitUntil(shown.search.isVisible)
    assert "misheard" not in shown.told.text()
    shown.search.click()
    assert window.query.field.text() == "red"
    assert path.exists()


def test_what_cannot_be_understood_is_said(
    window: MainWindow, backend: Any, voice: Spoken, tmp_path: Path, qtbot: QtBot
) -> None:
    backend.heard = MediaError("No word can be made out.", "Speak closer to the microphone.")
    shown = panel(window)
    shown.listen(tmp_path / "x.wav")
    qtbot.waitUntil(lambda: shown.told.text() == "No word can be made out. Speak closer to the microphone.")
    assert not shown.line.isVisible()


def test_the_longest_recording_ends_by_itself_and_leaving_throws_it_away(
    window: MainWindow, backend: Any, voice: Spoken, qtbot: QtBot
) -> None:
    backend.heard = DOG
    shown = panel(window)
    shown.speak.click()
    voice.ended.emit()
    qtbot.waitUntil(shown.line.isVisible)
    shown.speak.click()
    assert voice.is_on
    shown.leave()
    assert not voice.is_on
    assert len(backend.listened) == 1


def test_without_a_microphone_the_reason_is_said(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "trouble", lambda _: "No microphone was found.")
    shown = panel(window)
    assert shown.told.text() == "No microphone was found."
    assert not shown.speak.isEnabled()
    assert shown.speak.toolTip() == "No microphone was found."
    assert shown.open_button.isEnabled()


def test_the_real_recorder_knows_what_this_computer_has(qapp: object) -> None:
    recorder = Recorder()
    assert recorder.trouble() == "" or recorder.trouble().endswith(".")
    recorder.stop(None)


def test_a_recording_is_a_wave_file(tmp_path: Path) -> None:
    write_wave(tmp_path / "a.wav", b"\x01\x00\x00\x80", 8000, 2)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 2, 2)
        assert file.readframes(9) == b"\x01\x00\x00\x80"
    assert loudness(b"\x00\x80\x00") == 1
    assert loudness(b"") == 0
