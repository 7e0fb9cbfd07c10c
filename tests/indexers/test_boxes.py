"""Boxes upon each other."""

import numpy as np
import pytest

from indexers.boxes import best_apart, overlaps

BOXES = np.array([[0, 0, 2, 2], [0, 0, 2, 1], [1, 1, 3, 3], [5, 5, 6, 6], [0, 0, 0, 0]], np.float32)


def test_overlaps_are_shares_of_what_both_cover():
    assert overlaps(BOXES[0], BOXES) == pytest.approx([1, 0.5, 1 / 7, 0, 0])


def test_of_boxes_that_overlap_the_best_is_kept():
    assert best_apart(BOXES[:4], [0.5, 0.9, 0.7, 0.1], 0.4) == [1, 2, 3]
    assert best_apart(BOXES[:4], [0.5, 0.9, 0.7, 0.1], 0.5) == [1, 2, 0, 3]
    assert best_apart(BOXES[:0], [], 0.5) == []
