"""Fits the axes by which the starter model tells pictures apart, from a training pack.

    python -m tools.fit_look PACK resources/models/starter/look.safetensors [DIM]

Principal axes of the appearance (`indexers.starter_heads.appearance`) of the pack's training photos, half
whitened: each divided by the root of its deviation. Fewer numbers than the appearance itself, and a better
search: what all photos have in common goes with the mean, and no single trait of photos decides alone.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from indexers.starter_heads import Seen, appearance
from indexers.starter_space import LOOK_DIM
from search.spaces import Vector
from tools.train_starter.export import quantise
from tools.train_starter.pack import Pack, read_pack


def seen_in(pack: Pack) -> Seen:
    """What the backbone saw in the training photos; labels are of no use here."""
    rows = pack.rows("train")
    none = np.zeros((len(rows), 0), np.float32)
    return Seen(pack.features.pooled[rows], pack.features.stages[rows], none, none)


def axes(rows: Vector, dim: int) -> tuple[Vector, Vector]:
    """The mean, and the `dim` axes along which the rows spread most, half whitened, with fixed signs."""
    mean = rows.mean(axis=0)
    variances, vectors = np.linalg.eigh(np.cov(rows - mean, rowvar=False))
    chosen = vectors.T[::-1][:dim] / variances[::-1][:dim, None] ** 0.25
    largest = chosen[np.arange(dim), np.abs(chosen).argmax(axis=1)]
    return mean, np.ascontiguousarray(chosen * np.sign(largest)[:, None], np.float32)


def main(arguments: Sequence[str]) -> None:
    """Write the file."""
    pack, target = Path(arguments[0]), Path(arguments[1])
    mean, found = axes(appearance(seen_in(read_pack(pack))), int(arguments[2]) if arguments[2:] else LOOK_DIM)
    rows, scales = quantise(found)
    stored: dict[str, NDArray[np.generic]] = {"mean": mean, "axes#q": rows, "axes#s": scales}
    save_file(stored, target)
    print(f"{target}: {len(found)} axes, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
