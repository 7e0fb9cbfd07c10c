"""Whether a spoilt recording still finds what sounds like it, as it is and put right.

    python -m benchmarks.spoilt_sounds

Of each of the recordings in CROSSFIND_TEST_MEDIA/sounds the first half is indexed and the second half is the
query: as it is, with pink noise 20, 10 and 0 dB below it, 30 and 40 dB more quiet, and between two seconds of
a quiet room. The table gives how often the first half is the first hit, and among the first five, with `--fix
off` and `--fix auto`; and with steady noise turned down as well, which the program does not do.
"""

import os
import sys
import tempfile
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import table
from benchmarks.sounds import listened
from benchmarks.voice import mix_snr, pink
from indexers.sound import read_stretch
from indexers.sound_query import SoundQueries
from indexers.video_file import opened
from indexers.voice import without_noise
from search.engine import Engine, SearchOptions
from search.errors import MediaError, ModelError
from search.spaces import Vector

RATE = 16_000
Spoil = Callable[[Vector, int], Vector]


def halves(folder: Path) -> list[tuple[str, Vector]]:
    """Write the first half of each recording, and return its name with the second."""
    made = []
    source = Path(os.environ["CROSSFIND_TEST_MEDIA"]) / "sounds"
    for file in sorted(source.iterdir()):
        if file.suffix == ".jsonl" or file.stem.startswith("timeline"):
            continue
        with opened(file) as container:
            sound = read_stretch(container, 0, sound=True, captions=False, seconds=60, rate=RATE).sound
        samples = sound.astype(np.float32) / np.float32(32768)
        name = f"{file.stem}.wav"
        write(folder / name, samples[: len(samples) // 2])
        made.append((name, samples[len(samples) // 2 :]))
    return made


def write(path: Path, samples: Vector) -> None:
    """Write a recording of 16 bits."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def in_a_room(samples: Vector, seed: int) -> Vector:
    """Two seconds of hiss at -80 dB before it and behind it."""
    hiss = np.random.default_rng(seed).normal(0, 1e-4, (2, 2 * RATE)).astype(np.float32)
    return np.concatenate([hiss[0], samples, hiss[1]])


SPOILS: dict[str, Spoil] = {
    "as it is": lambda samples, _: samples,
    "noise at 20 dB": lambda samples, seed: mix_snr(samples, pink(len(samples), seed), 20),
    "noise at 10 dB": lambda samples, seed: mix_snr(samples, pink(len(samples), seed), 10),
    "noise at 0 dB": lambda samples, seed: mix_snr(samples, pink(len(samples), seed), 0),
    "30 dB more quiet": lambda samples, _: samples * np.float32(10**-1.5),
    "40 dB more quiet": lambda samples, _: samples * np.float32(10**-2),
    "in a quiet room": in_a_room,
}


def rank(engine: Engine, query: Path, name: str, fix: str) -> int:
    """Where the other half is, 99 for nowhere."""
    try:
        options = SearchOptions(limit=5, floor=0.0, fix=fix)  # type: ignore[arg-type]
        hits = engine.search(f'sound:@"{query}"', options).hits
    except MediaError:
        return 99
    return next((hit.rank for hit in hits if hit.file.name == name), 99)


def main(_: Sequence[str]) -> None:
    """Print the table."""
    model = Equipment(Config(models_dir=os.environ.get("CROSSFIND_MODELS", ""))).sounds
    if model is None:
        raise ModelError("No model for sounds is installed.", "Get it with: crossfind models pull yamnet")
    with tempfile.TemporaryDirectory() as temporary:
        folder, query = Path(temporary) / "halves", Path(temporary) / "query.wav"
        folder.mkdir()
        asked = halves(folder)
        library = listened(model, folder, Path(temporary) / "library")[1]
        engine = Engine(library, [SoundQueries(model)])
        rows: list[tuple[str, ...]] = []
        for spoilt_how, spoil in SPOILS.items():
            ranks: dict[str, list[int]] = {"off": [], "auto": [], "less noise": []}
            for seed, (file, samples) in enumerate(asked):
                spoilt = spoil(samples, seed)
                write(query, spoilt)
                for fix in ("off", "auto"):
                    ranks[fix].append(rank(engine, query, file, fix))
                write(query, without_noise(spoilt))
                ranks["less noise"].append(rank(engine, query, file, "auto"))
            rows.append((spoilt_how, *map(_shares, ranks.values())))
        library.close()
    table((f"{len(asked)} recordings: first / among five", "off", "auto", "less noise"), rows)


def _shares(ranks: Sequence[int]) -> str:
    return " / ".join(f"{sum(one <= depth for one in ranks) / len(ranks):.2f}" for depth in (1, 5))


if __name__ == "__main__":
    main(sys.argv[1:])
