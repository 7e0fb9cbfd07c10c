"""High dynamic range to an ordinary picture: the curves of ITU-R BT.2100, colours of BT.2020 to sRGB."""

import numpy as np
from numpy.typing import NDArray

PQ, HLG = 16, 18
CURVES = frozenset((PQ, HLG))
"""The transfer curves that need this, as containers number them (ITU-T H.273, table 3)."""

_WHITE_NITS = 203.0
"""Brightness of paper white (ITU-R BT.2408), which becomes the white of the picture."""

_KNEE = 0.8
"""Up to this share of white all stays as it is; what is brighter is pressed together above it."""

_BT2020_TO_SRGB = np.array(
    [[1.660491, -0.587641, -0.072850], [-0.124550, 1.132900, -0.008349], [-0.018151, -0.100579, 1.118730]],
    dtype=np.float32,
)
Light = NDArray[np.float32]


def to_srgb(pixels: NDArray[np.uint16], curve: int) -> NDArray[np.uint8]:
    """Bring R'G'B' pixels, uint16 (height, width, 3), full range, BT.2020, to sRGB, uint8 of that shape.

    `curve` is `PQ` or `HLG`; HLG is shown as on a display of 1000 nits.
    """
    signal: Light = pixels.astype(np.float32) / np.float32(65535)
    light = _pq(signal) if curve == PQ else _hlg(signal)
    linear = np.clip(_rolled_off(light / _WHITE_NITS) @ _BT2020_TO_SRGB.T, 0, 1)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(encoded * 255), dtype=np.uint8)


def _pq(signal: Light) -> Light:
    """Signal to nits (SMPTE ST 2084)."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = signal ** (1 / m2)
    nits: Light = 10_000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1)
    return nits


def _hlg(signal: Light) -> Light:
    """Signal to nits: the inverse of the camera's curve, then the display's (gamma 1.2)."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    brightness = scene @ np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
    nits: Light = 1000 * scene * np.maximum(brightness, 1e-6)[..., None] ** 0.2
    return nits


def _rolled_off(light: Light) -> Light:
    """Press what is brighter than the knee together below 1, without changing its hue."""
    peak = light.max(axis=-1, keepdims=True)
    room = 1 - _KNEE
    lower = np.where(peak > _KNEE, _KNEE + room * (1 - np.exp(-(peak - _KNEE) / room)), peak)
    rolled: Light = light * (lower / np.maximum(peak, 1e-6))
    return rolled
