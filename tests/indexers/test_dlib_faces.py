import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexers.dlib_faces import DlibEmbedder, HogDetector
from indexers.face_finder import Detection, FaceFinder
from indexers.face_pair import FacePair
from indexers.model_facts import Facts
from search.errors import ModelError
from search.spaces import Fingerprint

pytest.importorskip("dlib", reason="the package dlib-bin of the extra `starter` is not installed")

NAMES = ("shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat")
FACTS = Facts({"id": "dlib-faces", "dim": 128, "faces": {"side": 800}}, "dlib-faces/model.toml")
PRINT = Fingerprint("dlib-faces", "r1", "HOG 800", 128)


@pytest.fixture(scope="module")
def folder(packaged: Callable[[str, str], Path]) -> Path:
    return packaged("face-recognition-models", f"face_recognition_models/models/{NAMES[0]}").parent


@pytest.fixture(scope="module")
def faces(folder: Path) -> FaceFinder:
    return FacePair(HogDetector(FACTS), DlibEmbedder(folder, FACTS), PRINT)


@pytest.fixture(scope="module")
def photo(media_dir: Path) -> Callable[[str], np.ndarray]:
    def load(name: str) -> np.ndarray:
        with Image.open(media_dir / "faces" / name) as image:
            return np.asarray(image.convert("RGB"))

    return load


def test_two_photos_of_one_person_are_closer_than_two_people(
    faces: FaceFinder, photo: Callable[[str], np.ndarray], media_dir: Path
) -> None:
    lines = (media_dir / "faces" / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["file"].startswith("df_person")]
    found = [(row["people"][0], faces.find(photo(row["file"]))[0].vector) for row in rows]
    np.testing.assert_allclose([np.linalg.norm(vector) for _, vector in found], 1, atol=1e-5)
    same, different = [], []
    for (person, vector), (other, against) in itertools.combinations(found, 2):
        (same if person == other else different).append(float(vector @ against))
    assert min(len(same), len(different)) > 20
    assert np.mean(np.array(same)[:, None] > np.array(different)) > 0.999


def test_a_group_with_boxes_and_landmarks(faces: FaceFinder, photo: Callable[[str], np.ndarray]) -> None:
    found = faces.find(photo("bbt_group1.jpg"))
    assert len(found) >= 3
    areas = []
    for face in found:
        left, top, right, bottom = face.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert 0 < face.score <= 1
        assert 0 < face.quality <= 1
        eye, other_eye, nose = face.landmarks
        assert left < eye[0] < other_eye[0] < right
        assert top < (eye[1] + other_eye[1]) / 2 < nose[1] < bottom
        areas.append((right - left) * (bottom - top))
        assert face.vector.dtype == np.float32
        assert face.vector.shape == (128,)
    assert areas == sorted(areas, reverse=True)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_photo(quarters: int, faces: FaceFinder, photo: Callable[[str], np.ndarray]) -> None:
    upright = photo("df_person01_img1.jpg")
    wanted = faces.find(upright)[0]
    turned = np.rot90(upright, quarters)
    assert all(face.score < wanted.score / 2 for face in faces.find(turned))
    (found,) = faces.find(turned, turned=True)
    assert found.vector @ wanted.vector > 0.99
    corners = np.zeros((200, 200), bool)
    left, top, right, bottom = (round(edge * 200) for edge in wanted.box)
    corners[top:bottom, left:right] = True
    rows, columns = np.nonzero(np.rot90(corners, quarters))
    expected = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / 200
    np.testing.assert_allclose(found.box, expected, atol=0.03)


def test_a_box_with_the_points_of_another_detector(
    folder: Path, faces: FaceFinder, photo: Callable[[str], np.ndarray]
) -> None:
    picture = photo("df_person01_img1.jpg")
    own = faces.find(picture)[0]
    height, width = picture.shape[:2]
    eyes, nose = own.landmarks[:2], own.landmarks[2]
    apart = (eyes[1][0] - eyes[0][0]) * width / height
    mouth = tuple((eye[0] * 0.8 + nose[0] * 0.2, eye[1] + apart) for eye in eyes)
    found = Detection((0.1, 0.0, 0.9, 0.9), 0.8, (*eyes, nose, *mouth))
    (face,) = DlibEmbedder(folder, FACTS).embed(picture, [found])
    assert (face.box, face.landmarks) == (found.box, found.landmarks)
    assert face.vector @ own.vector > 0.97


def test_greyscale_is_the_same_person(faces: FaceFinder, photo: Callable[[str], np.ndarray]) -> None:
    colour = photo("df_person01_img1.jpg")
    grey = np.asarray(Image.fromarray(colour).convert("L").convert("RGB"))
    assert faces.find(grey)[0].vector @ faces.find(colour)[0].vector > 0.95


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (24, 24, 3), (300, 400, 3)])
def test_nothing_where_nobody_is(shape: tuple[int, int, int], faces: FaceFinder) -> None:
    noise = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    assert faces.find(noise, turned=True) == []


def test_closed_it_loads_again(faces: FaceFinder, photo: Callable[[str], np.ndarray]) -> None:
    before = faces.find(photo("bbt_amy1.png"))
    faces.close()
    after = faces.find(photo("bbt_amy1.png"))
    np.testing.assert_array_equal(before[0].vector, after[0].vector)


def test_missing_and_damaged_files_have_a_way_out(folder: Path, tmp_path: Path) -> None:
    blank, face = np.zeros((90, 90, 3), np.uint8), Detection((0.2, 0.2, 0.8, 0.8), 1.0)
    with pytest.raises(ModelError, match=r"shape_predictor_5_face_landmarks.dat is missing"):
        DlibEmbedder(tmp_path, FACTS).embed(blank, [face])
    shutil.copy(folder / NAMES[0], tmp_path)
    (tmp_path / NAMES[1]).write_bytes((folder / NAMES[1]).read_bytes()[:100_000])
    with pytest.raises(ModelError, match=r"resnet_model_v1.dat cannot be loaded"):
        DlibEmbedder(tmp_path, FACTS).embed(blank, [face])
    with pytest.raises(ModelError, match="side must be between"):
        HogDetector(Facts({"id": "x", "faces": {"side": 3}}, "model.toml"))
