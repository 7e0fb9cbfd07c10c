"""The face of a query picture: the largest, or the one in a region."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexers.face_finder import Face
from indexers.face_query import FaceEncoder
from search.errors import MediaError, ModelError
from search.spaces import Fingerprint, PictureReference, Pixels, Thresholds

PRINT, THRESHOLDS = Fingerprint("halves", "1", "", 2), Thresholds(0.6, 0.4)


class Halves:
    """Two faces: the left two thirds and the right third, whose vectors are how bright they are."""

    fingerprint = PRINT

    def __init__(self) -> None:
        self.asked = 0

    def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
        assert turned
        self.asked += 1
        if picture.max() == 0:
            return []
        at = picture.shape[1] * 2 // 3
        parts = [((0.0, 0.0, 0.66, 1.0), picture[:, :at]), ((0.66, 0.0, 1.0, 1.0), picture[:, at:])]
        return [
            Face(box, 1.0, (), np.array([part.mean() / 255, 0], np.float32))
            for box, part in parts
            if part.size
        ]

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def finder() -> Halves:
    return Halves()


@pytest.fixture
def encoder(finder: Halves) -> FaceEncoder:
    return FaceEncoder(lambda: finder, PRINT, THRESHOLDS)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = Image.new("RGB", (300, 100), (51, 51, 51))
    image.paste((255, 255, 255), (200, 0, 300, 100))
    image.save(tmp_path / "two.png")
    return tmp_path / "two.png"


def test_the_largest_face_and_what_is_told(encoder: FaceEncoder, picture: Path, finder: Halves) -> None:
    reference = PictureReference(picture)
    vectors = encoder.encode_picture(reference)
    assert vectors.shape == (1, 2)
    assert vectors[0, 0] == pytest.approx(0.2, abs=0.01)
    assert encoder.remark(reference) == (
        "There are 2 faces in two.png; the largest is searched. "
        'For another one name its place: face:@"two.png"[0.66,0.00,1.00,1.00]'
    )
    assert finder.asked == 1
    assert (encoder.space, encoder.accepts, encoder.thresholds) == ("face", {"face"}, THRESHOLDS)


def test_a_region(encoder: FaceEncoder, picture: Path) -> None:
    reference = PictureReference(picture, (0.7, 0.0, 1.0, 1.0))
    assert encoder.encode_picture(reference)[0, 0] == pytest.approx(1, abs=0.01)
    assert encoder.remark(reference) is None


def test_a_picture_that_changed_is_looked_at_again(encoder: FaceEncoder, picture: Path) -> None:
    encoder.encode_picture(PictureReference(picture))
    Image.new("RGB", (301, 100)).save(picture)
    with pytest.raises(MediaError, match=r"no face in two\.png that could be told from others"):
        encoder.encode_picture(PictureReference(picture))


def test_what_cannot_be_asked_has_a_sentence(encoder: FaceEncoder, picture: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("no picture")
    with pytest.raises(MediaError):
        encoder.encode_picture(PictureReference(tmp_path / "a.txt"))
    with pytest.raises(MediaError, match="There is no page 3"):
        encoder.encode_picture(PictureReference(picture, page=3))
    with pytest.raises(ModelError, match="not with words"):
        encoder.encode_text("Ada")
