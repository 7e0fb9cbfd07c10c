"""Log-mel spectrograms: how loud a sound is over time in bands as wide as an ear would part them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]

_FLOOR = 1e-10
"""Power below this counts as this, -100 dB."""

_LINEAR_HZ, _LINEAR_MELS = 1000.0, 15.0
"""Up to here, in hertz and in mels, Slaney's scale is linear."""

_LOG_STEP = np.log(6.4) / 27


@dataclass(frozen=True)
class MelSpectrogram:
    """Power in `bands` triangular bands between `lowest_hz` and `highest_hz`, evenly spaced on Slaney's mel
    scale and of equal area (M. Slaney, Auditory Toolbox, 1998), in dB.

    A frame of `window` samples, weighted by a periodic Hann window, every `hop` samples; the first is centred
    on the first sample, and beyond both ends the sound is mirrored.
    """

    rate_hz: int
    window: int
    hop: int
    bands: int
    lowest_hz: float
    highest_hz: float

    def __call__(self, wave: Rows) -> Rows:
        """Return float32 (1 + samples // hop, bands) of more than `window` / 2 samples."""
        half = self.window // 2
        padded = np.pad(wave.astype(np.float64), half, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(padded, self.window)[:: self.hop]
        spectrum = np.fft.rfft(frames * self._hann, axis=1)
        power = (spectrum.real**2 + spectrum.imag**2) @ self._filters
        decibels: Rows = (10 * np.log10(np.maximum(power, _FLOOR))).astype(np.float32)
        return decibels

    @cached_property
    def _hann(self) -> NDArray[np.float64]:
        return np.hanning(self.window + 1)[:-1]

    @cached_property
    def _filters(self) -> NDArray[np.float64]:
        """How much of each frequency belongs to each band: float64 (window / 2 + 1, bands)."""
        frequencies = np.linspace(0, self.rate_hz / 2, self.window // 2 + 1)[:, None]
        mels = np.linspace(_mels(self.lowest_hz), _mels(self.highest_hz), self.bands + 2)
        edges = _hertz(mels)
        low, middle, high = edges[:-2], edges[1:-1], edges[2:]
        rising = (frequencies - low) / (middle - low)
        falling = (high - frequencies) / (high - middle)
        filters: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low)
        return filters


def _mels(hertz: float) -> float:
    if hertz < _LINEAR_HZ:
        return hertz * _LINEAR_MELS / _LINEAR_HZ
    return _LINEAR_MELS + float(np.log(hertz / _LINEAR_HZ) / _LOG_STEP)


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = mels * _LINEAR_HZ / _LINEAR_MELS
    curved = _LINEAR_HZ * np.exp(_LOG_STEP * (mels - _LINEAR_MELS))
    return np.where(mels < _LINEAR_MELS, linear, curved)
