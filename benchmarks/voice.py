"""Whether a spoken query finds what the typed one finds, in quiet and in noise.

    python -m benchmarks.voice [QUERIES]

The recordings in CROSSFIND_TEST_MEDIA/speech that read out the caption of a photo are played to `crossfind
ask`, as they are and with pink noise 20, 10 and 0 dB below them; the library holds all photos. The table
gives the share of wrong words and how often the photo is among the first 1, 5 and 10 hits; the baseline is
the caption as text. The voices are synthetic and clear: people who mumble will be understood less well.
"""

import json
import os
import re
import sys
import tempfile
import threading
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from app.listening import Listener, as_query
from benchmarks.common import table
from indexers.sound import read_stretch
from indexers.transcript import SAMPLE_RATE
from indexers.video_file import opened
from search.engine import SearchOptions
from search.errors import MediaError
from search.spaces import Vector

LEVELS = (None, 20.0, 10.0, 0.0)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recording, what it says, and the photo that says the same."""

    file: Path
    text: str
    photo: str


def mix_snr(samples: Vector, noise: Vector, level_db: float) -> Vector:
    """Return samples with noise whose root mean square is `level_db` below theirs, scaled to -1..1."""
    loud, quiet = (float(np.sqrt(np.mean(np.square(one)))) for one in (samples, noise))
    mixed = samples + noise * (loud / quiet) * 10 ** (-level_db / 20)
    return np.asarray(mixed / max(1.0, float(np.abs(mixed).max())), np.float32)


def pink(count: int, seed: int) -> Vector:
    """Noise whose power falls with the frequency, as that of rooms and streets does."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    return np.asarray(np.fft.irfft(spectrum, count), np.float32)


def wrong_words(heard: str, said: str) -> tuple[int, int]:
    """Return by how many words (changed, left out, added) they differ, and how many were said."""
    one, other = (re.findall(r"\w+", text.lower()) for text in (heard, said))
    costs = list(range(len(other) + 1))
    for row, word in enumerate(one, start=1):
        before, costs[0] = costs[0], row
        for column, wanted in enumerate(other, start=1):
            change = before + (word != wanted)
            before, costs[column] = costs[column], min(change, costs[column] + 1, costs[column - 1] + 1)
    return costs[-1], len(other)


def spoken(media: Path, count: int | None) -> list[Spoken]:
    """The recordings of captions."""
    lines = (media / "speech" / "transcripts.jsonl").read_text(encoding="utf-8").splitlines()
    facts = [fact for fact in map(json.loads, lines) if fact.get("photo") and fact["language"] == "en"]
    there = [fact for fact in facts if (media / "photos" / fact["photo"]).is_file()]
    return [Spoken(media / "speech" / f["file"], f["text"], f["photo"]) for f in there[:count]]


def at_level(one: Spoken, level_db: float | None, folder: Path, seed: int) -> Path:
    """Write the recording with noise; the file itself for none."""
    if level_db is None:
        return one.file
    with opened(one.file) as container:
        sound = read_stretch(container, 0, sound=True, captions=False, seconds=30).sound
    samples = mix_snr(sound.astype(np.float32) / np.float32(32768), pink(len(sound), seed), level_db)
    path = folder / "query.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def rank_of(searcher: Searcher, query: str, photo: str) -> int:
    """Return the rank of the photo among the first ten, 99 when it is not there."""
    hits = searcher.engine.search(f"({query}) type:image", SearchOptions(limit=10, floor=0.0)).hits
    return next((hit.rank for hit in hits if Path(hit.file.path).name == photo), 99)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]).resolve()
    queries = spoken(media, int(arguments[0]) if arguments else None)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(library=f"{folder}/library", models={"scene": "starter-scene"})
        wishes = IndexWishes((media / "photos",), only=frozenset({"pictures"}))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        searcher, listener = Searcher(config), Listener(config)
        ranks = [rank_of(searcher, as_query(one.text), one.photo) for one in queries]
        rows = [_row("typed", None, ranks)]
        for level in LEVELS:
            ranks, wrong, words = [], 0, 0
            for seed, one in enumerate(queries):
                try:
                    heard = listener.listen(at_level(one, level, Path(folder), seed)).query
                except MediaError:
                    heard = ""
                errors, said = wrong_words(heard, one.text)
                wrong, words = wrong + errors, words + said
                ranks.append(rank_of(searcher, heard, one.photo) if heard else 99)
            rows.append(_row("spoken" if level is None else f"{level:.0f} dB", wrong / words, ranks))
        listener.close()
        searcher.close()
    table((f"{len(queries)} captions", "wrong words", "R@1", "R@5", "R@10"), rows)


def _row(name: str, wrong: float | None, ranks: Sequence[int]) -> tuple[str, ...]:
    shares = [f"{sum(rank <= depth for rank in ranks) / len(ranks):.2f}" for depth in (1, 5, 10)]
    return name, "" if wrong is None else f"{wrong:.1%}", *shares


if __name__ == "__main__":
    main(sys.argv[1:])
