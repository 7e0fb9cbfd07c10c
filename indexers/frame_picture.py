"""From a decoded frame to a picture: upright, its pixels square, in sRGB, no larger than needed."""

import math
import threading
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers import high_range

if TYPE_CHECKING:
    from av.sidedata.sidedata import SideData
    from av.video.frame import VideoFrame
    from av.video.reformatter import VideoReformatter

Sketch = NDArray[np.uint8]
"""A frame in miniature, uint8 (3, 36, 64): brightness and two colour differences."""

_SKETCH = (64, 36)
_ITU709, _ITU601, _BT2020 = 1, 5, 9
_SCALER_OF_COLOURS = {1: _ITU709, 5: _ITU601, 6: _ITU601, 9: _BT2020, 10: _BT2020}
_LOWEST_HD = 720
_TURNS = {
    (1, 0, 0, 1): None,
    (0, 1, -1, 0): Image.Transpose.ROTATE_270,
    (-1, 0, 0, -1): Image.Transpose.ROTATE_180,
    (0, -1, 1, 0): Image.Transpose.ROTATE_90,
    (-1, 0, 0, 1): Image.Transpose.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): Image.Transpose.FLIP_TOP_BOTTOM,
    (0, 1, 1, 0): Image.Transpose.TRANSPOSE,
    (0, -1, -1, 0): Image.Transpose.TRANSVERSE,
}
"""What the four corner values of a display matrix (ISO 14496-12, 6.2.2) ask for, by their signs."""

_SIDEWAYS = frozenset(turn for key, turn in _TURNS.items() if not key[0])


def sketch_of(frame: "VideoFrame") -> Sketch:
    """Return the frame in miniature."""
    return np.asarray(_scaled(frame, *_SKETCH, "yuv444p", "AREA", None).to_ndarray(), dtype=np.uint8)


def picture_of(frame: "VideoFrame", need: int, pixel: Fraction | None = None) -> Image.Image:
    """Return an upright RGB picture, its shorter side reduced to `need` pixels; never enlarged.

    `pixel` is the width of a pixel as a multiple of its height, for films that are stored squeezed.
    """
    width, height = displayed_size(frame.width, frame.height, pixel)
    scale = min(1.0, need / min(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(_pixels(frame, *size))
    turn = _turn(frame)
    return image if turn is None else image.transpose(turn)


def picture_within(frame: "VideoFrame", side: int, pixel: Fraction | None = None) -> Image.Image:
    """Return an upright RGB picture, its longer side reduced to `side` pixels; never enlarged."""
    width, height = displayed_size(frame.width, frame.height, pixel)
    return picture_of(frame, max(1, round(side * min(width, height) / max(width, height))), pixel)


def displayed_size(width: int, height: int, pixel: Fraction | None) -> tuple[int, int]:
    """Return the size with square pixels, before it is turned; nonsense in the file is left out."""
    ratio = float(pixel) if pixel and Fraction(1, 8) < pixel < 8 else 1.0
    return (round(width * ratio), height) if ratio >= 1 else (width, round(height / ratio))


def is_sideways(frame: "VideoFrame") -> bool:
    """Tell whether width and height swap when the frame is brought upright."""
    return _turn(frame) in _SIDEWAYS


def _pixels(frame: "VideoFrame", width: int, height: int) -> NDArray[np.uint8]:
    """Scale a frame and bring its colours to 8-bit sRGB, uint8 (height, width, 3)."""
    unsaid = _ITU709 if frame.height >= _LOWEST_HD else _ITU601
    colours = _SCALER_OF_COLOURS.get(frame.colorspace, unsaid)
    is_high = frame.color_trc in high_range.CURVES
    method = "AREA" if width * 2 <= frame.width else "BICUBIC"
    kind = "rgb48le" if is_high else "rgb24"
    pixels = _scaled(frame, width, height, kind, method, colours).to_ndarray()
    if is_high:
        return high_range.to_srgb(np.asarray(pixels, dtype=np.uint16), frame.color_trc)
    return np.asarray(pixels, dtype=np.uint8)


def _scaled(
    frame: "VideoFrame", width: int, height: int, pixels: str, method: str, colours: int | None
) -> "VideoFrame":
    """Scale a frame. What is prepared for its kind of frames is kept: that costs more than scaling one."""
    kind = (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)
    scaler = _scaler(threading.get_ident(), *kind, width, height, pixels, method, colours)
    return scaler.reformat(
        frame, width, height, pixels, src_colorspace=colours, interpolation=method, threads=1
    )


@lru_cache(maxsize=16)
def _scaler(*_: int | str | None) -> "VideoReformatter":
    """Return the scaler for one kind of frames in one thread."""
    from av.video.reformatter import VideoReformatter

    return VideoReformatter()


def _turn(frame: "VideoFrame") -> Image.Transpose | None:
    """Return how the frame must be turned or mirrored, to the nearest right angle."""
    beside = cast("Iterable[SideData]", frame.side_data)
    found = next((data for data in beside if data.type.name == "DISPLAYMATRIX"), None)
    values = np.frombuffer(bytes(found), dtype=np.int32) if found is not None else None
    if values is None or len(values) < 5:
        return None
    a, b, c, d = (int(values[n]) for n in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        b = c = 0
    else:
        a = d = 0
    key = tuple(int(math.copysign(1, value)) if value else 0 for value in (a, b, c, d))
    return _TURNS.get((key[0], key[1], key[2], key[3]))
