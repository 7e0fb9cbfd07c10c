import itertools
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexers.dlib_faces import DlibFaces
from indexers.face_finder import FaceFinder
from indexers.model_facts import Facts
from search.errors import ModelError

pytest.importorskip("dlib", reason="the package dlib-bin of the extra `starter` is not installed")

NAMES = ("shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat")
FACTS = Facts({"id": "dlib-faces", "dim": 128, "faces": {"side": 800}}, "dlib-faces/model.toml")


@pytest.fixture(scope="module")
def folder(packaged: Callable[[str, str], Path]) -> Path:
    return packaged("face-recognition-models", f"face_recognition_models/models/{NAMES[0]}").parent


@pytest.fixture(scope="module")
def faces(folder: Path) -> FaceFinder:
    return DlibFaces(folder, FACTS, "r1")


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
        assert len(face.landmarks) == 5
        assert all(left < x < right and top < y < bottom for x, y in face.landmarks)
        areas.append((right - left) * (bottom - top))
        assert face.vector.dtype == np.float32
        assert face.vector.shape == (128,)
    assert areas == pytest.approx(sorted(areas, reverse=True), rel=0.05)


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
    assert (faces.fingerprint.model, faces.fingerprint.dim) == ("dlib-faces", 128)


def test_missing_and_damaged_files_have_a_way_out(folder: Path, tmp_path: Path) -> None:
    blank = np.zeros((90, 90, 3), np.uint8)
    with pytest.raises(ModelError, match=r"shape_predictor_5_face_landmarks.dat is missing"):
        DlibFaces(tmp_path, FACTS, "r1").find(blank)
    shutil.copy(folder / NAMES[0], tmp_path)
    (tmp_path / NAMES[1]).write_bytes((folder / NAMES[1]).read_bytes()[:100_000])
    with pytest.raises(ModelError, match=r"resnet_model_v1.dat cannot be loaded"):
        DlibFaces(tmp_path, FACTS, "r1").find(blank)
    with pytest.raises(ModelError, match="side must be between"):
        DlibFaces(folder, Facts({"id": "x", "faces": {"side": 3}}, "model.toml"), "r1")
