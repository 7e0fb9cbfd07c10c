"""Large pictures are looked at in parts as well, so that small things in them are found."""

from collections.abc import Iterator

import numpy as np

Part = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

_LENGTH, _STEP = 2.0, 0.75
"""Length of a tile in sizes of the model's input, and how far the next is, in tiles."""


def parts(height: int, width: int, size: int) -> Iterator[Part]:
    """Yield the whole picture, then its tiles if it is large for a model that takes `size` pixels."""
    yield 0, 0, width, height
    tile = round(_LENGTH * size)
    if max(width, height) > tile:
        for top in _starts(height, tile):
            for left in _starts(width, tile):
                yield left, top, min(left + tile, width), min(top + tile, height)


def _starts(length: int, tile: int) -> list[int]:
    """Return where tiles begin so that they cover a length evenly."""
    if length <= tile:
        return [0]
    count = 1 + int(np.ceil((length - tile) / (_STEP * tile)))
    return [round(n * (length - tile) / (count - 1)) for n in range(count)]
