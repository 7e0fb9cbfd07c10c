"""The vectors that a face model gave to known faces."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.people.records import FACE, Sighting
from search.store import Library


@dataclass(frozen=True, slots=True)
class FaceVectors:
    """Faces that the present model found, and their vectors, float16 (faces, dim), unit rows."""

    sightings: Sequence[Sighting]
    vectors: NDArray[np.floating]


def face_vectors(library: Library, sightings: Iterable[Sighting]) -> FaceVectors:
    """Read the vectors of faces; those that have none are left out."""
    rows = library.rows(FACE, ["digest", "n", "vector"])
    if "vector" not in rows.column_names or not len(rows):
        return FaceVectors([], np.zeros((0, 0), np.float16))
    column = rows["vector"].combine_chunks()
    every = column.flatten().to_numpy(zero_copy_only=False).reshape(len(rows), column.type.list_size)
    places = zip(rows["digest"].to_pylist(), rows["n"].to_pylist(), strict=True)
    row_of = {place: row for row, place in enumerate(places)}
    found = [(one, row_of.get((one.anchor.digest, one.n))) for one in sightings if one.n is not None]
    there = [(one, row) for one, row in found if row is not None]
    return FaceVectors([one for one, _ in there], every[np.array([row for _, row in there], np.int64)])
