"""Fewer vectors for a page than it has tokens: means of what stands side by side."""

import math
from itertools import pairwise

import numpy as np

from search.spaces import Vector, unit_rows


def runs(count: int, width: int) -> list[tuple[int, int]]:
    """Cut `count` things in a row into even runs of at most `width`; returns where each begins and ends."""
    ends = np.linspace(0, count, max(1, math.ceil(count / width)) + 1).round().astype(int) if count else [0]
    return [(int(begin), int(end)) for begin, end in pairwise(ends)]


def pooled(vectors: Vector, width: int) -> Vector:
    """Return the mean of each run of about `width` rows, float32 (runs, dim), unit rows."""
    means = [vectors[begin:end].mean(axis=0) for begin, end in runs(len(vectors), width)]
    return unit_rows(np.array(means, np.float32).reshape(-1, vectors.shape[1]))
