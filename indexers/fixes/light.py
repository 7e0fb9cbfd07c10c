"""Pictures that are too dark, too bright, flat or tinted."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from indexers.fixes.defect import Defect, Family, Look, Repair, graded
from indexers.fixes.measures import exposure

DARK_P99, BLACK_P99 = 128.0, 40.0
"""In a dark picture nothing is bright: the brightest hundredth of it. Photos of the night have lamps."""

BRIGHT_P50, BRIGHT_WHITE = 190.0, 0.2
FLAT_SPREAD, FLATTEST = 90.0, 25.0
CAST_RATIO, PLAIN_CAST = 1.75, 3.0
"""The strongest channel over the weakest, in the middle tones and in the bright ones alike."""

_GOAL = 0.45
_GAMMAS = 0.4, 2.5


def diagnose(look: Look) -> list[Defect]:
    """Look for what is wrong with the light."""
    lit = exposure(look.grey)
    found: list[Defect] = []
    spread = lit.p99 - lit.p1
    if 6 < lit.p99 < DARK_P99:
        told = f"too dark: only 1 % of it is brighter than {lit.p99 / 2.55:.0f} % of full brightness"
        found.append(Defect("dark", graded(-lit.p99, -DARK_P99, -BLACK_P99), told))
    elif lit.p50 > BRIGHT_P50 and lit.white > BRIGHT_WHITE:
        told = f"too bright: {lit.white:.0%} of it is pure white"
        found.append(Defect("bright", graded(lit.white, BRIGHT_WHITE, 0.6), told))
    elif 4 < spread < FLAT_SPREAD:
        told = f"low contrast: 98 % of it lies within {spread / 2.55:.0f} % of the range of brightness"
        found.append(Defect("contrast", graded(-spread, -FLAT_SPREAD, -FLATTEST), told))
    ratio = cast_ratio(look.rgb)
    if ratio > CAST_RATIO:
        told = (
            f"a colour cast: its strongest colour is {ratio:.1f} times its weakest, even where it is bright"
        )
        found.append(Defect("cast", graded(ratio, CAST_RATIO, PLAIN_CAST), told))
    return found


def cast_ratio(rgb: NDArray[np.uint8]) -> float:
    """Return how unequal the channels are by the lesser of two measures: their means (grey world) and their
    95th percentiles (white patch); 1 is none. A picture of one colour, a lawn say, has bright spots that are
    not of that colour."""
    flat = rgb[::3, ::3].reshape(-1, 3).astype(np.float32)
    means, tops = flat.mean(axis=0) + 4, np.percentile(flat, 95, axis=0) + 4
    return float(min(means.max() / means.min(), tops.max() / tops.min()))


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Balance the light."""
    match defect.kind:
        case "dark":
            return [Repair("brightened", brightened(picture))]
        case "bright":
            return [Repair("darkened", darkened(picture))]
        case "contrast":
            return [Repair("given more contrast", ImageOps.autocontrast(picture, 0.5, preserve_tone=True))]
        case _:
            return [Repair("freed of its colour cast", balanced(picture))]


def measure(look: Look, defect: Defect) -> float:
    """Return how far the light is from good, whichever way."""
    lit = exposure(look.grey)
    match defect.kind:
        case "dark":
            return 255 - lit.p99
        case "bright":
            return lit.p50
        case "contrast":
            return 255 - (lit.p99 - lit.p1)
        case _:
            return cast_ratio(look.rgb)


def brightened(picture: Image.Image) -> Image.Image:
    """Scale so that the brightest hundredth is nearly white; a gamma lifts what is still dark."""
    lit = exposure(np.asarray(picture.convert("L"), np.float32))
    values = np.arange(256) * (245 / max(lit.p99, 1.0))
    middle = min(max(lit.p50 / max(lit.p99, 1.0), 0.02), 0.98)
    gamma = min(1.0, max(0.6, np.log(0.3) / np.log(middle)))
    return _mapped(picture, 255 * np.clip(values / 255, 0, 1) ** gamma)


def darkened(picture: Image.Image) -> Image.Image:
    """Bend the tones so that the middle one comes to lie in the middle."""
    lit = exposure(np.asarray(picture.convert("L"), np.float32))
    middle = min(max(lit.p50 / 255, 0.02), 0.97)
    gamma = min(_GAMMAS[1], max(_GAMMAS[0], np.log(_GOAL) / np.log(middle)))
    return _mapped(picture, 255 * (np.arange(256) / 255) ** gamma)


def balanced(picture: Image.Image) -> Image.Image:
    """Scale the channels to equal means, keeping the brightness."""
    rgb = np.asarray(picture, np.float32)
    means = np.maximum(rgb.reshape(-1, 3).mean(axis=0), 1.0)
    gains = np.clip(means.mean() / means, 0.4, 3.0)
    return Image.fromarray(np.clip(rgb * gains, 0, 255).round().astype(np.uint8))


def _mapped(picture: Image.Image, tones: NDArray[np.float64]) -> Image.Image:
    table = np.clip(tones, 0, 255).round().astype(int).tolist()
    return picture.point(table * 3)


FAMILY = Family(diagnose, propose, measure)
