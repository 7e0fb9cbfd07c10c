import numpy as np
import pytest

from indexers.mel import MelSpectrogram


def test_a_tone_stands_in_its_band_and_silence_is_the_floor() -> None:
    spectrogram = MelSpectrogram(48_000, 1024, 480, 64, 50, 14_000)
    times = np.arange(48_000) / 48_000
    bands = [
        int(spectrogram(np.sin(2 * np.pi * hertz * times).astype(np.float32))[50].argmax())
        for hertz in (200, 800, 3_000, 10_000)
    ]
    assert bands == sorted(set(bands))
    assert np.all(spectrogram(np.zeros(4_800, np.float32)) == -100)


@pytest.mark.parametrize(("bands", "lowest"), [(64, 50), (16, 0)])
@pytest.mark.parametrize("samples", [480_000, 4_801, 700])
def test_it_is_what_models_learned_from(bands: int, lowest: int, samples: int) -> None:
    audio = pytest.importorskip(
        "transformers.audio_utils", reason="the extra `transformers` is not installed"
    )
    wave = np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)
    filters = audio.mel_filter_bank(513, bands, lowest, 14_000, 48_000, norm="slaney", mel_scale="slaney")
    window = audio.window_function(1024, "hann")
    expected = audio.spectrogram(wave, window, 1024, 480, power=2.0, mel_filters=filters, log_mel="dB").T
    ours = MelSpectrogram(48_000, 1024, 480, bands, lowest, 14_000)(wave)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, expected, atol=1e-3)
