"""Speech to text with faster-whisper from a model folder in its own format (CTranslate2); never the hub.

Keys in `model.toml` beside the common ones: `[speech] beam` (5), how many readings are weighed.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexers import device as devices
from indexers.channel import StoppedError
from indexers.model_facts import Facts
from indexers.transcript import Spoken, Transcript, Word
from search.errors import ModelError
from search.spaces import Vector

_FILES = ("model.bin", "config.json", "tokenizer.json")  # what is missing, faster-whisper asks the hub for
_LISTENED_TO = 3
"""How many half minutes of speech decide which language it is, unless one is sure."""

_NOTHING = Transcript(None, 0.0, ())


class WhisperSpeech:
    """Implements `indexers.transcript.Transcriber`; safe to use from many threads, one at a time.

    8-bit weights on the processor, 16-bit on CUDA. `threads` 0 leaves the number to CTranslate2. Raises
    `ModelError` for facts or a device that make no sense; files are only opened by the other methods.
    """

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto", threads: int = 0) -> None:
        devices.parse(device)
        self._folder = folder
        self._device, self._threads = device, threads
        self._beam = facts.table("speech").whole("beam", 5)
        self._lock = threading.Lock()
        self._is_stopped: Callable[[], bool] = lambda: False
        self._model: Any = None

    def heed(self, is_stopped: Callable[[], bool]) -> None:
        """Raise `StoppedError` between two segments when this says so."""
        self._is_stopped = is_stopped

    @property
    def languages(self) -> Sequence[str]:
        """The languages it knows, as ISO 639-1 codes. Raises `ModelError`."""
        with self._lock:
            found: list[str] = self._loaded().supported_languages
            return found

    def transcribe(
        self, samples: Vector, language: str | None = None, prompt: str | None = None
    ) -> Transcript:
        """Write down float32 (n,) mono samples at 16 kHz, -1..1, in this language or the one that is heard.

        `prompt` is text that may have been said before: names in it are spelt as there. Where nobody speaks
        (Silero's voice detection) nothing is written. Raises `ModelError`.
        """
        if not samples.size:
            return _NOTHING
        with self._lock:
            found, info = self._loaded().transcribe(
                np.ascontiguousarray(samples, np.float32),
                language=language,
                initial_prompt=prompt,
                beam_size=max(self._beam, 1),
                condition_on_previous_text=False,  # a misheard sentence must not be repeated for minutes
                word_timestamps=True,
                vad_filter=True,
                language_detection_segments=_LISTENED_TO,
            )
            segments = tuple(_spoken(segment) for segment in self._until_stopped(found) if _is_said(segment))
        said = tuple(segment for segment in segments if segment.text)
        return Transcript(info.language, info.language_probability, said) if said else _NOTHING

    def _until_stopped(self, found: Iterable[Any]) -> Iterator[Any]:
        for segment in found:
            if self._is_stopped():
                raise StoppedError
            yield segment

    def close(self) -> None:
        """Free the model; a later `transcribe` loads it again."""
        with self._lock:
            self._model = None

    def _loaded(self) -> Any:
        if self._model is None:
            self._model = _load(self._folder, self._device, self._threads)
        return self._model


def _is_said(segment: Any) -> bool:
    """Whether a segment is more than the model's imagination over noise or music.

    The first limit is that of Whisper's authors for what should be tried again; the others are somewhat
    stricter than theirs (0.6 and -1): "Thank you." in the hum of bees had 0.55 and -0.99.
    """
    return not (
        segment.compression_ratio > 2.4 or (segment.no_speech_prob > 0.4 and segment.avg_logprob < -0.8)
    )


def _spoken(segment: Any) -> Spoken:
    words = tuple(
        Word(float(word.start), float(word.end), word.word.strip(), float(word.probability))
        for word in segment.words
    )
    return Spoken(float(segment.start), float(segment.end), segment.text.strip(), words)


def _load(folder: Path, device: str, threads: int) -> Any:
    for name in _FILES:
        if not (folder / name).is_file():
            raise ModelError(f"{folder / name} is missing.", "Get the model again.")
    try:
        from faster_whisper import WhisperModel
    except ImportError as error:
        raise ModelError(
            "Speech needs the package faster-whisper.", 'Install it: pip install "crossfind[speech]".'
        ) from error
    kind, number = _on(device)
    try:
        return WhisperModel(
            str(folder),
            device=kind,
            device_index=number,
            compute_type="float16" if kind == "cuda" else "int8",
            cpu_threads=threads,
            local_files_only=True,
        )
    except Exception as error:  # CTranslate2 and tokenizers share no kind of error for bad files
        raise ModelError(
            f"{folder} cannot be loaded: {error}.", "Check it: crossfind models verify."
        ) from error


def _on(device: str) -> tuple[str, int]:
    """Return CTranslate2's device; it knows no MPS, so the processor stands in."""
    import ctranslate2

    kind, number = devices.parse(device)
    cards = ctranslate2.get_cuda_device_count() if kind in ("auto", "cuda") else 0
    if kind == "cuda" and number >= cards:
        raise ModelError(f"There is no CUDA device {number}; CTranslate2 sees {cards}.", "Use --device cpu.")
    return ("cuda", number) if number < cards else ("cpu", 0)
