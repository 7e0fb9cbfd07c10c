"""Opens pictures of every kind safely and brings them upright, to sRGB and to a model's input.

What is asked of a picture decides how much of it is decoded: JPEGs are read at a half, a quarter or
an eighth of their size where that is enough, and all later steps work on the reduced picture.
"""

import re
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from indexers.base import LeftOutError, Limits
from indexers.colours import to_rgb
from search.errors import MediaError
from search.spaces import PictureInput, Pixels

THUMBNAIL_SIDE = 320
MAX_FRAMES = 1000
_ENOUGH_OF_IT = 0.5
_LONGEST_RATIO = 8
_REDUCED_FRAME = 1
_SUBFILE_TYPE = 254
_FORMATS = (
    *("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "DIB", "HEIF", "AVIF", "JPEG2000", "ICO", "CUR"),
    *("ICNS", "PSD", "PPM", "TGA", "PCX", "SGI", "QOI", "DDS", "BLP", "FLI", "SUN", "MSP"),
)
_CUT_OFF_IS_FINE = frozenset(("JPEG", "MPO", "PNG", "GIF", "BMP", "TGA"))
_DECODE_ERRORS = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError),
    *(MemoryError, TypeError, ValueError, struct.error, zlib.error),
)
_RESAMPLE = {
    "nearest": Image.Resampling.NEAREST,
    "area": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}


@contextmanager
def opened(path: str | Path | BinaryIO, limits: Limits) -> Iterator[Image.Image]:
    """Open a picture without decoding it yet; every trouble inside the block becomes a `MediaError`.

    Raises `LeftOutError` when the picture has more pixels than `limits` allows.
    """
    _know_heif()
    allowed, before = limits.megapixels * 1e6, Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = int(allowed / 2)  # Pillow refuses at twice this number
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=_FORMATS) as image:
                if image.width * image.height > allowed:
                    raise _too_large(f"{image.width * image.height / 1e6:.0f} megapixels", limits)
                yield image
    except Image.DecompressionBombError as error:
        raise _too_large(_pixels_named_in(error), limits) from error
    except UnidentifiedImageError as error:
        raise MediaError("The file is no picture that can be read; its beginning may be damaged.") from error
    except _DECODE_ERRORS as error:
        raise _damaged(error) from error
    finally:
        Image.MAX_IMAGE_PIXELS = before


def frames(image: Image.Image) -> list[int]:
    """Return the frames that count as pages: those of a TIFF but its own thumbnails; else the first."""
    if image.format != "TIFF":
        return [0]
    found = []
    for number in range(min(getattr(image, "n_frames", 1), MAX_FRAMES)):
        image.seek(number)
        tags = getattr(image, "tag_v2", {})
        if number == 0 or tags.get(_SUBFILE_TYPE) != _REDUCED_FRAME:
            found.append(number)
    image.seek(0)
    return found


def upright(path: str | Path | BinaryIO, image: Image.Image, need: int, limits: Limits) -> Image.Image:
    """Decode the current frame: mode RGB, upright, its shorter side reduced to at least `need` pixels.

    A picture that is cut off is still used when at least half of it is there.
    """
    try:
        return _decoded(image, need)
    except _DECODE_ERRORS:
        if image.format not in _CUT_OFF_IS_FINE:
            raise
    return _decoded_leniently(path, need, limits)


def upright_size(image: Image.Image, result: Image.Image, size: tuple[int, int]) -> tuple[int, int]:
    """Return width and height that `size`, read before decoding, has once the picture is upright."""
    turned = (image.width > image.height) != (result.width > result.height)
    return (size[1], size[0]) if turned and image.width != image.height else size


def needed_side(inputs: Iterable[PictureInput | None], thumbnails: bool = True) -> int:
    """Return how many pixels the shorter side should keep: twice what the largest input needs."""
    sides = [max(spec.width, spec.height) for spec in inputs if spec is not None]
    return max([2 * side for side in sides] + [THUMBNAIL_SIDE if thumbnails else 1])


def prepare(image: Image.Image, spec: PictureInput) -> Pixels:
    """Bring an upright RGB picture to the input of a model: uint8 (height, width, 3)."""
    match spec.resize:
        case "squash":
            image = _resized(_of_sane_ratio(image), (spec.width, spec.height), spec)
        case "shortest":
            image = _of_sane_ratio(image)
            image = _centre(image, _covering(image, spec), spec)
        case "longest":
            image = _of_sane_ratio(image)
            image = _padded(_resized(image, _fitting(image, spec), spec), spec)
        case "fit":
            image = fitted(image, spec)
    return np.asarray(image, dtype=np.uint8)


