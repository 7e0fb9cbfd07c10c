"""Pictures out of focus or shaken."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers.fixes.defect import SIDE, Defect, Family, Grey, Look, Repair, graded, reduced
from indexers.fixes.measures import directional_energy, edge_sigma, noise_sigma

BLURRED, VERY_BLURRED = 1.25, 3.0
SHAKEN, VERY_SHAKEN = 3.4, 12.0
_SHORTEST, _LONGEST = 5, 40
_PAD = 32
_WORKED_ON = 2048


def diagnose(look: Look) -> list[Defect]:
    """Look for blur; where detail lacks in one direction only, the camera or the thing moved."""
    if min(look.size) < 64 or noise_sigma(look.grey) > 4:
        return []
    sigma = edge_sigma(look.grey)
    ratio, angle = directional_energy(look.grey)
    length = _length(look.grey, angle) if ratio > SHAKEN else 0
    if length >= _SHORTEST:
        told = (
            f"motion blur of about {length} pixels: fine detail is {ratio:.0f} times weaker in one direction"
        )
        return [
            Defect("motion", graded(ratio, SHAKEN, VERY_SHAKEN), told, {"angle": angle, "length": length})
        ]
    if sigma > BLURRED:
        told = f"blur: its sharpest edges are as wide as a blur of {sigma:.1f} pixels makes them"
        return [Defect("blur", graded(sigma, BLURRED, VERY_BLURRED), told, {"sigma": sigma})]
    return []


def _length(grey: Grey, angle: float) -> int:
    """Return how far it moved, in pixels: the differences along the motion repeat, negated, at that distance.

    `angle` in degrees, counter-clockwise from the x axis of an image whose y axis points down.
    """
    import cv2

    h, w = grey.shape
    turn = cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0)
    level = cv2.warpAffine(grey, turn, (w, h), borderMode=cv2.BORDER_REFLECT)
    middle = level[h // 5 : -h // 5 or None, w // 5 : -w // 5 or None]
    steps = np.diff(middle, axis=1)
    steps = steps - steps.mean()
    n = 1 << (2 * steps.shape[1]).bit_length()
    power = np.abs(np.fft.rfft(steps, n, axis=1)) ** 2
    likeness = np.fft.irfft(power.sum(axis=0), n)
    window = likeness[: min(_LONGEST, steps.shape[1] // 2)] / max(float(likeness[0]), 1e-6)
    if len(window) <= _SHORTEST:
        return 0
    at = int(np.argmin(window[3:])) + 3
    return at if window[at] < -0.03 else 0


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Undo the blur by Wiener's filter; a very large picture comes back smaller."""
    whole = reduced(picture, _WORKED_ON)
    scale = max(whole.size) / min(SIDE, max(whole.size))
    if defect.kind == "motion":
        kernel = _line(scale * defect.params["length"], defect.params["angle"])
        return [Repair("freed of motion blur", deconvolved(whole, kernel, 0.02))]
    sigma = scale * min(defect.params["sigma"], 4.0)
    return [Repair("sharpened", deconvolved(whole, _spot(sigma), 0.01))]


def measure(look: Look, defect: Defect) -> float:
    """Return how blurred a picture is."""
    return directional_energy(look.grey)[0] if defect.kind == "motion" else edge_sigma(look.grey)


def _spot(sigma: float) -> Grey:
    at = np.arange(-int(3 * sigma) - 1, int(3 * sigma) + 2, dtype=np.float32)
    line = np.exp(-0.5 * (at / sigma) ** 2)
    spot = np.outer(line, line)
    return np.asarray(spot / spot.sum(), np.float32)


def _line(length: float, angle: float) -> Grey:
    import cv2

    size = max(3, round(length)) | 1
    kernel = np.zeros((size, size), np.float32)
    kernel[size // 2] = 1
    turn = cv2.getRotationMatrix2D((size // 2, size // 2), -angle, 1.0)
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (size, size)), np.float32)
    return np.asarray(kernel / max(float(kernel.sum()), 1e-6), np.float32)


def deconvolved(picture: Image.Image, kernel: Grey, noise: float) -> Image.Image:
    """Return what a picture was before a kernel was laid over it (Wiener); `noise` over signal in power."""
    rgb = np.asarray(picture, np.float32)
    padded = np.pad(
        rgb, ((_PAD, _PAD), (_PAD, _PAD), (0, 0)), "symmetric" if min(picture.size) > _PAD else "edge"
    )
    rows, columns = padded.shape[:2]
    spread = np.zeros((rows, columns), np.float32)
    kh, kw = kernel.shape
    spread[:kh, :kw] = kernel
    known = np.fft.rfft2(np.roll(spread, (-(kh // 2), -(kw // 2)), (0, 1)))
    undo = np.conj(known) / (np.abs(known) ** 2 + noise)
    channels = [np.fft.irfft2(np.fft.rfft2(padded[..., c]) * undo, (rows, columns)) for c in range(3)]
    whole: NDArray[np.float64] = np.stack(channels, axis=-1)[_PAD:-_PAD, _PAD:-_PAD]
    return Image.fromarray(np.clip(whole, 0, 255).round().astype(np.uint8))


FAMILY = Family(diagnose, propose, measure)
