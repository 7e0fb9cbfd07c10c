"""Files beside a file."""

from pathlib import Path

from indexers.beside import sidecars


def test_a_name_that_is_too_long_for_a_sidecar_has_none(tmp_path: Path) -> None:
    assert sidecars(str(tmp_path / f"{'a' * 251}.jpg")) == []


def test_its_own_comes_first(tmp_path: Path) -> None:
    for name in ("photo.xmp", "photo.jpg.xmp"):
        (tmp_path / name).touch()
    assert [one.name for one in sidecars(str(tmp_path / "photo.jpg"))] == ["photo.jpg.xmp", "photo.xmp"]
