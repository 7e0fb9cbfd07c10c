"""A film at a glance: small pictures of it, evenly spread over its length, side by side in one WebP file."""

import math
from dataclasses import dataclass

from search.records import Locator

TILE = (160, 90)
"""Width and height of one tile in pixels; what has another shape has dark edges."""

COLUMNS = 10
MOST = 100
_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Storyboard:
    """What a thumbnail shows when it shows a whole film."""


Shown = Locator | Storyboard
"""What a thumbnail may be of."""


def tile_times(duration_s: float) -> tuple[float, ...]:
    """Return the second that each tile shows, the middle of its share of the film; at least one."""
    count = min(MOST, max(1, math.ceil(duration_s / _EVERY_S)))
    return tuple((n + 0.5) * duration_s / count for n in range(count))


def tile_place(number: int) -> tuple[int, int]:
    """Return the left and upper edge of a tile in pixels; tiles fill rows of `COLUMNS`."""
    row, column = divmod(number, COLUMNS)
    return column * TILE[0], row * TILE[1]


def size_of(count: int) -> tuple[int, int]:
    """Return width and height in pixels of the picture that holds so many tiles."""
    return min(count, COLUMNS) * TILE[0], math.ceil(count / COLUMNS) * TILE[1]
