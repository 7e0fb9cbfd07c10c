"""Sounds: how fast they are indexed beside the bare model, and how well text and examples find them.

    python -m benchmarks.sounds [MINUTES]

The model is the one that an indexing run would choose, of packages or in CROSSFIND_MODELS. The sounds are
`sounds/` of CROSSFIND_TEST_MEDIA with their labels: a text is each label, an example each recording, and
an event of a timeline is found when the best hit in it lies within half a second of its borders.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import table
from indexers.pipeline import IndexOptions, index
from indexers.sound import read_stretch
from indexers.sound_model import LOUDEST, SoundModel
from indexers.sound_query import SoundQueries
from indexers.sound_reader import SoundReader
from indexers.video_file import opened
from indexers.yamnet import Yamnet
from search.engine import Engine, SearchOptions
from search.errors import ModelError
from search.records import Indexed, TimeSpan
from search.store import Library

ABSENT = (
    *(
        "helicopter",
        "violin",
        "a baby crying",
        "applause",
        "church bells",
        "gunshot",
        "laughter",
        "ocean waves",
    ),
    *(
        "a door knock",
        "phone ringing",
        "vacuum cleaner",
        "piano",
        "guitar",
        "chainsaw",
        "sneeze",
        "horse",
        "pig",
    ),
    *("airplane", "toilet flush", "snoring", "accordion", "screaming"),
)


def media() -> Path:
    """The folder of sounds."""
    return Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")) / "sounds"


def listened(model: SoundModel, folder: Path, library: Path) -> tuple[float, Library]:
    """Seconds of a whole run: walk, digest, decode, hear, write."""
    made = Library.create(library)
    options = IndexOptions(workers=1, modules=("indexers.sounds",))
    began = time.perf_counter()
    events = list(index([folder], made, [], options, threading.Event(), [SoundReader(model)]))
    seconds = time.perf_counter() - began
    assert any(isinstance(event, Indexed) for event in events)
    return seconds, made


def recording(path: Path, minutes: float) -> np.ndarray:
    """Write the street over and over again as WAV; returns its samples, int16 at 16 kHz."""
    import av

    with opened(media() / "timeline_street.ogg") as container:
        once = read_stretch(container, 0, sound=True, captions=False, seconds=60).sound
    samples = np.resize(once, round(minutes * 60 * 16_000))
    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=16_000, layout="mono")
        for at in range(0, len(samples), 1 << 16):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + (1 << 16)], "s16", "mono")
            frame.sample_rate, frame.pts = 16_000, at
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return samples


def speed(equipment: Equipment, model: SoundModel, minutes: float, folder: Path) -> None:
    """Print how long the pipeline takes beside the bare graph fed from memory."""
    import onnxruntime

    (folder / "long").mkdir()
    samples = recording(folder / "long" / "a.wav", minutes)
    chosen = next(one for one in equipment.models if "sound" in one.manifest.task)
    graph = chosen.folder / chosen.manifest.facts.file("file", "yamnet.onnx")
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def bare() -> float:
        began = time.perf_counter()
        for at in range(0, len(samples), 180 * 16_000):
            session.run(None, {name: samples[at : at + 180 * 16_000].astype(np.float32) / LOUDEST})
        return time.perf_counter() - began

    bare()
    before = bare()
    ours, library = listened(model, folder / "long", folder / "speed")
    alone = (before + bare()) / 2
    length = len(samples) / 16_000
    size = sum(file.stat().st_size for file in (folder / "speed").rglob("*") if file.is_file())
    windows = next(one.segments for one in library.status().spaces if one.name == "sound")
    library.close()
    rows = [("bare model", alone, length / alone, 1.0), ("indexing", ours, length / ours, alone / ours)]
    table((f"{length / 60:.0f} minutes, {chosen.id}", "seconds", "times real time", "share"), rows)
    hours = length / 3600
    print(f"{windows / hours:.0f} windows and {size / hours / 1e6:.1f} MB on disk an hour")


def quality(model: SoundModel, folder: Path) -> None:
    """Print how often texts and examples find what they should, first."""
    _, library = listened(model, media(), folder / "quality")
    engine = Engine(library, [SoundQueries(model)])
    lines = (media() / "labels.jsonl").read_text("utf-8").splitlines()
    clips: list[dict[str, Any]] = []
    timelines: list[dict[str, Any]] = []
    for row in map(json.loads, lines):
        (timelines if row.get("kind") == "timeline" else clips).append(row)
    texts = [(label, row["file"]) for row in clips for label in row["labels"]]
    events = [(row["file"], event) for row in timelines for event in row["events"]]
    examples = {file.stem: file for file in media().iterdir()}
    by_text = sum(_holds(engine, f'sound:"{event["labels"][0]}"', file, event) for file, event in events)
    by_example = sum(_holds(engine, f'sound:@"{examples[e["clip"]]}"', file, e) for file, e in events)
    rows = [
        ("a label finds a recording that has it, first", _firsts(engine, texts, clips), len(texts)),
        ("an event in its timeline, by its first label", by_text, len(events)),
        ("an event in its timeline, by another recording", by_example, len(events)),
        (
            "a sound that is nowhere finds nothing",
            sum(_is_empty(engine, text) for text in ABSENT),
            len(ABSENT),
        ),
    ]
    table(("", "right", "of"), rows)
    library.close()


def _firsts(engine: Engine, texts: Sequence[tuple[str, str]], clips: Sequence[Any]) -> int:
    labels = {row["file"]: row["labels"] for row in clips}
    right = 0
    for text, _ in texts:
        hits = [hit for hit in engine.search(f'sound:"{text}"').hits if hit.file.name in labels]
        right += bool(hits) and text in labels[hits[0].file.name]
    return right


def _holds(engine: Engine, query: str, file: str, event: dict[str, Any]) -> bool:
    found = engine.search(f"{query} name:{file}", SearchOptions(limit=1)).hits
    if not found or not isinstance(found[0].locator, TimeSpan):
        return False
    middle = (found[0].locator.start_s + found[0].locator.end_s) / 2
    return bool(event["start"] - 0.5 <= middle <= event["end"] + 0.5)


def _is_empty(engine: Engine, text: str) -> bool:
    return not engine.search(f'sound:"{text}"').hits


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    equipment = Equipment(Config(models_dir=os.environ.get("CROSSFIND_MODELS", "")))
    model = equipment.sounds
    if model is None:
        raise ModelError("No model for sounds is installed.", "Get it with: crossfind models pull yamnet")
    with tempfile.TemporaryDirectory() as temporary:
        if isinstance(model, Yamnet):
            speed(equipment, model, float(arguments[0]) if arguments else 15.0, Path(temporary))
        quality(model, Path(temporary))


if __name__ == "__main__":
    main(sys.argv[1:])
