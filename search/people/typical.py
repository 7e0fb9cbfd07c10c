"""How typical each face of a person is, so that those which are somebody else's stand together."""

from collections.abc import Sequence

import numpy as np

from search.people.records import FACE, Sighting
from search.store import Library


def typicality(library: Library, faces: Sequence[Sighting]) -> dict[int, float]:
    """Return face -> cosine, -1..1, with the mean of the other faces; those without a vector are left out.

    A face that is alone is as typical as can be.
    """
    seen = [one for one in faces if one.n is not None]
    if len(seen) < 2:
        return {one.id: 1.0 for one in seen}
    try:
        vectors = library.vectors(FACE, [f"{one.anchor.digest}:{FACE}:{one.n}" for one in seen])
    except KeyError:  # another model is taking over just now
        return {}
    others = vectors.sum(axis=0) - vectors
    lengths = np.linalg.norm(others, axis=1)
    cosines = (vectors * others).sum(axis=1) / np.maximum(lengths, 1e-9)
    return {one.id: round(float(cosine), 4) for one, cosine in zip(seen, cosines, strict=True)}
