"""The starter model's own weights, and the picture half of what is computed with them.

`heads.safetensors` names its tensors as the trainer does. Pictures: `conse` (1000, 384) the sentence vector
of each ImageNet class name; `mu`, `sd` (4728,) mean and deviation of the inputs; `head.a`, `head.b`, `head.c`
(out, in) with biases `head.a_b`, `head.b_b`. Texts: `net.a`, `net.b`, `net.c` with biases. A large matrix is
stored as int8 rows `NAME#q` with one float32 scale for each row, `NAME#s`; the rest as float16 or float32.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.errors import ModelError
from search.spaces import Vector, unit_rows

MIXTURE = 0.2
"""Share of the label mixture in the cosine of two pictures."""

_LIKELIEST = 10
_CELLS_WEIGHT = 0.5
_CELL_SCALE, _LABEL_SCALE, _MIXTURE_SCALE = 3.0, 4.0, 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the backbone gives for n pictures, all float32.

    `gap` (n, 1280) and `mid` (n, 680) are means of the last and of middle layers, `logits` (n, 1000) and
    `cell_logits` (n, 9, 1000) the classes seen in the whole picture and in each cell of a 3 x 3 grid.
    """

    gap: Vector
    mid: Vector
    logits: Vector
    cell_logits: Vector


def tensors(file: Path, prefixes: tuple[str, ...]) -> dict[str, Vector]:
    """Read the tensors whose names begin so, as float32. Raises `ModelError`."""
    from safetensors import SafetensorError, safe_open

    if not file.is_file():
        raise ModelError(f"{file} is missing.", "Get the model again.")
    try:
        with safe_open(str(file), framework="numpy") as opened:
            names = [name for name in opened.keys() if name.startswith(prefixes)]  # noqa: SIM118 (no mapping)
            read = {name: opened.get_tensor(name) for name in names}
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{file} cannot be read: {error}.", "Check it: crossfind models verify.") from error
    return {name.removesuffix("#q"): _restored(name, read) for name in read if not name.endswith("#s")}


def _restored(name: str, read: Mapping[str, NDArray[np.generic]]) -> Vector:
    values = read[name].astype(np.float32)
    if name.endswith("#q"):
        values *= read[name.removesuffix("#q") + "#s"].astype(np.float32)[:, None]
    return values


class PictureHead:
    """Turns what the backbone sees into vectors that texts are compared with."""

    def __init__(self, file: Path) -> None:
        """Read the weights. Raises `ModelError`."""
        self._w = tensors(file, ("conse", "mu", "sd", "head."))

    def __call__(self, seen: Seen) -> Vector:
        """Return float32 (n, own + 384), unit rows: the trained block, and the label mixture beside it."""
        w = self._w
        labels, cells = _softmax(seen.logits), _softmax(seen.cell_logits).max(axis=1)
        whole, parts = unit_rows(_likeliest(labels) @ w["conse"]), unit_rows(cells @ w["conse"])
        inputs = np.concatenate(
            [
                np.sqrt(np.maximum(seen.gap, 0)),
                seen.mid,
                _CELL_SCALE * np.sqrt(cells),
                _LABEL_SCALE * np.sqrt(labels),
                _MIXTURE_SCALE * whole,
                _MIXTURE_SCALE * parts,
            ],
            axis=1,
        )
        inputs = np.asarray((inputs - w["mu"]) / w["sd"], np.float32)
        own = linear(w, "head.b", gelu(linear(w, "head.a", inputs))) + linear(w, "head.c", inputs)
        return joined(unit_rows(own), unit_rows(whole + _CELLS_WEIGHT * parts), MIXTURE)


class LookHead:
    """Turns what the backbone sees into vectors by which pictures are told apart: no meaning, few numbers.

    `look.safetensors` holds `mean` (1960,) and `axes` (dim, 1960), the principal axes of the appearance of
    photos.
    """

    def __init__(self, file: Path) -> None:
        """Read the weights. Raises `ModelError`."""
        self._w = tensors(file, ("mean", "axes"))

    def __call__(self, seen: Seen) -> Vector:
        """Return float32 (n, dim), unit rows."""
        return unit_rows(linear(self._w, "axes", appearance(seen) - self._w["mean"]))


def appearance(seen: Seen) -> Vector:
    """Return float32 (n, 1960), unit rows: two layers of the backbone, each counting as much as the other."""
    halves = unit_rows(np.sqrt(np.maximum(seen.gap, 0))), unit_rows(seen.mid)
    return np.concatenate(halves, axis=1) * np.float32(math.sqrt(0.5))


def joined(own: Vector, mixture: Vector, share: float | Vector) -> Vector:
    """Put two unit blocks side by side so that `share` of a cosine of two such vectors is the second's."""
    return np.concatenate([np.sqrt(1 - share) * own, np.sqrt(share) * mixture], axis=1, dtype=np.float32)


def linear(weights: Mapping[str, Vector], name: str, x: Vector) -> Vector:
    """Apply the layer `name`, a matrix (out, in), and its bias `NAME_b` where it has one."""
    mapped: Vector = x @ weights[name].T
    return mapped + weights[name + "_b"] if name + "_b" in weights else mapped


def gelu(x: Vector) -> Vector:
    """The exact Gaussian error linear unit (Hendrycks and Gimpel 2016), as the heads were trained with."""
    erf = np.fromiter(map(math.erf, (x / math.sqrt(2)).ravel().tolist()), np.float32, x.size)
    half: Vector = np.float32(0.5) * x * (1 + erf.reshape(x.shape))
    return half


def _softmax(logits: Vector) -> Vector:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Vector = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _likeliest(shares: Vector) -> Vector:
    """Keep the largest shares of each row, zero elsewhere."""
    kept = np.zeros_like(shares)
    best = np.argpartition(-shares, _LIKELIEST, axis=1)[:, :_LIKELIEST]
    np.put_along_axis(kept, best, np.take_along_axis(shares, best, axis=1), axis=1)
    return kept
