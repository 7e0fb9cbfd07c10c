"""How photos agree with what was made of them, and with others."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from indexers.picture_agreement import Agreements
from search.duplicates.verdict import ONE_SCENE, SAME_PICTURE, SAME_TONES


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    import resources

    names = [one for one in sorted(resources.path("samples").rglob("*.jpg")) if "IMG" not in one.name][:6]
    return [Image.open(name).convert("RGB") for name in names]


def kept(folder: Path, image: Image.Image, quality: int = 80, side: int = 320) -> Path:
    """Save as the library keeps thumbnails."""
    small = image.copy()
    small.thumbnail((side, side))
    path = folder / f"{len(list(folder.iterdir()))}.webp"
    small.save(path, "WEBP", quality=quality)
    return path


def encoded(image: Image.Image, quality: int) -> Image.Image:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return Image.open(out).convert("RGB")


def test_encodings_and_sizes_agree(photos: list[Image.Image], tmp_path: Path) -> None:
    compare = Agreements()
    for photo in photos:
        whole = kept(tmp_path, photo)
        smaller = photo.resize((photo.width // 3, photo.height // 3))
        for copy in (kept(tmp_path, encoded(photo, 35)), kept(tmp_path, smaller)):
            agreement = compare(whole, copy)
            assert agreement is not None
            assert agreement.difference <= SAME_PICTURE
            assert agreement.likeness >= SAME_TONES


def test_crops_say_how_much_is_left(photos: list[Image.Image], tmp_path: Path) -> None:
    compare = Agreements()
    shares = []
    for photo in photos:
        width, height = photo.size
        inner = photo.crop((width // 10, height // 10, width - width // 10, height - height // 10))
        agreement = compare(kept(tmp_path, photo), kept(tmp_path, inner))
        assert agreement is not None
        assert agreement.difference > SAME_PICTURE
        if agreement.matched >= ONE_SCENE:
            shares.append(agreement.first_shown)
    assert len(shares) >= len(photos) - 1
    assert all(share == pytest.approx(0.64, abs=0.04) for share in shares)


def test_other_tones_are_no_copies(photos: list[Image.Image], tmp_path: Path) -> None:
    for photo in photos:
        brighter = ImageEnhance.Brightness(photo).enhance(1.3)
        agreement = Agreements()(kept(tmp_path, photo), kept(tmp_path, brighter))
        assert agreement is not None
        assert agreement.difference > SAME_PICTURE


def test_other_photos_do_not_agree(photos: list[Image.Image], tmp_path: Path) -> None:
    paths = [kept(tmp_path, photo) for photo in photos]
    compare = Agreements()
    for n, one in enumerate(paths):
        for other in paths[:n]:
            agreement = compare(one, other)
            assert agreement is not None
            assert agreement.matched < ONE_SCENE
            assert agreement.difference > SAME_PICTURE


def test_what_cannot_be_read_agrees_with_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "x.webp"
    broken.write_bytes(b"RIFF")
    grey = kept(tmp_path, Image.new("RGB", (64, 64), "grey"))
    assert Agreements()(broken, grey) is None
    assert Agreements()(grey, tmp_path / "gone.webp") is None
    blank = Agreements()(grey, grey)
    assert blank is not None
    assert blank.likeness == 0
