"""How loud a recording is over its length, as the window draws it."""

import time
from pathlib import Path

import numpy as np

from indexers.sound import read_stretch
from indexers.video_file import opened

COLUMNS = 600
RATE = 16_000
STEP = 800
"""So many samples, a twentieth of a second, make one measure of loudness."""


def waveform(path: Path, seconds: float = 4.0) -> list[float]:
    """Return the loudest moment, 0..1, of each of up to `COLUMNS` equal parts of a recording.

    Empty where there is no sound, or where reading all of it would take longer than `seconds`. Raises
    `MediaError`.
    """
    until = time.monotonic() + seconds
    peaks: list[float] = []
    start: int | None = 0
    with opened(path, "recording") as recording:
        while start is not None:
            left_s = until - time.monotonic()
            if left_s <= 0:
                return []
            stretch = read_stretch(recording, start, sound=True, captions=False, seconds=left_s, rate=RATE)
            first = round(stretch.start_s * RATE / STEP)
            peaks += [0.0] * (first - len(peaks))
            loudness = np.abs(stretch.sound.astype(np.float32)) / 32768
            peaks += [float(loudness[at : at + STEP].max()) for at in range(0, len(loudness), STEP)]
            start = stretch.next
    edges = np.linspace(0, len(peaks), min(COLUMNS, len(peaks)) + 1).astype(int)[:-1]
    loudest: list[float] = np.maximum.reduceat(peaks, edges).tolist() if peaks else []
    return loudest
