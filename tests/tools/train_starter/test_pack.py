import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.tools.train_starter.conftest import DEV, POOLED, code
from tools.train_starter.__main__ import main
from tools.train_starter.pack import put_aside, read_pack


def test_features_come_back_within_the_rounding(pack_folder: Path) -> None:
    pack = read_pack(pack_folder)
    wanted = code("red ball", POOLED)
    step = wanted.max() * 3 / 255
    assert pack.features.pooled.dtype == np.float32
    np.testing.assert_allclose(np.sqrt(pack.features.pooled[0]), wanted, atol=step)


def test_captions_are_trimmed_and_splits_kept(pack_folder: Path) -> None:
    pack = read_pack(pack_folder)
    assert pack.photos[0].captions[0] == "a red ball"
    assert pack.rows("dev").tolist() == list(range(DEV))
    assert len(pack.rows("train")) == len(pack.photos) - DEV


def test_groups_lose_their_source(pack_folder: Path) -> None:
    assert read_pack(pack_folder).groups[0] == ("a red ball at night", "red ball in the dark")


def test_the_same_photos_are_put_aside_every_time(pack_folder: Path) -> None:
    pack = read_pack(pack_folder)
    few, more = put_aside(pack, 5), put_aside(pack, 9)
    assert len(few.rows("check")) == 5
    assert set(few.rows("check")) < set(more.rows("check"))
    assert few.rows("dev").tolist() == pack.rows("dev").tolist()


def test_captions_without_features_are_refused(pack_folder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(pack_folder, tmp_path / "pack"))
    lines = (folder / "captions.jsonl").read_text("utf-8").splitlines()
    extra = {**json.loads(lines[0]), "id": "one too many"}
    (folder / "captions.jsonl").write_text("\n".join([*lines, json.dumps(extra)]), encoding="utf-8")
    with pytest.raises(ValueError, match="features of 48 photos and texts for 49"):
        read_pack(folder)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="features"):
        read_pack(tmp_path)


def test_the_command_says_what_is_wrong_with_a_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = [str(tmp_path / "none"), str(tmp_path / "out"), "--threads", "1"]
    monkeypatch.setattr("sys.argv", ["train_starter", *arguments])
    with pytest.raises(SystemExit, match=r"The pack cannot be used: .*features\.npz"):
        main()
