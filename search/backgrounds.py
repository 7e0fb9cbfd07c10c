"""What cosines look like by chance in a library, per space: measured once, and again when it changed."""

import threading
import time
from collections.abc import Callable

import numpy as np

from search import calibration
from search.calibration import Background
from search.plan import DEPICTED, FIGURE, MEANING, SOUND, SPOKEN
from search.spaces import PayloadKind, QueryEncoder, Vector, unit_rows
from search.store import Library
from search.store.manifest import NAME as MANIFEST

PROBES = {
    MEANING: calibration.PASSAGE_PROBES,
    SPOKEN: calibration.PASSAGE_PROBES,
    DEPICTED: calibration.PASSAGE_PROBES,
    SOUND: calibration.SOUND_PROBES,
}
LIKE_THOSE_OF = {FIGURE: "scene"}
"""Figures are few, and their vectors of one kind with those of pictures."""

SAMPLE = 1_000
LARGE_SAMPLE = 500
STALE_S = 30.0


class Backgrounds:
    """Remembers, per space, what cosines look like by chance; measured anew when the library changed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._guard = threading.Lock()
        self._probes: dict[tuple[str, str], Vector] = {}
        self._known: dict[tuple[str, str, PayloadKind], tuple[object, float, Background]] = {}

    def of_texts(self, encoder: QueryEncoder) -> Background:
        """Return the background of text queries. Raises `ModelError`."""
        return self._background(
            encoder, "text", lambda sample: calibration.text_background(sample, self._probes_of(encoder))
        )

    def middle_of_texts(self, encoder: QueryEncoder) -> Vector:
        """Return the mean of the probe texts' vectors, float32 (dim,). Raises `ModelError`."""
        middle: Vector = self._probes_of(encoder).mean(axis=0)
        return middle

    def of_pictures(self, encoder: QueryEncoder) -> Background:
        """Return the background of picture queries."""
        return self._background(encoder, "picture", calibration.picture_background)

    def _background(
        self, encoder: QueryEncoder, kind: PayloadKind, measure: Callable[[Vector], Background]
    ) -> Background:
        key = (encoder.space, encoder.fingerprint.key, kind)
        with self._guard:
            stamp = self._stamp()
            known = self._known.get(key)
            if known is not None:
                before, at, background = known
                fresh = len(background.sample) >= LARGE_SAMPLE and time.monotonic() - at < STALE_S
                if before == stamp or fresh:
                    return background
            sample = unit_rows(self._library.sample(LIKE_THOSE_OF.get(encoder.space, encoder.space), SAMPLE))
            background = measure(sample.reshape(-1, encoder.fingerprint.dim))
            self._known[key] = (stamp, time.monotonic(), background)
            return background

    def _probes_of(self, encoder: QueryEncoder) -> Vector:
        key = (encoder.space, encoder.fingerprint.key)
        if key not in self._probes:
            texts = PROBES.get(encoder.space, calibration.TEXT_PROBES)
            self._probes[key] = np.stack([encoder.encode_text(text) for text in texts])
        return self._probes[key]

    def _stamp(self) -> object:
        try:
            stat = (self._library.folder / MANIFEST).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size
