"""SCRFD, YuNet and an ArcFace embedder with real weights; grids and decoding with made-up answers."""

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from indexers.arcface import ArcFace
from indexers.face_finder import Detection, FaceDetector
from indexers.face_grid import Candidates, Sight, cells, detections
from indexers.face_pair import FacePair
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.scrfd import Scrfd
from indexers.yunet import YuNet
from search.errors import ModelError
from search.spaces import Fingerprint, Pixels

FACTS = Facts({"id": "x"}, "model.toml")
SIGHT = Sight(1280, 0.5, 0.4)


@pytest.fixture(scope="module", params=["scrfd", "yunet"])
def detector(request: pytest.FixtureRequest, models_dir: Path) -> FaceDetector:
    if request.param == "scrfd":
        return Scrfd(Graph(model(models_dir, "face-mini/det_500m.onnx"), "cpu", 2), FACTS)
    return YuNet(Graph(model(models_dir, "yunet/face_detection_yunet_2026may.onnx"), "cpu", 2), FACTS)


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> ArcFace:
    return ArcFace(Graph(model(models_dir, "face-mini/mobilefacenet_128d.onnx"), "cpu", 2), FACTS)


def model(folder: Path, name: str) -> Path:
    if not (folder / name).is_file():
        pytest.skip(f"{name} is not there")
    return folder / name


@pytest.fixture(scope="module")
def photo(media_dir: Path) -> Callable[[str], Pixels]:
    def load(name: str) -> Pixels:
        with Image.open(media_dir / "faces" / name) as image:
            return np.asarray(image.convert("RGB"), np.uint8)

    return load


def test_every_face_that_is_known_is_found(
    detector: FaceDetector, photo: Callable[[str], Pixels], media_dir: Path
) -> None:
    lines = (media_dir / "faces" / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    for row in map(json.loads, lines):
        assert len(detector.detect(photo(row["file"]))) == row["faces_found_by_yunet"], row["file"]


def test_a_person_is_told_from_strangers(
    detector: FaceDetector, embedder: ArcFace, photo: Callable[[str], Pixels]
) -> None:
    names = [f"bbt_{who}{n}.png" for who in ("amy", "howard", "leonard") for n in (1, 2, 3)]
    faces = FacePair(detector, embedder, Fingerprint("x", "1", "", 128))
    vectors = {name: faces.find(photo(name), turned=True)[0].vector for name in names}
    for one, other in itertools.combinations(names, 2):
        is_same = one[:7] == other[:7]
        assert (float(vectors[one] @ vectors[other]) > 0.42) == is_same, (one, other)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_photo(
    quarters: int, detector: FaceDetector, embedder: ArcFace, photo: Callable[[str], Pixels]
) -> None:
    faces = FacePair(detector, embedder, Fingerprint("x", "1", "", 128))
    upright = photo("df_person01_img1.jpg")
    (wanted,) = faces.find(upright, turned=True)
    (found,) = faces.find(np.ascontiguousarray(np.rot90(upright, quarters)), turned=True)
    assert found.vector @ wanted.vector > 0.95


def test_landmarks_are_in_their_order(detector: FaceDetector, photo: Callable[[str], Pixels]) -> None:
    for face in detector.detect(photo("df_couple.jpg")):
        left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
        assert left_eye[0] < right_eye[0]
        assert left_mouth[0] < right_mouth[0]
        assert max(left_eye[1], right_eye[1]) < nose[1] < max(left_mouth[1], right_mouth[1])


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (24, 24, 3), (300, 400, 3), (2000, 17, 3)])
def test_nothing_where_nobody_is(shape: tuple[int, int, int], detector: FaceDetector) -> None:
    noise = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    assert detector.detect(noise) == []


def test_closed_it_loads_again(detector: FaceDetector, photo: Callable[[str], Pixels]) -> None:
    before = detector.detect(photo("bbt_amy1.png"))
    detector.close()
    assert detector.detect(photo("bbt_amy1.png")) == before


