"""YAMNet, which tells 521 kinds of sound apart, as a space of sounds (ONNX).

Keys in `model.toml` beside the common ones: `file`, `classes` (a CSV with the column `display_name`), `dim`,
`sample_rate_hz`, `patch_s`, `hop_s`. The graph takes one waveform and gives, for each patch, a score 0..1 of
each class and an embedding, told apart by their width.

A window's vector has four parts. The embedding finds what sounds alike. The scores find what a text names:
they keep their size, so that a cosine says how sure the model is, whatever else is in the library. One number
makes up for the length that they lack, and one, 0 in every window, takes what a query is unsure about.
"""

import csv
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.sound_classes import ClassNames, Encode
from indexers.sound_model import LOUDEST, SILENT, Heard, loudness
from indexers.transcript import SAMPLE_RATE
from search.errors import ModelError
from search.kept_vectors import NOT_KEPT, KeptVectors
from search.spaces import Fingerprint, PayloadKind, Sound, Thresholds, Vector, unit_rows

Rows = NDArray[np.float32]

PATCHES = 6
"""How many patches make a window at most: about three seconds."""

ALIKE = 0.5
"""A patch whose scores have a lesser cosine with those of the window before it begins another one."""

_AT_ONCE = 16
"""So many patches are heard together: more are not quicker, and a whole stretch of sound takes a gigabyte."""

_EDGE_S = 0.015
"""How much further than a patch its last spectrum reaches."""

_LIKE, _NAMED = 0.6, 0.8
"""The lengths of the embedding and of the scores; their squares add up to 1."""

_FULL = 2.5
"""How long the vector of all scores is at most; longer ones are scaled down."""

_TEXT = Thresholds(0.5 * _NAMED / _FULL, 0.3 * _NAMED / _FULL)
_SOUND = Thresholds(0.88 * _LIKE, 0.68 * _LIKE)
_TOLD, _MOST_TOLD = 0.3, 3
"""Classes with this score are named, so many at most."""

_NO_SOUND = "Silence"


