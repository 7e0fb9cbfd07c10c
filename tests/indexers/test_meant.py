"""What is said by what it means: encoded after the run, once, from what the library holds."""

import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexers.pipeline import IndexOptions, index
from indexers.query_encoder import SpaceEncoder
from indexers.speech_reader import SpeechReader
from indexers.transcript import Spoken, Transcript, Word
from search.engine import Engine, SearchOptions
from search.errors import ModelError
from search.plan import SPOKEN
from search.records import Missing, TimeSpan
from search.spaces import Fingerprint, Vector, unit_rows
from search.store import Library

SAID = ("The weather is fine today everywhere.", "Nobody knows where the ferry lands.", "Oh.")
"""A sentence every four seconds."""


class Meaning:
    """Texts lie where their words lie."""

    name = "meaning"
    accepts = frozenset({"text"})
    picture_input = None

    def __init__(self, revision: str = "1", *, fails: bool = False) -> None:
        self.fingerprint = Fingerprint("words", revision, "", 64)
        self.encoded: list[str] = []
        self._fails = fails

    def encode(self, items: Sequence[Any]) -> Vector:
        if self._fails:
            raise ModelError("The model is damaged.", "crossfind models verify")
        self.encoded += items
        words = [[word.strip(".").lower() for word in str(item).split()] for item in items]
        seeds = [[zlib.crc32(word.encode()) for word in each] for each in words]
        rows = [np.sum([np.random.default_rng(s).normal(size=64) for s in each], axis=0) for each in seeds]
        return unit_rows(np.array(rows, np.float32))

    def close(self) -> None:
        """Nothing is held."""


class Speaker:
    """A transcriber that always hears the same; `heard` counts how often it was asked."""

    languages = ("en",)

    def __init__(self, said: Sequence[str] = SAID) -> None:
        self.heard = 0
        self._said = said

    def transcribe(self, samples: np.ndarray, language: str | None = None) -> Transcript:  # noqa: ARG002
        self.heard += 1
        spoken = [Spoken(4 * n, 4 * n + 2, text, _words(text, 4.0 * n)) for n, text in enumerate(self._said)]
        return Transcript("en", 1.0, tuple(spoken))

    def close(self) -> None:
        """Nothing is held."""


def _words(text: str, start_s: float) -> tuple[Word, ...]:
    words = text.split()
    step = 2 / len(words)
    return tuple(
        Word(start_s + n * step, start_s + (n + 1) * step, word, 1.0) for n, word in enumerate(words)
    )


@pytest.fixture
def recording(folder: Path, media_dir: Path) -> Path:
    path = folder / "a.ogg"
    path.write_bytes((media_dir / "sounds" / "crowd.ogg").read_bytes())
    return folder


def run(library: Library, folder: Path, *spaces: Any, speaker: Speaker, revision: str = "1") -> list[Any]:
    options = IndexOptions(workers=1, modules=("indexers.speech",))
    reader = SpeechReader(lambda: speaker, "m", revision)
    return list(index([folder], library, spaces, options, threading.Event(), [reader]))


def held(library: Library) -> list[tuple[Any, str | None]]:
    (digest,) = library.matching(None)
    return [(one.locator, one.text) for one in library.segments(SPOKEN, digest)]


def test_passages_and_their_sentences_are_encoded_once(library: Library, recording: Path) -> None:
    speaker, meaning = Speaker(), Meaning()
    run(library, recording, meaning, speaker=speaker)
    assert held(library) == [
        (TimeSpan(0.0, 10.0), " ".join(SAID)),
        (TimeSpan(0.0, 2.0), SAID[0]),
        (TimeSpan(4.0, 6.0), SAID[1]),
    ]
    run(library, recording, meaning, speaker=speaker)
    assert len(meaning.encoded) == 3
    assert speaker.heard == 1


def test_another_model_of_meaning_does_not_listen_again(library: Library, recording: Path) -> None:
    speaker, second = Speaker(), Meaning("2")
    run(library, recording, speaker=speaker)
    assert SPOKEN not in library.spaces()
    run(library, recording, Meaning(), speaker=speaker)
    run(library, recording, second, speaker=speaker)
    assert (speaker.heard, len(second.encoded)) == (1, 3)
    assert library.spaces()[SPOKEN] == second.fingerprint


def test_what_another_speech_model_hears_replaces_it(library: Library, recording: Path) -> None:
    run(library, recording, Meaning(), speaker=Speaker())
    run(library, recording, Meaning(), speaker=Speaker(["It was all a misunderstanding."]), revision="2")
    assert held(library) == [(TimeSpan(0.0, 2.0), "It was all a misunderstanding.")]
    run(library, recording, Meaning(), speaker=Speaker([]), revision="3")
    assert held(library) == []


def test_a_sentence_is_found_in_other_words_exact_ones_first(library: Library, recording: Path) -> None:
    meaning = Meaning()
    run(library, recording, meaning, speaker=Speaker())
    (recording / "b.ogg").write_bytes((recording / "a.ogg").read_bytes() + b"\0")
    run(library, recording, meaning, speaker=Speaker(["Where the ferry lands again tomorrow."]))
    engine = Engine(library, [SpaceEncoder(meaning, name=SPOKEN)])
    hits = engine.search('said:"nobody knows where the ferry lands"', SearchOptions(floor=0.001)).hits
    assert [hit.file.name for hit in hits] == ["a.ogg", "b.ogg"]
    assert hits[0].locator == TimeSpan(4.0, 6.0)
    assert {one.space for one in hits[1].evidence} == {SPOKEN}


def test_a_model_that_fails_is_told_and_made_good(library: Library, recording: Path) -> None:
    events = run(library, recording, Meaning(fails=True), speaker=Speaker())
    assert Missing(SPOKEN, "The model is damaged.", "crossfind models verify") in events
    meaning = Meaning()
    run(library, recording, meaning, speaker=Speaker())
    assert len(meaning.encoded) == 3
