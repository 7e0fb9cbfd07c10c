"""`face:@photo.jpg`: who is in the picture is found, who is not stays below the floor."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.engine import Engine
from search.errors import MediaError
from search.records import Fix, Missing, Region, Segment, Whole
from search.spaces import Fingerprint, PictureReference, Thresholds, Vector, unit_rows

FACES = Fingerprint("faces", "1", "", 8)
THRESHOLDS = Thresholds(0.6, 0.4)
BOX = (0.25, 0.25, 0.5, 0.5)


class FaceEncoder:
    """Whose face a picture shows is told by its name: the first vector axis is Ada's."""

    space = "face"
    accepts = frozenset({"face"})
    thresholds = THRESHOLDS
    fingerprint = FACES

    def encode_text(self, text: str) -> Vector:
        raise AssertionError(f"{text!r} is no face")

    def encode_picture(self, picture: PictureReference) -> Vector:
        if "nobody" in picture.path.name:
            raise MediaError(f"There is no face in {picture.path.name}.", "Use another picture.")
        return np.eye(1, 8, dtype=np.float32)

    def remark(self, picture: PictureReference) -> str | None:
        return "There are 2 faces in two.jpg." if "two" in picture.path.name else None


def face(cosine: float) -> Vector:
    return unit_rows(np.array([cosine, (1 - cosine**2) ** 0.5, 0, 0, 0, 0, 0, 0]))


@pytest.fixture
def engine(shelf: Any, tmp_path: Path) -> Engine:
    for name in ("ada.jpg", "two.jpg", "nobody.jpg"):
        Image.new("RGB", (8, 8)).save(tmp_path / name)
    shelf.spaces["face"] = FACES
    for name, cosine in (("same", 0.9), ("surely", 0.6), ("hardly", 0.45), ("stranger", 0.39), ("other", 0)):
        digest = shelf.photo(f"{name}.jpg", "a person")
        place = Region(Whole(), BOX)
        shelf.rows.setdefault("face", []).append((Segment(digest, "face", 0, place), face(cosine)))
    return shelf.engine(FaceEncoder(), shelf.captions)


def test_the_same_person_is_found_with_the_box_of_the_face(engine: Engine, tmp_path: Path) -> None:
    result = engine.search(f'face:@"{tmp_path / "ada.jpg"}"')
    assert [hit.file.name for hit in result.hits] == ["same.jpg", "surely.jpg", "hardly.jpg"]
    assert result.hits[0].locator == Region(Whole(), BOX)
    assert result.hits[0].evidence[0].space == "face"
    assert result.hits[1].score == pytest.approx(0.76, abs=0.01)
    assert result.hits[2].score < 0.35
    assert result.missing == result.fixes == ()


def test_it_joins_other_parts_of_a_query(engine: Engine, tmp_path: Path) -> None:
    result = engine.search(f'face:@"{tmp_path / "ada.jpg"}" name:surely')
    assert [hit.file.name for hit in result.hits] == ["surely.jpg"]
    assert engine.search(f'face:@"{tmp_path / "ada.jpg"}" -name:s').hits[0].file.name == "hardly.jpg"


def test_several_faces_are_told(engine: Engine, tmp_path: Path) -> None:
    result = engine.search(f'face:@"{tmp_path / "two.jpg"}"')
    assert result.fixes == (
        Fix("face", applied=True, detail="There are 2 faces in two.jpg.", confidence_gain=0),
    )
    assert len(result.hits) == 3


@pytest.mark.parametrize(("name", "message"), [("nobody.jpg", "no face in"), ("gone.jpg", "does not exist")])
def test_a_picture_of_nobody_is_an_error(engine: Engine, tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(MediaError, match=message):
        engine.search(f'face:@"{tmp_path / name}"')


def test_pictures_as_a_whole_are_not_compared_by_faces(engine: Engine, tmp_path: Path) -> None:
    result = engine.search(f'like:@"{tmp_path / "ada.jpg"}"')
    assert {one.space for hit in result.hits for one in hit.evidence} <= {"scene"}


def test_without_a_model_it_is_told(shelf: Any, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "ada.jpg")
    shelf.photo("a.jpg", "a person")
    gap = Missing("face", "No model for searching faces is installed.", "pip install x")
    result = shelf.engine(shelf.captions, missing={"face": gap}).search(f'face:@"{tmp_path / "ada.jpg"}"')
    assert (result.hits, result.missing) == ((), (gap,))
