"""Who may be the same person: pairs of groups that are alike, but not enough to be joined unasked."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from search.people.grouping import CHUNK, CLEAR, Numbers
from search.people.places import rivals
from search.people.records import NOBODY, Sighting, Suggestion
from search.people.replay import Standing
from search.people.vectors import FaceVectors, face_vectors
from search.spaces import Thresholds, Vector
from search.store import Library


def suggestions(
    library: Library,
    sightings: Mapping[int, Sighting],
    standing: Standing,
    thresholds: Thresholds,
    limit: int,
) -> list[Suggestion]:
    """Return pairs of persons of whom two groups have a mean cosine of `maybe` or more, the surest first, at
    most `limit`.

    Left out are pairs that an edit parted, pairs that are seen together somewhere, and pairs without a clear
    face on either side: small, turned faces are alike, whosever they are. Of a pair, `other` is the one with
    a name, or else with more faces.
    """
    faces = face_vectors(library, [one for one in sightings.values() if one.person != NOBODY])
    if not len(faces.sightings):
        return []
    looks, of = np.unique([(one.person, one.group) for one in faces.sightings], axis=0, return_inverse=True)
    sums = np.zeros((len(looks), faces.vectors.shape[1]), np.float32)
    np.add.at(sums, of, faces.vectors.astype(np.float32))
    counts = np.bincount(of)
    is_clear = np.zeros(len(looks), bool)
    np.logical_or.at(is_clear, of, np.array([one.quality >= CLEAR for one in faces.sightings]))
    persons = looks[:, 0].tolist()
    sizes = Counter(one.person for one in faces.sightings)
    seen = _seen_together(faces)
    found: dict[tuple[int, int], Suggestion] = {}
    for cosine, one, other in _alike((sums / counts[:, None]).astype(np.float32), thresholds.maybe):
        pair = sorted(
            (persons[one], persons[other]), key=lambda who: (who in standing.names, sizes[who], -who)
        )
        person, known = pair
        is_out = person == known or (person, known) in seen or standing.are_apart(person, known)
        is_out = is_out or not (is_clear[one] or is_clear[other])
        if not is_out and (person, known) not in found:
            rows = np.flatnonzero(of == one), np.flatnonzero(of == other)
            found[person, known] = _suggestion(faces, person, known, cosine, rows, thresholds)
            if len(found) == limit:
                break
    return list(found.values())


def _alike(means: Vector, least: float) -> list[tuple[float, int, int]]:
    """Return (cosine, one, other) of pairs of rows, one before other, the greatest first."""
    found: list[tuple[float, int, int]] = []
    for start in range(0, len(means), CHUNK):
        cosines = means[start : start + CHUNK] @ means.T
        one, other = np.nonzero(cosines >= least)
        later = other > one + start
        at, other = one[later], other[later]
        found += zip(cosines[at, other].tolist(), (at + start).tolist(), other.tolist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[0], pair[1], pair[2]))


def _seen_together(faces: FaceVectors) -> set[tuple[int, int]]:
    beside = rivals([one.anchor for one in faces.sightings])
    person_of = [one.person for one in faces.sightings]
    return {(person_of[face], person_of[rival]) for face, others in enumerate(beside) for rival in others}


def _suggestion(
    faces: FaceVectors,
    person: int,
    other: int,
    cosine: float,
    rows: tuple[Numbers, Numbers],
    thresholds: Thresholds,
) -> Suggestion:
    mine, theirs = rows if faces.sightings[rows[0][0]].person == person else rows[::-1]
    alike = faces.vectors[mine].astype(np.float32) @ faces.vectors[theirs].astype(np.float32).T
    row, column = np.unravel_index(int(alike.argmax()), alike.shape)
    certainty = (cosine - thresholds.maybe) / (thresholds.same - thresholds.maybe)
    return Suggestion(
        person,
        other,
        round(cosine, 4),
        round(min(1.0, max(0.0, certainty)), 3),
        faces.sightings[mine[row]].id,
        faces.sightings[theirs[column]].id,
    )
