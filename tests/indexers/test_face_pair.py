"""Detector and embedder together: pictures that lie on their side, quality, order."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from indexers.face_finder import Detection, Face
from indexers.face_pair import FacePair, quality
from search.spaces import Fingerprint, Pixels

FRONTAL = ((0.4, 0.4), (0.6, 0.4), (0.5, 0.5), (0.42, 0.6), (0.58, 0.6))


class Patches:
    """Finds patches that are white above and dark below: faces that stand upright."""

    sure = 0.7
    preprocessing = "patches"

    def __init__(self) -> None:
        self.looks: list[bool] = []

    def detect(self, picture: Pixels, *, coarse: bool = False) -> list[Detection]:
        self.looks.append(coarse)
        height, width = picture.shape[:2]
        found = []
        for value in np.unique(picture[picture > 100]):
            rows, columns = np.nonzero(picture[:, :, 0] == value)
            box = (
                columns.min() / width,
                rows.min() / height,
                (columns.max() + 1) / width,
                (rows.max() + 1) / height,
            )
            below = picture[min(rows.max() + 1, height - 1), columns.min(), 0]
            found.append(Detection(box, 0.9 if below == 50 else 0.2, ((box[0], box[1]),)))
        return found

    def close(self) -> None:
        """Nothing is held."""


class Names:
    """The vector of a face is how bright it is."""

    def embed(self, picture: Pixels, found: Sequence[Detection]) -> list[Face]:
        return [
            Face(one.box, one.score, one.landmarks, np.array([picture.max()], np.float32)) for one in found
        ]

    def close(self) -> None:
        """Nothing is held."""


def scene() -> Pixels:
    """A face at the left top, 20 by 10 pixels of 200, standing on 10 rows of 50, in 100 by 60."""
    picture = np.zeros((60, 100, 3), np.uint8)
    picture[10:20, 5:25] = 200
    picture[20:30, 5:25] = 50
    return picture


@pytest.fixture
def detector() -> Patches:
    return Patches()


@pytest.fixture
def pair(detector: Patches) -> FacePair:
    return FacePair(detector, Names(), Fingerprint("f", "1", "", 1))


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_picture_gives_places_in_itself(quarters: int, pair: FacePair) -> None:
    turned = np.ascontiguousarray(np.rot90(scene(), quarters))
    (found,) = pair.find(turned, turned=True)
    rows, columns = np.nonzero(turned[:, :, 0] == 200)
    height, width = turned.shape[:2]
    wanted = (
        columns.min() / width,
        rows.min() / height,
        (columns.max() + 1) / width,
        (rows.max() + 1) / height,
    )
    assert found.box == pytest.approx(wanted)
    assert found.score == 0.9
    corner = found.landmarks[0]
    assert wanted[0] - 1e-6 <= corner[0] <= wanted[2] + 1e-6
    assert wanted[1] - 1e-6 <= corner[1] <= wanted[3] + 1e-6


def test_a_sure_face_ends_the_search_and_nothing_is_turned_unasked(pair: FacePair, detector: Patches) -> None:
    pair.find(scene(), turned=True)
    assert detector.looks == [False]
    detector.looks.clear()
    (lying,) = pair.find(np.ascontiguousarray(np.rot90(scene())), turned=False)
    assert lying.score == 0.2
    assert detector.looks == [False]


def test_where_nobody_is_the_other_sides_cost_a_coarse_look_each(pair: FacePair, detector: Patches) -> None:
    assert pair.find(np.zeros((40, 40, 3), np.uint8), turned=True) == []
    assert detector.looks == [False, True, True, True]


def test_a_picture_is_not_turned_for_what_might_be_a_face(detector: Patches) -> None:
    class Doubting(Patches):
        def detect(self, picture: Pixels, *, coarse: bool = False) -> list[Detection]:
            return [replace(one, score=one.score * 0.6) for one in super().detect(picture, coarse=coarse)]

    doubting = FacePair(Doubting(), Names(), Fingerprint("f", "1", "", 1))
    lying = np.ascontiguousarray(np.rot90(scene()))
    assert [round(face.score, 2) for face in doubting.find(lying, turned=True)] == [0.12]
    sure = FacePair(detector, Names(), Fingerprint("f", "1", "", 1))
    assert [face.score for face in sure.find(lying, turned=True)] == [0.9]


def test_the_largest_comes_first(pair: FacePair) -> None:
    picture = scene()
    picture[30:55, 40:90] = 220
    assert [face.box[0] for face in pair.find(picture)] == [0.4, 0.05]


def test_quality_falls_with_size_doubt_and_turning_away() -> None:
    picture = np.zeros((1000, 2000, 3), np.uint8)
    large = Face((0.4, 0.4, 0.6, 0.8), 1.0, FRONTAL, np.ones(1, np.float32))
    small = replace(large, box=(0.4, 0.4, 0.42, 0.44))
    sideways = replace(large, landmarks=((0.4, 0.4), (0.45, 0.4), (0.455, 0.5)))
    assert quality(large, picture) == 1
    assert quality(replace(large, score=0.5), picture) == 0.5
    assert quality(small, picture) == pytest.approx(40 / 112, abs=1e-3)
    assert quality(sideways, picture) == pytest.approx(0.4)
    assert quality(replace(large, landmarks=()), picture) == 1
    assert quality(replace(large, landmarks=((0.4, 0.4),) * 5), picture) == pytest.approx(0.4)
