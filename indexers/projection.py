"""Fewer dimensions for vectors of words and patches: those along which a library's own vectors lie.

A file beside a model's weights holds the axes; the model's vectors, of pages and questions alike, are laid on
them and brought to unit length again. Without the file they stay as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexers.on_demand import OnDemand
from search.errors import ModelError
from search.spaces import Vector, unit_rows

FILE = "projection.safetensors"

_AXES = "axes"


@dataclass(frozen=True, slots=True)
class Fitted:
    """Orthonormal axes, float32 (dimensions before, after); `kept` is the share of the squared length of the
    vectors that lies along them, `vectors` how many they were learned from."""

    axes: NDArray[np.float32]
    kept: float
    vectors: int


class Projection:
    """Lays vectors on the axes beside a model; the file is read when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read = OnDemand(lambda: (_axes(folder),))

    def before(self, dim: int) -> int:
        """Return how many numbers a vector must have that is to have `dim` here. Raises `ModelError`."""
        (axes,) = self._read.get()
        if axes is None:
            return dim
        if axes.shape[1] != dim:
            raise _broken(self._folder, f"it leads to {axes.shape[1]} numbers, model.toml promises {dim}")
        return len(axes)

    def __call__(self, vectors: Vector) -> Vector:
        """Return unit rows, float32 (n, dimensions after), of unit rows. Raises `ModelError`."""
        (axes,) = self._read.get()
        return vectors if axes is None else unit_rows(vectors @ axes)


def fit(parts: Iterable[Vector], dims: int) -> Fitted:
    """Return the `dims` axes that keep most of the squared length of vectors, which come in parts, float32
    (n, dim): the first right singular vectors of all of them, not centred, for what counts is their products
    with those of questions.

    Raises `ValueError` for no vectors, or where `dims` is not less than they have.
    """
    moment: NDArray[np.float64] | None = None
    count = 0
    for part in parts:
        exact = part.astype(np.float64)
        product = exact.T @ exact
        moment = product if moment is None else np.add(moment, product, out=moment)
        count += len(part)
    if moment is None or not 0 < dims < len(moment):
        raise ValueError(f"{dims} axes of {0 if moment is None else len(moment)}")
    lengths, axes = np.linalg.eigh(moment)
    chosen = axes[:, ::-1][:, :dims]
    largest = np.take_along_axis(chosen, np.abs(chosen).argmax(axis=0)[None], axis=0)
    upright = chosen * np.sign(largest)  # which of two opposite axes is found differs between machines
    return Fitted(upright.astype(np.float32), float(lengths[::-1][:dims].sum() / lengths.sum()), count)


def write(folder: Path, fitted: Fitted) -> None:
    """Put the axes beside a model."""
    from safetensors.numpy import save_file

    save_file({_AXES: np.ascontiguousarray(fitted.axes)}, folder / FILE)


def _axes(folder: Path) -> NDArray[np.float32] | None:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    if not (folder / FILE).is_file():
        return None
    try:
        axes: Any = load_file(folder / FILE)[_AXES]
    except (OSError, SafetensorError, KeyError) as error:
        raise _broken(folder, str(error) or type(error).__name__) from error
    if axes.ndim != 2 or not np.isfinite(axes).all():
        raise _broken(folder, "it holds no axes")
    return np.asarray(axes, np.float32)


def _broken(folder: Path, why: str) -> ModelError:
    return ModelError(
        f"{FILE} of {folder.name} cannot be used: {why}.", f"Check it: crossfind models verify {folder.name}."
    )
