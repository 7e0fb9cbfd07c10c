import warnings
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from indexers import imaging
from indexers.base import LeftOutError, Limits
from search.errors import MediaError
from search.spaces import PictureInput

LIMITS = Limits()
MARKS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0))
"""Colours of the four corners: top left, top right, bottom left, bottom right."""


def cornered(size=(120, 80)) -> Image.Image:
    """A grey picture whose corners tell how it is turned."""
    image = Image.new("RGB", size, (128, 128, 128))
    width, height = size[0] // 3, size[1] // 3
    for number, colour in enumerate(MARKS):
        left, top = (number % 2) * (size[0] - width), (number // 2) * (size[1] - height)
        image.paste(colour, (left, top, left + width, top + height))
    return image


def corners(image: Image.Image) -> list[tuple[int, ...]]:
    """The corner colours, each channel rounded to 0, 128 or 255."""
    width, height = image.size
    places = [
        (width // 9, height // 9),
        (width * 8 // 9, height // 9),
        (width // 9, height * 8 // 9),
        (width * 8 // 9, height * 8 // 9),
    ]
    return [
        tuple(int(round(value / 127.5) * 127.5 + 0.5) for value in image.getpixel(place)) for place in places
    ]


def load(path: Path, need: int = 40, limits: Limits = LIMITS) -> tuple[Image.Image, tuple[int, int]]:
    with imaging.opened(path, limits) as image:
        size = image.size
        result = imaging.upright(path, image, need, limits)
        return result, imaging.upright_size(image, result, size)


@pytest.mark.parametrize(
    "suffix", ["png", "jpg", "webp", "tif", "bmp", "gif", "heic", "avif", "jp2", "ppm", "tga", "ico", "qoi"]
)
def test_formats_come_out_upright_in_rgb(tmp_path, suffix):
    import pillow_heif

    pillow_heif.register_heif_opener()
    path = tmp_path / f"a.{suffix}"
    cornered((96, 64)).save(path, **({"sizes": [(96, 64)]} if suffix == "ico" else {}))
    image, size = load(path)
    assert (image.mode, size) == ("RGB", (96, 64))
    assert corners(image) == list(MARKS)


@pytest.mark.parametrize("need", [8, 40, 1000], ids=["reduced", "some", "whole"])
@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_orientation_is_applied(tmp_path, orientation, suffix, need):
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the inverse of what a viewer does
    upright = cornered((480, 320))
    stored = upright.transpose(Image.Transpose(turns[orientation])) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{suffix}"
    stored.save(path, exif=exif)
    image, size = load(path, need)
    assert size == (480, 320)
    assert corners(image) == list(MARKS)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "RGBA", "LA"])
def test_colour_modes(tmp_path, mode):
    path = tmp_path / "a.tif" if mode in ("CMYK", "YCbCr") else tmp_path / "a.png"
    Image.new("RGB", (60, 60), "white").convert(mode).save(path)
    image, _ = load(path)
    assert image.mode == "RGB"
    assert np.asarray(image).min() > 240


@pytest.mark.parametrize(("highest", "expected"), [(255, 128), (1023, 128), (4095, 128), (65535, 128)])
def test_deep_greys_are_scaled_by_the_bits_they_use(tmp_path, highest, expected):
    ramp = np.full((60, 60), highest // 2, dtype=np.uint16)
    ramp[0, 0] = highest
    Image.fromarray(ramp).save(tmp_path / "a.tif")
    image, _ = load(tmp_path / "a.tif")
    assert abs(int(np.median(np.asarray(image))) - expected) <= 1


def test_floating_point_pictures_are_scaled_by_their_range(tmp_path):
    values = np.linspace(-3, 5, 3600, dtype=np.float32).reshape(60, 60)
    values[0, 1] = np.nan
    Image.fromarray(values).save(tmp_path / "a.tif")
    image, _ = load(tmp_path / "a.tif")
    assert np.asarray(image).max() == 255


@pytest.mark.parametrize(("colour", "ground"), [((200, 0, 0), 255), ((255, 255, 255), 64)])
def test_transparency_becomes_white_or_dark_behind_white(tmp_path, colour, ground):
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    image.paste((*colour, 255), (20, 20, 40, 40))
    image.save(tmp_path / "a.png")
    result, _ = load(tmp_path / "a.png")
    assert result.getpixel((2, 2)) == (ground,) * 3
    assert result.getpixel((30, 30)) == colour


def test_colour_profiles_are_applied(tmp_path):
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    red = Image.new("RGB", (50, 50), (200, 30, 40))
    ImageCms.profileToProfile(red, srgb, lab, outputMode="LAB").save(tmp_path / "a.tif")
    image, _ = load(tmp_path / "a.tif")
    assert np.abs(np.array(image.getpixel((9, 9))) - (200, 30, 40)).max() < 4
    red.save(tmp_path / "b.jpg", icc_profile=b"no profile at all", quality=95)
    image, _ = load(tmp_path / "b.jpg")
    assert np.abs(np.array(image.getpixel((9, 9))) - (200, 30, 40)).max() < 6


def test_tiff_pages_but_not_its_thumbnails(tmp_path):
    pages = [cornered() for _ in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    with imaging.opened(tmp_path / "a.tif", LIMITS) as image:
        assert imaging.frames(image) == [0, 1, 2]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=[Image.new("RGB", (120, 80))])
    with imaging.opened(tmp_path / "a.gif", LIMITS) as image:
        assert imaging.frames(image) == [0]


class TestRefusals:
    def test_too_many_pixels(self, tmp_path):
        Image.new("1", (3000, 1000)).save(tmp_path / "a.png")
        with pytest.raises(LeftOutError, match=r"3 megapixels; the limit is 2 megapixels.*--max-megapixels"):
            load(tmp_path / "a.png", limits=Limits(megapixels=2))
        assert load(tmp_path / "a.png", limits=Limits(megapixels=3))[1] == (3000, 1000)

    def test_the_limit_of_pillow_is_put_back(self, tmp_path):
        before = Image.MAX_IMAGE_PIXELS
        cornered().save(tmp_path / "a.png")
        load(tmp_path / "a.png")
        assert before == Image.MAX_IMAGE_PIXELS

    @pytest.mark.parametrize(
        "data", [b"", b"nothing", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, b"GIF89a" + b"\xff" * 9]
    )
    def test_what_is_no_picture(self, tmp_path, data):
        (tmp_path / "a.png").write_bytes(data)
        with warnings.catch_warnings(), pytest.raises(MediaError):
            load(tmp_path / "a.png")

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(MediaError, match="No such file"):
            load(tmp_path / "a.png")

    @pytest.mark.parametrize(("share", "usable"), [(0.9, True), (0.7, True), (0.3, False), (0.02, False)])
    def test_a_jpeg_that_is_cut_off(self, tmp_path, picture, share, usable):
        file = BytesIO()
        noise = np.random.default_rng(0).integers(0, 60, (300, 300, 3), dtype=np.uint8)
        Image.fromarray(np.asarray(picture(1, (300, 300))) // 2 + noise).save(file, "JPEG", quality=90)
        (tmp_path / "a.jpg").write_bytes(file.getvalue()[: int(len(file.getvalue()) * share)])
        if usable:
            assert load(tmp_path / "a.jpg")[1] == (300, 300)
        else:
            with pytest.raises(MediaError):
                load(tmp_path / "a.jpg")


class TestPrepare:
    @pytest.mark.parametrize("resize", ["shortest", "longest", "squash"])
    @pytest.mark.parametrize("size", [(640, 480), (48, 64), (1, 1), (3, 5000), (5000, 3), (224, 224)])
    def test_the_shape_is_the_models(self, resize, size):
        pixels = imaging.prepare(Image.new("RGB", size), PictureInput(64, 48, resize=resize))
        assert pixels.shape == (48, 64, 3)
        assert pixels.dtype == np.uint8

    def test_shortest_crops_the_middle(self):
        image = cornered((300, 100))
        pixels = imaging.prepare(image, PictureInput(50, 50, resize="shortest", resample="nearest"))
        np.testing.assert_array_equal(pixels, np.asarray(image.resize((150, 50), 0).crop((50, 0, 100, 50))))

    def test_longest_pads_with_the_fill(self):
        spec = PictureInput(60, 60, resize="longest", fill=(9, 8, 7))
        pixels = imaging.prepare(Image.new("RGB", (120, 40), (250, 250, 250)), spec)
        assert tuple(pixels[0, 0]) == (9, 8, 7)
        assert tuple(pixels[30, 1]) == (250, 250, 250)

    @pytest.mark.parametrize(
        ("size", "wanted"),
        [((640, 320), (64, 32)), ((30, 40), (30, 40)), ((64, 3000), (1, 64)), ((65, 10), (64, 10))],
    )
    def test_fit_only_makes_it_smaller(self, size, wanted):
        pixels = imaging.prepare(Image.new("RGB", size), PictureInput(64, 64, resize="fit"))
        assert pixels.shape == (*wanted[::-1], 3)

    def test_it_agrees_with_torchvision(self, picture):
        from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

        image = picture(3, (401, 283))
        reference = Compose([Resize(96, InterpolationMode.BICUBIC), CenterCrop(96)])(image)
        ours = imaging.prepare(image, PictureInput(96, 96))
        np.testing.assert_allclose(ours.astype(int), np.asarray(reference).astype(int), atol=1)

    def test_a_jpeg_read_at_a_part_of_its_size_is_nearly_the_same(self, tmp_path, picture):
        picture(3, (2000, 1500)).save(tmp_path / "a.jpg", quality=95)
        spec = PictureInput(224, 224)
        quick, _ = load(tmp_path / "a.jpg", imaging.needed_side([spec]))
        assert quick.height < 1500
        whole = imaging.prepare(load(tmp_path / "a.jpg", 10_000)[0], spec).astype(int)
        assert np.abs(imaging.prepare(quick, spec) - whole).mean() < 1.5


def test_thumbnails_are_small_webp_files(picture):
    noise = np.random.default_rng(0).integers(0, 256, (900, 1200, 3), dtype=np.uint8)
    data = imaging.thumbnail(Image.blend(picture(5, (1200, 900)), Image.fromarray(noise), 0.2))
    with Image.open(BytesIO(data)) as image:
        assert (image.format, image.size) == ("WEBP", (320, 240))
    assert len(data) < 25_000


def test_what_inputs_need():
    assert imaging.needed_side([None, PictureInput(224, 224)]) == 448
    assert imaging.needed_side([PictureInput(64, 64)]) == 320
    assert imaging.needed_side([PictureInput(64, 64)], thumbnails=False) == 128
