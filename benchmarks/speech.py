"""Speech: how fast a recording is written down, by the whole pipeline and by bare faster-whisper.

    python -m benchmarks.speech [MINUTES]

Both read the same file with the same model and the same settings; the model is loaded before the clock
starts. The recording is `speech/long_reading.flac` of CROSSFIND_TEST_MEDIA, repeated; the model is the one
that an indexing run would choose.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from app.models.installed import ready
from benchmarks.common import start_children_as_the_command, table
from indexers.base import Piece
from indexers.pipeline import IndexOptions, index
from indexers.reader import Reader
from search.errors import ModelError
from search.records import Indexed, TimeSpan
from search.store import Library

RATE = 16_000


def recording(path: Path, minutes: float) -> float:
    """Write the recording as FLAC, over and over again; returns its length in seconds."""
    import av
    from faster_whisper import decode_audio

    source = Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")) / "speech" / "long_reading.flac"
    once = (np.asarray(decode_audio(str(source))) * 32767).astype(np.int16)
    samples = np.resize(once, round(minutes * 60 * RATE))
    with av.open(str(path), "w") as file:
        stream = file.add_stream("flac", rate=RATE, layout="mono")
        for at in range(0, len(samples), 4096):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + 4096], "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return len(samples) / RATE


def bare(model: Any, path: Path) -> tuple[float, int]:
    """Seconds and words of faster-whisper alone."""
    began = time.perf_counter()
    found, _ = model.transcribe(
        str(path), beam_size=5, condition_on_previous_text=False, word_timestamps=True, vad_filter=True
    )
    words = sum(len(segment.words) for segment in found)
    return time.perf_counter() - began, words


def pipeline(reader: Reader, root: Path, folder: Path) -> tuple[float, int]:
    """Seconds and words of a whole run: walk, digest, decode, read, write."""
    library = Library.create(folder)
    began = time.perf_counter()
    events = index([root], library, [], IndexOptions(workers=1), threading.Event(), [reader])
    assert sum(isinstance(event, Indexed) for event in events) == 1
    seconds = time.perf_counter() - began
    (digest,) = library.matching(None)
    words = sum(len(one.timing) for one in library.segments("speech", digest, timing=True))
    library.close()
    return seconds, words


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    from faster_whisper import WhisperModel

    minutes = float(arguments[0]) if arguments else 5.0
    equipment = Equipment(Config())
    chosen = next((model for model in equipment.models if model.manifest.task == "speech"), None)
    if chosen is None:
        raise ModelError("No speech model is installed.", 'Install it: pip install "crossfind[starter]".')
    reader = next(one for one in equipment.readers() if one.name == "speech")
    model = WhisperModel(str(ready(chosen).folder), device="cpu", compute_type="int8", local_files_only=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "files").mkdir()
        length = recording(folder / "files" / "a.flac", minutes)
        reader.read([Piece("speech", TimeSpan(0, 1), payload=np.zeros(RATE, np.int16))])  # loads the model
        before, words = bare(model, folder / "files" / "a.flac")
        ours, found = pipeline(reader, folder / "files", folder / "library")
        after, _ = bare(model, folder / "files" / "a.flac")
    alone = (before + after) / 2
    rows = [
        ("faster-whisper alone", alone, alone / length, words, 1.0),
        ("indexing", ours, ours / length, found, alone / ours),
    ]
    table((f"{length:.0f} s of speech, {chosen.id}", "seconds", "real-time factor", "words", "share"), rows)
    print(f"faster-whisper before and after: {before:.1f} s, {after:.1f} s")


if __name__ == "__main__":
    start_children_as_the_command()
    main(sys.argv[1:])
