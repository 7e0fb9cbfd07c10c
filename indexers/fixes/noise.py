"""Noise of the sensor, specks, and the grid of a strong JPEG compression."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from indexers.fixes.defect import Defect, Family, Look, Repair, graded, reduced
from indexers.fixes.measures import blockiness, noise_sigma, speck_mask

NOISY, VERY_NOISY = 4.0, 15.0
SPECKED, VERY_SPECKED = 0.008, 0.06
BLOCKY, VERY_BLOCKY = 1.9, 3.0
_WORKED_ON = 2048
"""Cleaning takes time; a larger picture comes back at this longest side."""

_SEEN = 640


def diagnose(look: Look) -> list[Defect]:
    """Look for specks, noise and blocks; specks would be taken for noise, so they come alone."""
    share = speck_share(look.original)
    if share > SPECKED and _is_smooth_without_specks(look):
        told = f"salt and pepper: {share:.1%} of its pixels are stray black or white ones"
        return [Defect("specks", graded(share, SPECKED, VERY_SPECKED), told)]
    sigma = noise_sigma(look.grey)
    if sigma > NOISY:
        told = f"noise: even where it is smooth, brightness varies by {sigma:.0f} of 255"
        return [Defect("noise", graded(sigma, NOISY, VERY_NOISY), told, {"sigma": sigma})]
    grid = grid_strength(look.original)
    if grid > BLOCKY:
        told = f"JPEG blocks: steps along an 8 x 8 grid are {grid:.1f} times as high as elsewhere"
        return [Defect("blocks", graded(grid, BLOCKY, VERY_BLOCKY), told)]
    return []


def grid_strength(picture: Image.Image) -> float:
    """Measure blocks in the middle of a picture at its own size: scaling blurs the grid."""
    return blockiness(np.asarray(_middle(picture).convert("L"), np.float32))


def _is_smooth_without_specks(look: Look) -> bool:
    """Strong noise reaches black and white, too; there the pixels between are noisy as well."""
    clean = _unspecked(_middle(look.original)).convert("L")
    return noise_sigma(np.asarray(clean, np.float32)) < 2 * NOISY


def speck_share(picture: Image.Image) -> float:
    """Return which share of the pixels in the middle of a picture are specks, at its own size."""
    return float(speck_mask(np.asarray(_middle(picture), np.uint8)).mean())


def _middle(picture: Image.Image) -> Image.Image:
    left, top = max(0, (picture.width - _SEEN) // 2), max(0, (picture.height - _SEEN) // 2)
    return picture.crop((left, top, min(picture.width, left + _SEEN), min(picture.height, top + _SEEN)))


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Clean the picture."""
    import cv2

    if defect.kind == "specks":
        return [Repair("freed of its specks", _unspecked(picture))]
    rgb = np.ascontiguousarray(np.asarray(reduced(picture, _WORKED_ON), np.uint8))
    if defect.kind == "blocks":
        return [Repair("smoothed", Image.fromarray(cv2.bilateralFilter(rgb, 9, 35, 4)))]
    sigma = max(noise_sigma(np.asarray(Image.fromarray(rgb).convert("L"), np.float32)), NOISY)
    strength = min(30.0, 1.2 * sigma)
    clean = cv2.fastNlMeansDenoisingColored(rgb, None, strength, strength, 5, 11)
    return [Repair("freed of noise", Image.fromarray(np.asarray(clean, np.uint8)))]


def _unspecked(picture: Image.Image) -> Image.Image:
    """Give stray pixels the median of those around them; the rest stays as it is."""
    import cv2

    rgb = np.array(picture, np.uint8)
    for _ in range(2):
        stray = speck_mask(rgb)
        rgb[stray] = cv2.medianBlur(rgb, 5 if float(stray.mean()) > 0.03 else 3)[stray]
    return Image.fromarray(rgb)


def measure(look: Look, defect: Defect) -> float:
    """Return how noisy, specked or blocky a picture is."""
    match defect.kind:
        case "specks":
            return speck_share(look.original)
        case "noise":
            return noise_sigma(look.grey)
        case _:
            return grid_strength(look.original)


FAMILY = Family(diagnose, propose, measure)