class Yamnet:
    """Implements `indexers.sound_model.SoundModel`; safe to use from many threads.

    `encode` gives texts their meaning, without it a query finds the classes that share its words; `kept`
    keeps what it made of the class names. Raises `ModelError` for facts that make no sense.
    """

    def __init__(
        self,
        folder: Path,
        facts: Facts,
        revision: str,
        *,
        encode: Encode | None = None,
        kept: KeptVectors = NOT_KEPT,
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        self._graph = Graph(folder / facts.file("file", "yamnet.onnx"), device, threads)
        self._classes = folder / facts.file("classes", "yamnet_class_map.csv")
        self.rate_hz = facts.whole("sample_rate_hz", SAMPLE_RATE)
        if self.rate_hz != SAMPLE_RATE:
            raise facts.wrong("sample_rate_hz", f"must be {SAMPLE_RATE}")
        self._patch_s, self._hop_s = facts.number("patch_s", 0.96), facts.number("hop_s", 0.48)
        self._width = facts.whole("dim", 1024)
        self._encode, self._kept = encode, kept
        self._lock = threading.Lock()
        self._known: ClassNames | None = None
        how = f"{PATCHES} patches {ALIKE}, {_LIKE} {_NAMED} {_FULL}, 1"
        dim = self._width + len(self._names().names) + 2
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, dim)

    def hear(self, samples: Sound) -> Sequence[Heard]:
        """Cut sound, int16 at `rate_hz`, where it changes, at the latest after three seconds."""
        patch, hop = round(self._patch_s * self.rate_hz), round(self._hop_s * self.rate_hz)
        if not samples.size:
            return []
        missing = max(patch - len(samples), -(len(samples) - patch) % hop)
        edge = round(_EDGE_S * self.rate_hz)
        wave = np.pad(samples, (0, missing + edge)).astype(np.float32) / LOUDEST
        loud = loudness(wave, patch, hop)
        if loud.max() < SILENT:
            return []
        heard = [self._heard(wave[first : last + edge]) for first, last in _slices(len(loud), patch, hop)]
        scores, embeddings = (np.concatenate(rows) for rows in zip(*heard, strict=True))
        many = min(len(scores), len(embeddings), len(loud))
        length_s = len(samples) / self.rate_hz
        return [
            self._window(scores, embeddings, begin, end, length_s)
            for begin, end in pairwise(_cuts(scores[:many]))
            if loud[begin:end].max() >= SILENT
        ]

    def as_query(self, vectors: Vector) -> Vector:
        """Keep the embedding alone."""
        kept = np.zeros_like(vectors)
        kept[:, : self._width] = vectors[:, : self._width]
        return unit_rows(kept)

    def encode_text(self, text: str) -> Vector:
        """Weigh the classes by what the text means. Raises `ModelError`."""
        weights, sureness = self._names().weights(text)
        unsure = np.sqrt(1 - sureness**2)
        return np.concatenate([np.zeros(self._width), sureness * weights, [0.0, unsure]], dtype=np.float32)

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:
        """What cosines mean: measured on recordings whose sounds are known (decision 0023)."""
        return {"text": _TEXT, "sound": _SOUND}.get(kind)

    def close(self) -> None:
        """Free the model."""
        self._graph.close()

    def _heard(self, wave: Rows) -> tuple[Rows, Rows]:
        session = self._graph.session
        made = self._graph.run(
            [out.name for out in session.get_outputs()], {session.get_inputs()[0].name: wave}
        )
        by_width = {one.shape[1]: one[:_AT_ONCE] for one in made if one.ndim == 2}
        try:
            return by_width[len(self._names().names)], by_width[self._width]
        except KeyError as error:
            message = f"{self._graph.file.name} does not give what its model.toml promises."
            raise ModelError(message, "Get the model again, or mend that file.") from error

    def _window(self, scores: Rows, embeddings: Rows, begin: int, end: int, length_s: float) -> Heard:
        """Pool patches: a class counts by its two best, so that one bark is not lost in two seconds."""
        best = np.sort(scores[begin:end], axis=0)[-2:].mean(axis=0)
        scaled = best / max(_FULL, float(np.linalg.norm(best)))
        like = unit_rows(embeddings[begin:end].mean(axis=0)[None])[0]
        lacking = np.sqrt(max(0.0, 1.0 - float(scaled @ scaled)))
        vector = np.concatenate([_LIKE * like, _NAMED * scaled, [_NAMED * lacking, 0.0]])
        # a patch speaks for the time around its middle; windows follow each other without a gap
        margin = (self._patch_s - self._hop_s) / 2
        start_s = begin * self._hop_s + margin if begin else 0.0
        end_s = min(length_s, end * self._hop_s + margin) if end < len(scores) else length_s
        return Heard(start_s, end_s, unit_rows(vector[None])[0], self._told(best))

    def _told(self, best: Rows) -> str | None:
        order = np.argsort(-best, kind="stable")[:_MOST_TOLD]
        names = self._names().names
        told = [names[n] for n in order if best[n] >= _TOLD and names[n] != _NO_SOUND]
        return " · ".join(told) or None

    def _names(self) -> ClassNames:
        with self._lock:
            if self._known is None:
                self._known = ClassNames(_read_names(self._classes), self._encode, self._kept)
            return self._known


def _slices(many: int, patch: int, hop: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last sample of some patches at a time, which begin one every `hop`."""
    for begin in range(0, many, _AT_ONCE):
        end = min(begin + _AT_ONCE, many)
        yield begin * hop, (end - 1) * hop + patch


def _cuts(scores: Rows) -> list[int]:
    """Return where windows begin, and the end of the last."""
    alike = unit_rows(scores)
    cuts = [0]
    for n in range(1, len(scores)):
        before = unit_rows(alike[cuts[-1] : n].sum(axis=0)[None])[0]
        if n - cuts[-1] >= PATCHES or float(np.vecdot(before, alike[n])) < ALIKE:
            cuts.append(n)
    return [*cuts, len(scores)]


def _read_names(file: Path) -> tuple[str, ...]:
    try:
        with file.open(encoding="utf-8", newline="") as opened:
            names = tuple(row["display_name"] for row in csv.DictReader(opened))
    except (OSError, UnicodeDecodeError, KeyError, csv.Error) as error:
        raise ModelError(f"{file} cannot be read: {error!r}.", "Get the model again.") from error
    if not names:
        raise ModelError(f"{file} names no classes.", "Get the model again.")
    return names
