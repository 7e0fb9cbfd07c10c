"""Faces from the command line with real weights: indexed, found with their boxes, switched off, deleted."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app import cli

pytestmark = pytest.mark.usefixtures("home")

ADA, AGAIN, OTHER = "df_person01_img1.jpg", "df_person01_img2.jpg", "df_person02_img13.jpg"


@pytest.fixture
def crossfind(crossfind: Any, monkeypatch: pytest.MonkeyPatch, models_dir: Path, tmp_path: Path) -> Any:
    """The same with nothing but the small face pack."""
    if not (models_dir / "face-mini").is_dir():
        pytest.skip("face-mini is not there")
    own = tmp_path / "models"
    shutil.copytree(models_dir / "face-mini", own / "face-mini")
    monkeypatch.setenv("CROSSFIND_MODELS", str(own))
    monkeypatch.setenv("CROSSFIND_LIBRARY", str(tmp_path / "library"))
    return crossfind


@pytest.fixture
def folder(tmp_path: Path, media_dir: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    for name in (ADA, AGAIN, OTHER, "df_group_selfie.jpg"):
        shutil.copy(media_dir / "faces" / name, made)
    shutil.copy(media_dir / "video" / "mix_b.mkv", made)
    return made


def test_from_a_photo_to_the_person_and_out_again(crossfind: Any, folder: Path) -> None:
    assert crossfind("index", folder, "--only", "faces")[0] == cli.DONE
    code, out, _ = crossfind("search", f"face:@{folder / ADA}", "--json")
    result = json.loads(out)
    assert code == cli.DONE
    names = [Path(hit["path"]).name for hit in result["hits"]]
    assert names[:3] == [ADA, "mix_b.mkv", AGAIN]
    assert OTHER not in names
    film = result["hits"][1]
    assert (film["locator"]["kind"], film["evidence"][0]["space"]) == ("region", "face")
    assert film["locator"]["start_s"] == pytest.approx(3.67, abs=0.3)  # there she is from 3.667 to 6.667
    assert film["locator"]["end_s"] == pytest.approx(6.67, abs=0.3)
    left, top, right, bottom = result["hits"][2]["locator"]["box"]
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1

    _, out, told = crossfind("search", f"face:@{folder / 'df_group_selfie.jpg'}", "--json", "--no-service")
    fix = json.loads(out)["fixes"][0]
    assert (fix["kind"], fix["applied"]) == ("face", True)
    assert "6 faces in df_group_selfie.jpg; the largest" in fix["detail"]
    assert told == ""
    _, _, told = crossfind("search", f"face:@{folder / 'df_group_selfie.jpg'}", "--no-service")
    assert "6 faces in df_group_selfie.jpg" in told

    _, out, _ = crossfind("status", "--json")
    assert json.loads(out)["spaces"]["face"]["model"] == "face-mini"
    assert crossfind("doctor")[0] == cli.DONE
    assert crossfind("modalities", "off", "faces", "--delete")[0] == cli.DONE
    assert "face" not in json.loads(crossfind("status", "--json")[1])["spaces"]
    crossfind("index")
    assert "face" not in json.loads(crossfind("status", "--json")[1])["spaces"]
    code, _, told = crossfind("search", f"face:@{folder / ADA}", "--no-service")
    assert code == cli.INCOMPLETE
    assert "No file has been indexed for searching faces." in told


@pytest.mark.parametrize(
    ("name", "sentence"), [("flowers.jpg", "There is no face in flowers.jpg"), ("none.jpg", "does not exist")]
)
def test_a_photo_of_nobody(crossfind: Any, folder: Path, media_dir: Path, name: str, sentence: str) -> None:
    crossfind("index", folder / ADA, "--only", "faces")
    code, out, told = crossfind("search", f'face:@"{media_dir / "photos_cc0" / name}"', "--no-service")
    assert (code, out) == (cli.INCOMPLETE, "")
    assert sentence in told
