"""Vectors of texts that never change, kept on disk: they take a model seconds to make."""

import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from search.spaces import Vector
from search.store.disk import write_atomically


def kept_vectors(
    folder: Path | None, name: str, model: str, texts: Sequence[str], make: Callable[[Sequence[str]], Vector]
) -> Vector:
    """Read the vectors of texts by a model, float32 (n, dim), or make and keep them.

    `name` begins the file's name, `model` tells models apart. What cannot be kept is made each time.
    """
    if folder is None:
        return make(texts)
    key = hashlib.sha256("\n".join([model, *texts]).encode()).hexdigest()[:16]
    file = folder / f"{name}-{key}.npy"
    with suppress(OSError, ValueError, EOFError):
        vectors: Vector = np.load(file, allow_pickle=False)
        if vectors.dtype == np.float32 and vectors.shape[:1] == (len(texts),) and vectors.ndim == 2:
            return vectors
    made = make(texts)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        npy = io.BytesIO()
        np.save(npy, made, allow_pickle=False)
        write_atomically(file, npy.getvalue())
    return made
