from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageOps

from indexers.imaging import prepare
from indexers.perceptual import PerceptualSpace
from search.errors import ModelError

SPACE = PerceptualSpace()


def vector(image):
    return SPACE.encode([prepare(image.convert("RGB"), SPACE.picture_input)])[0]


def photos():
    """Photos that scikit-image ships, or generated ones."""
    try:
        from skimage import data
    except ImportError:
        return []
    return [
        Image.fromarray(make())
        for make in (data.astronaut, data.coffee, data.chelsea, data.camera, data.rocket)
    ]


def scenes(picture):
    return photos() or [picture(number, (400, 300)) for number in range(5)]


def recompressed(image):
    file = BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=30)
    return Image.open(file)


@pytest.mark.parametrize(
    ("change", "least"),
    [
        (lambda image: image.resize((image.width // 3, image.height // 3)), 0.9),
        (recompressed, 0.8),
        (ImageOps.grayscale, 0.85),
        (lambda image: image.crop((4, 4, image.width - 4, image.height - 4)), 0.6),
        (lambda image: image.point(lambda value: min(255, int(value * 1.2))), 0.6),
    ],
    ids=["resized", "recompressed", "grey", "cropped", "brighter"],
)
def test_the_same_photo_changed_is_close(picture, change, least):
    for image in scenes(picture):
        assert vector(image) @ vector(change(image)) > least


def test_unrelated_photos_are_far(picture):
    vectors = np.array([vector(image) for image in scenes(picture)])
    others = (vectors @ vectors.T)[~np.eye(len(vectors), dtype=bool)]
    assert np.abs(others).max() < 0.5


def test_unit_rows_alone_as_in_a_batch(picture):
    pixels = [prepare(picture(number), SPACE.picture_input) for number in range(6)]
    together = SPACE.encode(pixels)
    assert together.shape == (6, SPACE.fingerprint.dim)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)
    for row, one in zip(together, pixels, strict=True):
        np.testing.assert_array_equal(SPACE.encode([one])[0], row)
    assert SPACE.encode([]).shape == (0, SPACE.fingerprint.dim)


@pytest.mark.parametrize("colour", ["white", "black", (120, 130, 140)])
def test_blank_pictures_match_nothing(colour):
    assert not vector(Image.new("RGB", (300, 200), colour)).any()


def test_words_are_refused():
    with pytest.raises(ModelError):
        SPACE.encode(["a cat"])


def test_against_real_photos(media_dir):
    """Changed copies find their original first, and clearly."""
    paths = sorted((media_dir / "photos").glob("*.jpg"))[:120]
    images = []
    for path in paths:
        with Image.open(path) as image:
            images.append(image.convert("RGB").resize((320, 240)))
    vectors = np.array([vector(image) for image in images])
    for change in (recompressed, ImageOps.grayscale, lambda image: image.resize((100, 75))):
        changed = np.array([vector(change(image)) for image in images])
        similar = changed @ vectors.T
        assert (similar.argmax(axis=1) == np.arange(len(images))).all()
        assert np.diag(similar).min() > 0.7