def test_a_model_of_another_kind_is_refused(models_dir: Path) -> None:
    embedder = Graph(model(models_dir, "face-mini/mobilefacenet_128d.onnx"), "cpu")
    with pytest.raises(ModelError):
        Scrfd(embedder, FACTS).detect(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(ModelError):
        YuNet(embedder, FACTS).detect(np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(ModelError, match="needs 5 points"):
        ArcFace(embedder, FACTS).embed(np.zeros((64, 64, 3), np.uint8), [Detection((0, 0, 1, 1), 1.0)])


def test_a_face_is_aligned_whatever_its_place_size_and_turn(embedder: ArcFace) -> None:
    """The template drawn as five dots, moved about: the embedder gets the same picture."""
    seen: list[Any] = []
    places = np.array([[38.3, 51.7], [73.5, 51.5], [56.0, 71.7], [41.5, 92.4], [70.7, 92.2]])
    for scale, degrees, shift in ((1, 0, (200, 100)), (4, 30, (400, 300)), (0.8, -60, (100, 300))):
        turn = np.radians(degrees)
        turned = places @ (scale * np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]))
        points = turned - turned.min(axis=0) + shift
        picture = np.full((1000, 1200, 3), 30, np.uint8)
        rows, columns = np.mgrid[:1000, :1200] + 0.5
        for n, (x, y) in enumerate(points):
            picture[(columns - x) ** 2 + (rows - y) ** 2 < (9 * scale) ** 2] = 100 + 30 * n
        marks = tuple((float(x) / 1200, float(y) / 1000) for x, y in points)
        seen.append(embedder.embed(picture, [Detection((0, 0, 1, 1), 1.0, marks)])[0].vector)
    assert seen[0] @ seen[1] > 0.97
    assert seen[0] @ seen[2] > 0.97


class TestGrid:
    def test_cells_count_across_first_and_each_anchor_once(self) -> None:
        np.testing.assert_array_equal(cells((16, 24, 3), 8, 2)[:8:2], [[0, 0], [8, 0], [16, 0], [0, 8]])
        assert len(cells((64, 96, 3), 32)) == 6

    @pytest.mark.parametrize("room", [None, 640])
    @pytest.mark.parametrize("size", [(100, 60), (320, 200), (900, 600), (4000, 100)])
    def test_places_come_back_from_every_look(self, size: tuple[int, int], room: int | None) -> None:
        """A detector that sees all of the white patch, wherever scaling and the frame put it."""
        width, height = size
        picture = np.full((height, width, 3), 60, np.uint8)
        picture[height // 4 : height // 2, width // 2 : width * 3 // 4] = 255

        def look(given: Pixels) -> list[Candidates]:
            assert given.shape[0] % 32 == given.shape[1] % 32 == 0
            assert room in (None, given.shape[0], given.shape[1])
            rows, columns = np.nonzero(given[:, :, 0] > 200)
            box = np.array([[columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]], np.float32)
            return [Candidates(box, np.array([0.9], np.float32), np.repeat(box[:, None, :2], 5, axis=1))]

        (found,) = detections(picture, look, SIGHT, room=room)
        assert found.box == pytest.approx((0.5, 0.25, 0.75, 0.5), abs=0.03)
        assert found.landmarks[0] == pytest.approx((0.5, 0.25), abs=0.03)

    def test_of_boxes_on_one_face_the_surest_stays(self) -> None:
        boxes = np.array([[200, 200, 280, 280], [204, 204, 284, 284], [300, 200, 380, 280]], np.float32)
        scores = np.array([0.6, 0.9, 0.7], np.float32)

        def look(_: Pixels) -> list[Candidates]:
            return [Candidates(boxes, scores, np.zeros((3, 5, 2), np.float32))]

        found = detections(np.zeros((320, 320, 3), np.uint8), look, SIGHT, coarse=True)
        assert [round(one.score, 1) for one in found] == [0.9, 0.7]

    def test_nonsense_in_a_manifest_has_a_sentence(self) -> None:
        with pytest.raises(ModelError, match="score must lie between 0 and 1"):
            Sight.of(Facts({"faces": {"score": 7}}, "model.toml"), 0.5, 0.4)
