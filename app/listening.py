"""Spoken queries: what was said, how sure each word is, and what to search for."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import open_library
from app.config import Config
from app.models.choice import choose
from app.models.installed import installed
from app.models.readers import transcriber
from indexers.transcript import Transcript
from indexers.voice import Voice, read_voice, without_noise
from indexers.whisper_speech import WhisperSpeech
from search.errors import LibraryMissingError, MediaError, ModelError
from search.function_words import FUNCTION_WORDS
from search.records import Fix, Missing
from search.reporting import Report, silent
from search.store import Library, people

UNSURE = 0.5
"""Words less probable than this are marked."""

NAMES = 40
"""So many names and tags of the library are told to the model, those of the most files first."""

_KEYWORDS = re.compile(r"\b(AND|OR|NOT|THEN|SAME|WITHIN)\b")


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word and how sure the model is of it, 0..1."""

    text: str
    probability: float

    @property
    def is_unsure(self) -> bool:
        """Whether it should be looked at before it is searched for."""
        return self.probability < UNSURE


@dataclass(frozen=True, slots=True)
class Heard:
    """A spoken query. `query` is what was said as words to search for, `fixes` what was done to the sound."""

    query: str
    words: tuple[HeardWord, ...]
    language: str | None
    fixes: tuple[Fix, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        words = [
            {"text": w.text, "probability": round(w.probability, 3), "unsure": w.is_unsure}
            for w in self.words
        ]
        return {"query": self.query, "language": self.language, "words": words}


class Listener:
    """Understands spoken queries; keeps the model. Not for several threads at once."""

    def __init__(self, config: Config, report: Report = silent) -> None:
        self._config, self._report = config, report
        self._model: WhisperSpeech | None = None

    def listen(self, path: Path) -> Heard:
        """Write down what is said in a recording. Names and tags of the library help to spell it.

        Raises `MediaError` for what is no recording, silent, or without a word, and `ModelError`.
        """
        voice = read_voice(path)
        prompt = _prompt(self._config)
        heard = self._loaded().transcribe(voice.samples, prompt=prompt)
        fixes = voice.fixes
        if voice.is_noisy or not heard.segments:
            heard, tried = self._without_noise(voice, heard, prompt)
            fixes = (*fixes, tried)
        words = tuple(HeardWord(w.text, w.probability) for one in heard.segments for w in one.words if w.text)
        query = doubting(as_query(heard.text), words)
        if not query:
            raise MediaError(f"No word can be made out in {path}.", "Speak closer to the microphone.")
        return Heard(query, words, heard.language, fixes)

    def _without_noise(self, voice: Voice, before: Transcript, prompt: str | None) -> tuple[Transcript, Fix]:
        """Try with less noise, and take it when the words are surer then."""
        after = self._loaded().transcribe(without_noise(voice.samples), prompt=prompt)
        gain = _sureness(after) - _sureness(before)
        is_better = gain > 0.02
        told = f"speech is {max(0.0, voice.noise_db):.0f} dB above the noise; "
        told += "understood better with less noise" if is_better else "taking noise away did not help"
        return (after if is_better else before), Fix("noise", is_better, told, round(gain, 3))

    def close(self) -> None:
        """Free the model."""
        if self._model is not None:
            self._model.close()

    def _loaded(self) -> WhisperSpeech:
        if self._model is None:
            there = installed(self._config.models_dir)
            wanted = self._config.models.get("speech")
            chosen = choose("speech", self._config.profile, there, wanted)
            if isinstance(chosen, Missing):
                raise ModelError(chosen.reason, chosen.remedy)
            self._model = transcriber(chosen, self._config.device, report=self._report)
        return self._model


def as_query(text: str) -> str:
    """Return what was said as bare words of a query: nothing in it is a sign of the language."""
    plain = re.sub(r"[\"“”„()\[\]{}:;,!?…@#*^~+]|\.(?!\d)", " ", text)
    plain = _KEYWORDS.sub(lambda found: found[0].lower(), plain)
    return " ".join(word for word in (part.strip("-–—'’") for part in plain.split()) if word)


def doubting(query: str, words: Sequence[HeardWord]) -> str:
    """Return the query with a tilde behind each word that may be misheard, so that what sounds like it is
    found too; as it is where its words are not those that were heard, as in scripts without spaces."""
    parts = [(as_query(word.text), word.is_unsure) for word in words]
    if " ".join(part for part, _ in parts if part) != query:
        return query
    loose = (unsure and part.isalpha() and part.lower() not in FUNCTION_WORDS for part, unsure in parts)
    return " ".join(part + "~" * is_loose for (part, _), is_loose in zip(parts, loose, strict=True) if part)


def marked(words: Sequence[HeardWord]) -> str:
    """Return the words as a line, those that are unsure between ⟨ and ⟩."""
    return " ".join(f"⟨{word.text}⟩" if word.is_unsure else word.text for word in words)


def _sureness(heard: Transcript) -> float:
    words = [word.probability for one in heard.segments for word in one.words]
    return sum(words) / len(words) if words else 0.0


def _prompt(config: Config) -> str | None:
    """Return the names of people and the tags of the library, as a sentence; None without any."""
    try:
        with closing(open_library(config)) as library:
            names = list(dict.fromkeys((*people.names(library).values(), *_tags(library))))[:NAMES]
    except LibraryMissingError:
        return None
    return f"{', '.join(names)}." if names else None


def _tags(library: Library) -> Iterator[str]:
    rows = library.rows("contents", ["tags"], "tags IS NOT NULL")["tags"].to_pylist()
    counted = Counter(tag.rpartition("/")[2] for tags in rows for tag in tags)
    return (tag for tag, _ in counted.most_common(NAMES))
