"""The repairs of pictures in files: what is proposed, shared between legs, and never fails a query."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from indexers.fixes.repairer import SIDE, Repairer
from search.spaces import PictureReference


def pattern(size: tuple[int, int] = (400, 300)) -> Image.Image:
    rng = np.random.default_rng(5)
    small = Image.fromarray(rng.integers(0, 256, (30, 40, 3), np.uint8))
    return small.resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def barred(tmp_path: Path) -> Path:
    path = tmp_path / "barred.png"
    ImageOps.expand(pattern(), (0, 60), (0, 0, 0)).save(path)
    return path


def test_a_repair_comes_with_its_evidence_and_its_pixels(barred: Path) -> None:
    repairs = Repairer().repairs(PictureReference(barred))
    repair = next(repair for repair in repairs if repair.kind == "border")
    assert (repair.kind, repair.improved, repair.is_guess) == ("border", True, False)
    assert repair.pixels.shape == (300, 400, 3)
    assert "29%" in repair.evidence


def test_the_legs_of_a_query_share_one_diagnosis_and_a_changed_file_gets_another(barred: Path) -> None:
    repairer, asked = Repairer(), PictureReference(barred)
    assert repairer.repairs(asked) is repairer.repairs(asked)
    pattern().save(barred)
    assert not [r for r in repairer.repairs(asked) if r.kind == "border"]


def test_only_the_region_that_is_meant_counts(barred: Path) -> None:
    middle = PictureReference(barred, (0.0, 0.2, 1.0, 0.8))
    assert not [repair for repair in Repairer().repairs(middle) if repair.kind == "border"]


def test_turns_are_tried_unless_a_camera_knows(tmp_path: Path) -> None:
    plain, shot = tmp_path / "plain.jpg", tmp_path / "shot.jpg"
    pattern((1600, 1200)).save(plain)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 1, "Maker"
    pattern().save(shot, exif=exif)
    turns = Repairer().turns(PictureReference(plain))
    assert [repair.told for repair in turns] == [
        "turned by 90° to the left",
        "turned by 180°",
        "turned by 90° to the right",
    ]
    assert max(max(repair.pixels.shape) for repair in turns) == SIDE
    assert Repairer().turns(PictureReference(shot)) == ()


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\xff\xd8\xff\xe0cut off", b"%PDF-1.7\n"])
def test_what_is_no_picture_has_no_repairs(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "query.jpg"
    path.write_bytes(content)
    assert not Repairer().repairs(PictureReference(path))
    assert not Repairer().turns(PictureReference(path))
    assert not Repairer().repairs(PictureReference(tmp_path / "nowhere.png"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_is_taken(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "odd.tif"
    Image.new(mode, (1, 1) if mode == "1" else (300, 200)).save(path)
    for repair in Repairer().repairs(PictureReference(path)):
        assert repair.pixels.dtype == np.uint8