def fitted(image: Image.Image, spec: PictureInput) -> Image.Image:
    """Scale an upright RGB picture down to the size of `spec`; a smaller one stays as it is."""
    if image.width <= spec.width and image.height <= spec.height:
        return image
    return _resized(image, _fitting(image, spec), spec)


def thumbnail(image: Image.Image) -> bytes:
    """Return an upright RGB picture as a small WebP file, its longer side at most `THUMBNAIL_SIDE`."""
    scale = min(1.0, THUMBNAIL_SIDE / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0) if size != image.size else image
    file = BytesIO()
    small.save(file, "WEBP", quality=72, method=0)
    return file.getvalue()


def _decoded(image: Image.Image, need: int) -> Image.Image:
    image.draft(None, (need, need))
    image.load()
    turned = _turned(_reduced(image, need))
    return _reduced(to_rgb(turned), need)


def _decoded_leniently(path: str | Path | BinaryIO, need: int, limits: Limits) -> Image.Image:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with opened(path, limits) as image:
            result = _decoded(image, need)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    share = _share_with_content(result)
    if share < _ENOUGH_OF_IT:
        raise MediaError(f"The picture is cut off; only {share:.0%} of it is there.")
    return result


def _share_with_content(image: Image.Image) -> float:
    """Return which part of the height is left above the flat area where data ran out."""
    rows = np.asarray(image).reshape(image.height, -1)
    other = np.flatnonzero((rows != rows[-1, :1]).any(axis=1))
    return float(other[-1] + 1) / image.height if len(other) else 0.0


def _reduced(image: Image.Image, need: int) -> Image.Image:
    factor = min(image.size) // need
    return image.reduce(factor) if factor > 1 and image.mode in ("L", "RGB", "RGBA", "CMYK") else image


def _turned(image: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(0x0112, 1)
        return ImageOps.exif_transpose(image) if orientation in range(2, 9) else image
    except _DECODE_ERRORS:  # an unreadable EXIF block never costs the picture
        return image


def _of_sane_ratio(image: Image.Image) -> Image.Image:
    """Crop the middle of what is absurdly long, so that no intermediate picture grows without bound."""
    longest = _LONGEST_RATIO * min(image.size)
    if max(image.size) <= longest:
        return image
    width, height = min(image.width, longest), min(image.height, longest)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def _resized(image: Image.Image, size: tuple[int, int], spec: PictureInput) -> Image.Image:
    if image.size == size:
        return image
    gap = 1.0 if spec.resample == "area" else 3.0  # areas may be averaged in two steps
    return image.resize(size, _RESAMPLE[spec.resample], reducing_gap=gap)


def _centre(image: Image.Image, size: tuple[int, int], spec: PictureInput) -> Image.Image:
    """Scale to `size` and crop the middle, without computing what is cropped away."""
    left, top = round((size[0] - spec.width) / 2), round((size[1] - spec.height) / 2)
    wide, high = image.width / size[0], image.height / size[1]
    box = left * wide, top * high, (left + spec.width) * wide, (top + spec.height) * high
    return image.resize((spec.width, spec.height), _RESAMPLE[spec.resample], box, reducing_gap=3.0)


def _covering(image: Image.Image, spec: PictureInput) -> tuple[int, int]:
    """The size at which the shorter side just fills the input (as torchvision rounds it)."""
    if image.width * spec.height <= image.height * spec.width:
        return spec.width, max(spec.height, spec.width * image.height // image.width)
    return max(spec.width, spec.height * image.width // image.height), spec.height


def _fitting(image: Image.Image, spec: PictureInput) -> tuple[int, int]:
    """The size at which the longer side just fits into the input."""
    scale = min(spec.width / image.width, spec.height / image.height)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _padded(image: Image.Image, spec: PictureInput) -> Image.Image:
    ground = Image.new("RGB", (spec.width, spec.height), spec.fill)
    ground.paste(image, ((spec.width - image.width) // 2, (spec.height - image.height) // 2))
    return ground


def _know_heif() -> None:
    if "HEIF" not in Image.OPEN:
        import pillow_heif

        pillow_heif.register_heif_opener()


def _too_large(what: str, limits: Limits) -> LeftOutError:
    message = f"The picture is too large ({what}; the limit is {limits.megapixels:g} megapixels)."
    return LeftOutError(message, "Raise it with --max-megapixels.")


def _pixels_named_in(error: Exception) -> str:
    number = re.search(r"\d+", str(error))
    return f"{int(number[0]) / 1e6:.0f} megapixels" if number else "of an absurd size"


def _damaged(error: BaseException) -> MediaError:
    if isinstance(error, OSError) and error.errno is not None:
        return MediaError(f"The file cannot be read: {error.strerror}.")
    detail = str(error).strip().partition("\n")[0].rstrip(".")
    return MediaError(f"The picture is damaged: {detail or type(error).__name__}.")
