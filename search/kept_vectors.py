"""Vectors of texts that never change, kept on disk: they take a model seconds to make."""

import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.reporting import Report, silent
from search.spaces import Vector
from search.store.disk import write_atomically


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """Keeps them in `folder`, if there is one; `report` is told before they are made."""

    folder: Path | None = None
    report: Report = silent

    def vectors(
        self,
        name: str,
        what: str,
        model: str,
        texts: Sequence[str],
        make: Callable[[Sequence[str]], Vector],
    ) -> Vector:
        """Read the vectors of texts by a model, float32 (n, dim), or make and keep them.

        `name` begins the file's name, `what` tells a person what the texts are, `model` tells models apart.
        What cannot be kept is made each time.
        """
        key = hashlib.sha256("\n".join([model, *texts]).encode()).hexdigest()[:16]
        file = self.folder / f"{name}-{key}.npy" if self.folder else None
        if file is not None and (known := _read(file, len(texts))) is not None:
            return known
        self.report(f"Learning what {what} mean, once; this takes a few seconds …")
        made = make(texts)
        if file is not None:
            _write(file, made)
        return made


NOT_KEPT = KeptVectors()


def _read(file: Path, count: int) -> Vector | None:
    with suppress(OSError, ValueError, EOFError):
        vectors: Vector = np.load(file, allow_pickle=False)
        if vectors.dtype == np.float32 and vectors.shape[:1] == (count,) and vectors.ndim == 2:
            return vectors
    return None


def _write(file: Path, vectors: Vector) -> None:
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        npy = io.BytesIO()
        np.save(npy, vectors, allow_pickle=False)
        write_atomically(file, npy.getvalue())
