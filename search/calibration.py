"""Raw scores on one scale: 0 is as good as nothing, 1 is beyond doubt.

A cosine says little by itself: it depends on the model, the query and the library. What counts is how
far it stands out of a background, in standard deviations: out of what this query scores on a random
sample of the library, and out of what other queries (probes) score there. The lesser of the two counts,
so neither a query that is a little similar to everything nor a picture that is similar to every query
is taken for a find. With few samples the probes, which do not depend on the query, carry the estimate.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from search.spaces import Thresholds, Vector, cosines_with

Scores = NDArray[np.float64]

TEXT_PROBES = (
    "a photo of a person",
    "a dog outdoors",
    "a cat on a sofa",
    "a city street with cars",
    "a beach by the sea",
    "mountains under a cloudy sky",
    "a plate of food",
    "a page of text",
    "a chart with numbers",
    "a group of people at a party",
    "children playing",
    "a building",
    "flowers in a garden",
    "a bird in a tree",
    "a screenshot of a computer",
    "a bedroom with furniture",
    "a boat on water",
    "a train or a bus",
    "sports players on a field",
    "a snowy landscape",
    "a night scene with lights",
    "a map",
    "a drawing",
    "a machine",
)
"""Things that a library of pictures may or may not hold: the text tower's idea of an ordinary query."""

PASSAGE_PROBES = (
    "how to cook a meal",
    "terms of a contract",
    "the history of a country",
    "instructions for installing software",
    "a letter to a friend",
    "results of a scientific experiment",
    "the symptoms of an illness",
    "prices and costs",
    "a story about a family",
    "travel to another city",
    "laws and regulations",
    "a person who lost something",
    "how plants and animals live",
    "a list of names and dates",
    "music and theatre",
    "the weather",
    "a war between two nations",
    "learning at school",
    "a machine that is broken",
    "money and banks",
    "religion and belief",
    "sports and games",
    "buying a house",
    "questions and answers",
)
"""The same for texts; few of them can be what a library is about."""

SOUND_PROBES = (
    "a person is speaking",
    "a dog barks",
    "a cat meows",
    "birds are singing",
    "music is playing",
    "a guitar",
    "a crowd of people",
    "a baby cries",
    "people laugh",
    "footsteps",
    "a door closes",
    "rain falls",
    "the wind blows",
    "thunder",
    "waves at the beach",
    "a car drives by",
    "a train passes",
    "an aeroplane",
    "a siren",
    "a telephone rings",
    "a bell",
    "a machine is running",
    "something breaks",
    "silence",
)
"""The same for sounds."""

PICTURE_PRIOR = (0.5, 0.15)
"""Mean and deviation of cosines between unlike pictures, until a library has enough to tell."""

SUM_DEVIATION = 0.1
"""Deviation of the cosines between a sum and pictures, until a library has enough to tell."""

PASSAGE_DEVIATION = 0.07
"""Deviation of the cosines of a question and passages that have nothing to do with it, until a library has
enough to tell: 0.06 to 0.08 in libraries of 7 to 819 passages, 0.09 in one of two."""

PRIOR_WEIGHT = 16
"""The probes count as much as this many samples."""

BEST_GUESS = 0.95
"""A guess by similarity never scores more; certainty is for words and near-duplicates."""

_MIDDLE, _WIDTH, _SHARE_OF_BEST = 1.5, 0.5, 0.5
_GATE_WIDTH, _GATE_LEAST, _GATE_MOST, _GATE_SHARE = 0.25, 1.0, 3.0, 0.95
_SURE_COSINE = 0.94
_PAGE_MIDDLE, _PAGE_WIDTH = 0.4, 0.3
_CROWD = 20
"""So many pages that are about equally near mean that nearness does not tell them apart."""

_CROWDED, _APART, _LEAST_TRUST = 1.2, 1.8, 0.34
_SAME_BEST, _SAME_MIDDLE, _SAME_WIDTH, _SAME_SHARE = 0.8, 4.4, 0.7, 0.6


@dataclass(frozen=True, slots=True)
class Background:
    """What cosines look like by chance in one space: `sample` float32 (n, dim) drawn from the library,
    `mean` and `deviation` of the probes' cosines with it."""

    sample: Vector
    mean: float
    deviation: float

    @property
    def middle(self) -> Vector:
        """What the vectors of the sample have in common: their mean, float32 (dim,)."""
        middle: Vector = self.sample.sum(axis=0) / max(1, len(self.sample))
        return middle


def text_background(sample: Vector, probes: Vector) -> Background:
    """Measure what the probe texts, float32 (m, dim), score on a sample of the library."""
    return _background(sample, (probes @ sample.T).ravel())


def picture_background(sample: Vector) -> Background:
    """Measure how alike the pictures of the library are to each other."""
    if len(sample) < 3:
        return Background(sample, *PICTURE_PRIOR)
    pairs = sample @ sample[:64].T
    return _background(sample, pairs[~np.eye(*pairs.shape, dtype=np.bool_)])


def _background(sample: Vector, cosines: NDArray[np.float32]) -> Background:
    if not cosines.size:
        return Background(sample, 0.0, 1.0)
    return Background(sample, float(cosines.mean()), max(float(cosines.std()), 1e-3))


def similarity(cosines: Scores, query: Vector, background: Background) -> Scores:
    """Calibrate the cosines of what a text found, best first; keeps their order.

    When even the best does not stand out from chance, all are held to be chance; when it stands out
    far, those that stand out much less are.
    """
    if not cosines.size:
        return cosines
    z = _deviations(cosines, query, background)
    confidence = _logistic((float(z.max()) - _gate(len(background.sample))) / _GATE_WIDTH)
    return np.asarray(confidence * _guess(z))


