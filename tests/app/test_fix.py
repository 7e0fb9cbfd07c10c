"""`crossfind fix`: what it says of a picture, and what it writes and does not."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from app.client import Client
from app.config import Config
from search.errors import CrossfindError


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@pytest.fixture
def boxed(tmp_path: Path) -> Path:
    """A picture of many things between two black bars."""
    rng = np.random.default_rng(2)
    picture = Image.new("RGB", (480, 320), (120, 150, 190))
    draw = ImageDraw.Draw(picture)
    for x, y, r in rng.integers((0, 0, 6), (480, 320, 50), (80, 3)).tolist():
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(rng.integers(0, 256, 3).tolist()))
    path = tmp_path / "from a film.png"
    ImageOps.expand(picture, (0, 60), (0, 0, 0)).save(path)
    return path


def test_the_diagnosis_is_told_with_evidence_and_nothing_is_written(crossfind: Any, boxed: Path) -> None:
    code, out, _ = crossfind("fix", boxed)
    assert code == 0
    assert "27% of it is an even border" in out
    assert list(boxed.parent.glob("*.png")) == [boxed]


def test_the_repaired_picture_is_a_new_file(crossfind: Any, boxed: Path) -> None:
    before, repaired = boxed.read_bytes(), boxed.with_name("repaired.jpg")
    code, out, _ = crossfind("fix", boxed, "--out", repaired, "--json")
    told = json.loads(out)
    assert code == 0
    assert size_of(repaired) == (480, 320)
    assert told["defects"][0]["kind"] == "border"
    assert told["candidates"][0]["improved"]
    assert told["written"] == str(repaired)
    assert boxed.read_bytes() == before


def test_a_choice_without_a_file_is_no_use(crossfind: Any, boxed: Path) -> None:
    code, _, err = crossfind("fix", boxed, "--choose", 1)
    assert (code, "--out" in err) == (2, True)


@pytest.mark.parametrize("arguments", [("--out", "from a film.png"), ("--out", "from a film.png", "--force")])
def test_the_original_is_never_written(
    crossfind: Any, boxed: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    before = boxed.read_bytes()
    monkeypatch.chdir(boxed.parent)
    code, _, err = crossfind("fix", boxed, *arguments)
    assert code == 1
    assert "is the picture itself" in err
    assert boxed.read_bytes() == before


def test_another_file_is_replaced_only_when_forced(crossfind: Any, boxed: Path) -> None:
    other = boxed.with_name("other.png")
    other.write_bytes(b"precious")
    code, _, err = crossfind("fix", boxed, "--out", other)
    assert (code, other.read_bytes()) == (1, b"precious")
    assert "--force" in err
    assert crossfind("fix", boxed, "--out", other, "--force")[0] == 0
    assert size_of(other) == (480, 320)


def test_what_a_mask_marks_is_painted_over(crossfind: Any, boxed: Path, tmp_path: Path) -> None:
    picture = Image.new("RGB", (300, 200), (90, 140, 90))
    picture.paste((255, 0, 255), (100, 80, 150, 120))
    mask = Image.new("L", (300, 200))
    mask.paste(255, (98, 78, 152, 122))
    picture.save(tmp_path / "stamped.png")
    mask.save(tmp_path / "mask.png")
    out = tmp_path / "clean.png"
    code, _, _ = crossfind("fix", tmp_path / "stamped.png", "--mask", tmp_path / "mask.png", "--out", out)
    assert code == 0
    with Image.open(out) as repaired:
        assert np.abs(np.asarray(repaired, int) - (90, 140, 90)).max() < 12


def test_a_clean_picture_and_a_broken_one(crossfind: Any, tmp_path: Path) -> None:
    plain = tmp_path / "one.png"
    Image.new("RGB", (1, 1), "red").save(plain)
    code, out, _ = crossfind("fix", plain)
    assert code == 0
    assert "small: 1 x 1 pixels" in out.lower()
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 nothing behind it")
    code, _, err = crossfind("fix", broken)
    assert code == 1
    assert "Traceback" not in err
    assert crossfind("fix", tmp_path / "nowhere.png")[0] == 1


@pytest.mark.parametrize(
    ("mode", "name"), [("CMYK", "a.jpg"), ("RGBA", "a.png"), ("I;16", "a.tif"), ("1", "a.png")]
)
def test_every_mode_of_colour_is_taken(crossfind: Any, tmp_path: Path, mode: str, name: str) -> None:
    Image.new(mode, (320, 240)).save(tmp_path / name)
    assert crossfind("fix", tmp_path / name)[0] == 0


@pytest.mark.usefixtures("home")
def test_the_window_gets_the_diagnosis_and_both_pictures_from_the_resident_process(boxed: Path) -> None:
    client = Client(Config())
    told = client.ask("examine", path=str(boxed))
    assert [one["kind"] for one in told["defects"]] == ["border"]

    def drawn(number: int) -> tuple[int, int]:
        png = client.ask("repaired_image", path=str(boxed), number=number, width=240)
        with Image.open(io.BytesIO(base64.b64decode(png))) as image:
            return image.size

    assert (drawn(0), drawn(1)) == ((240, 220), (240, 160))
    with pytest.raises(CrossfindError, match="There are 1 repairs"):
        drawn(9)
    client.close()