def likeness(cosines: Scores, query: Vector, background: Background) -> Scores:
    """Calibrate cosines between pictures: almost equal vectors are beyond doubt, and the nearest are
    shown even when they are not near: who asks with a picture wants to see what comes closest."""
    if not cosines.size:
        return cosines
    sure = np.clip((cosines - _SURE_COSINE) / (1 - _SURE_COSINE), 0, 1)
    return np.maximum(_guess(_deviations(cosines, query, background)), sure)


def sum_likeness(cosines: Scores, query: Vector, sample: Vector) -> Scores:
    """Calibrate the cosines of pictures with a sum of pictures and texts: how far they stand out of what
    the sum scores on a sample of the library. As for a picture, what comes closest is always shown."""
    if not cosines.size:
        return cosines
    chance, n, k = cosines_with(sample, query), len(sample), PRIOR_WEIGHT
    mean, variance = (float(chance.mean()), float(chance.var())) if n else (0.0, 0.0)
    deviation = ((n * variance + k * SUM_DEVIATION**2) / (n + k)) ** 0.5
    return _guess((cosines - mean) / deviation)


def same_meaning(cosines: Scores, background: Background) -> Scores:
    """Calibrate the cosines of passages with a text, best first, by how far they stand out of the probes'.

    The text's own cosines are no measure: a library may be about nothing else. What answers a question
    stands out by 5 to 10 deviations, the nearest passage where no answer is by up to 4. The words
    themselves, side by side, count for more than the best of this.
    """
    if not cosines.size:
        return cosines
    n, k = len(background.sample), PRIOR_WEIGHT
    variance = (n * background.deviation**2 + k * PASSAGE_DEVIATION**2) / (n + k)
    z = (cosines - background.mean) / variance**0.5
    middle = max(_SAME_MIDDLE, _SAME_SHARE * float(z.max()))
    return np.asarray(_SAME_BEST * _logistic((z - middle) / _SAME_WIDTH))


def page_likeness(scores: Scores, chance: Scores) -> Scores:
    """Calibrate how near pages are to a question; `chance` is what the nearest of some pages scores for each
    of many questions that have nothing to do with them.

    The mean of cosines that late interaction gives has no scale of its own: it depends on the model and on
    how much stands on a page. In a library of forms, price lists or letters of one kind all pages are near;
    how far the best stands out of a crowd of others then says how much to believe of it.
    """
    if not scores.size or not chance.size:
        return np.zeros_like(scores)
    z = (scores - chance.mean()) / max(float(chance.std()), 1e-3)
    middle = max(_PAGE_MIDDLE, _SAME_SHARE * float(z.max()))
    return np.asarray(_trust(z) * _SAME_BEST * _logistic((z - middle) / _PAGE_WIDTH))


def _trust(z: Scores) -> float:
    """Return 1 where few pages are as near as the best, down to what just passes the floor where many are."""
    if z.size < _CROWD:
        return 1.0
    gap = float(z.max() - np.partition(z, -_CROWD)[-_CROWD])
    return float(np.clip((gap - _CROWDED) / (_APART - _CROWDED), _LEAST_TRUST, 1.0))


def by_thresholds(cosines: Scores, known: Thresholds) -> Scores:
    """Calibrate cosines whose meaning the model tells: 0.8 of the best guess at `same`, 0.2 at `maybe`."""
    width = (known.same - known.maybe) / (2 * np.log(4))
    return np.asarray(BEST_GUESS * _logistic((cosines - (known.same + known.maybe) / 2) / width))


def _deviations(cosines: Scores, query: Vector, background: Background) -> Scores:
    """Return by how many standard deviations cosines stand out of both backgrounds."""
    chance = cosines_with(background.sample, query)
    n, k = len(chance), PRIOR_WEIGHT
    mean, variance = (float(chance.mean()), float(chance.var())) if n else (0.0, 0.0)
    mean = (n * mean + k * background.mean) / (n + k)
    deviation = max(1e-3, ((n * variance + k * background.deviation**2) / (n + k)) ** 0.5)
    probed = (cosines - background.mean) / background.deviation
    return np.asarray(np.minimum((cosines - mean) / deviation, probed))


def _guess(z: Scores) -> Scores:
    middle = max(_MIDDLE, _SHARE_OF_BEST * float(z.max()))
    return np.asarray(BEST_GUESS * _logistic((z - middle) / _WIDTH))


def near_duplicate(cosines: Scores) -> Scores:
    """Calibrate perceptual hashes, whose cosine is 1 - 2 x (share of differing bits).

    Unlike pictures differ in a third to a half of the bits, the same photo scaled, recompressed or
    lightly edited in less than a sixth.
    """
    differing = (1 - cosines) / 2
    return np.asarray(_logistic((0.18 - differing) / 0.03) / _logistic(np.asarray(0.18 / 0.03)))


def same_look(cosines: Scores) -> Scores:
    """Calibrate how alike two pictures look, as a find of the same picture.

    Of photos that were cropped, turned or darkened most keep a cosine of 0.65 to 1; the nearest of some
    thousand other photos reaches 0.48 in the middle and 0.65 in one case of ten.
    """
    return np.asarray(_logistic((cosines - 0.57) / 0.06) / _logistic(np.asarray(0.43 / 0.06)))


def _gate(samples: int) -> float:
    """Return nearly how far the best of this many chance scores stands out, within limits."""
    best = NormalDist().inv_cdf((samples + 0.625) / (samples + 1.25)) if samples else 0.0
    return min(_GATE_MOST, max(_GATE_LEAST, _GATE_SHARE * best))


def _logistic(x: Scores | float) -> Scores:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -60, 60))))
