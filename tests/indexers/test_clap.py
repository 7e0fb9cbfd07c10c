"""A CLAP-type model, small and with weights by chance: what counts is that all gets where it belongs."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexers.base import Job
from indexers.clap import BATCH, Clap
from indexers.clap_onnx import FRONT, OnnxTowers
from indexers.clap_transformers import TransformersTowers
from indexers.model_facts import Facts
from indexers.sound import STRETCH_S, read_stretch
from indexers.sound_query import SoundQueries
from indexers.sound_reader import SoundReader
from indexers.sounds import INDEXER
from indexers.video_file import opened
from search.errors import ModelError

RATE, DIM = 48_000, 16
FACTS = {"id": "tiny", "dim": DIM, "text": {"max_length": 12, "pad_id": 1, "pad": "longest"}}


def model(folder: Path, **other: object) -> Clap:
    facts = Facts(FACTS | other, "tiny")
    towers = OnnxTowers if folder.name.endswith("onnx") else TransformersTowers
    return Clap(facts, "1", towers(folder, facts, device="cpu"))


@pytest.fixture(params=["tiny_clap", "tiny_clap_onnx"])
def clap_folder(request: pytest.FixtureRequest) -> Path:
    """The model for each of the two engines."""
    folder: Path = request.getfixturevalue(request.param)
    return folder


def tone(seconds: float, hertz: float = 440, rate: int = RATE) -> np.ndarray:
    times = np.arange(round(seconds * rate)) / rate
    return (9000 * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def save(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    import av

    with av.open(str(path), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=rate, layout="mono")
        for at in range(0, len(samples), 1 << 16):
            frame = av.AudioFrame.from_ndarray(samples[None, at : at + (1 << 16)], "s16", "mono")
            frame.sample_rate, frame.pts = rate, at
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def test_windows_overlap_and_each_speaks_for_its_middle(clap_folder: Path) -> None:
    clap = model(clap_folder)
    assert (clap.rate_hz, clap.fingerprint.dim, clap.fingerprint.model) == (RATE, DIM, "tiny")
    heard = clap.hear(tone(11))
    assert [(one.start_s, one.end_s) for one in heard] == [(0, 3.75), (3.75, 6.25), (6.25, 8.0), (8.0, 11)]
    (short,) = clap.hear(tone(0.3))
    assert (short.start_s, short.end_s, short.text) == (0, 0.3, None)
    for one in (*heard, short):
        assert one.vector.dtype == np.float32
        assert np.linalg.norm(one.vector) == pytest.approx(1, abs=1e-5)


def test_silence_has_no_window(clap_folder: Path) -> None:
    clap = model(clap_folder)
    assert clap.hear(np.zeros(0, np.int16)) == []
    assert clap.hear(np.zeros(9 * RATE, np.int16)) == []
    assert len(clap.hear(np.zeros(1, np.int16) + 9000)) == 1
    quiet = np.concatenate([tone(3), np.zeros(17 * RATE, np.int16)])
    assert [(one.start_s, one.end_s) for one in clap.hear(quiet)] == [(0, 3.75), (3.75, 6.25)]


def test_a_window_has_the_same_vector_alone_and_among_many(clap_folder: Path) -> None:
    clap = model(clap_folder, hop_s=5.0)
    parts = [tone(5, 200 * (n + 1)) for n in range(BATCH + 3)]
    together = np.stack([one.vector for one in clap.hear(np.concatenate(parts))])
    alone = np.stack([clap.hear(part)[0].vector for part in parts])
    assert together.shape == (BATCH + 3, DIM)
    np.testing.assert_allclose(together, alone, atol=1e-5)
    assert not np.allclose(together[0], together[1], atol=1e-3)


def test_vectors_are_those_of_the_bare_model(tiny_clap: Path, clap_folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer
    from transformers import ClapFeatureExtractor, ClapModel

    bare = ClapModel.from_pretrained(tiny_clap).eval()
    clap, wave = model(clap_folder), tone(5)
    features = ClapFeatureExtractor.from_pretrained(tiny_clap)(
        wave / 32768, sampling_rate=RATE, return_tensors="pt"
    )
    ids = torch.tensor([Tokenizer.from_file(str(tiny_clap / "tokenizer.json")).encode("a dog barks").ids])
    with torch.inference_mode():
        made = bare(input_ids=ids, input_features=features["input_features"].float())
    np.testing.assert_allclose(clap.hear(wave)[0].vector, made.audio_embeds[0].numpy(), atol=1e-5)
    np.testing.assert_allclose(clap.encode_text("a dog barks"), made.text_embeds[0].numpy(), atol=1e-5)
    assert not np.allclose(clap.encode_text("rain falls"), clap.encode_text("a dog barks"), atol=1e-3)
    clap.close()
    np.testing.assert_allclose(clap.encode_text("a dog barks"), made.text_embeds[0].numpy(), atol=1e-5)


def test_sound_is_decoded_at_the_rate_of_the_model(tiny_clap: Path, tmp_path: Path) -> None:
    """A minute more than a stretch: the second one begins where the first ends, in samples of that rate."""
    path = save(tmp_path / "a.wav", tone(STRETCH_S + 60, rate=44_100), 44_100)
    parts, start = [], 0
    while start is not None:
        job = Job(
            str(path), "d", "audio/wav", 1, 1, "sound", {"sound": None}, start=start, rates_hz={"sound": RATE}
        )
        part = INDEXER.extract(job)
        parts.append(part)
        start = part.next
    spans = [part.pieces[0].locator for part in parts]
    assert len(parts) == 2
    assert (spans[0].start_s, spans[1].end_s) == (0, pytest.approx(STRETCH_S + 60, abs=0.1))
    assert spans[0].end_s == pytest.approx(spans[1].start_s, abs=0.01)
    lengths = [len(part.pieces[0].payload) for part in parts]
    assert sum(lengths) == pytest.approx((STRETCH_S + 60) * RATE, abs=RATE / 10)
    found = SoundReader(model(tiny_clap)).read(parts[1].pieces)[0]
    assert found[0].locator.start_s == pytest.approx(spans[1].start_s, abs=0.01)
    assert found[-1].locator.end_s == pytest.approx(spans[1].end_s, abs=0.01)


def test_high_notes_come_through(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(2, 12_000))
    loud = {}
    for rate in (16_000, RATE):
        with opened(str(path), "recording") as container:
            sound = read_stretch(container, 0, sound=True, captions=False, seconds=30, rate=rate).sound
        assert len(sound) == pytest.approx(2 * rate, abs=rate / 50)
        loud[rate] = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    assert loud[16_000] < 100 < 6000 < loud[RATE]


def test_an_example_is_heard_at_the_rate_of_the_model(tiny_clap: Path, tmp_path: Path) -> None:
    from search.spaces import SoundReference

    clap = model(tiny_clap)
    queries = SoundQueries(clap)
    (view,) = queries.encode_sound(SoundReference(save(tmp_path / "a.wav", tone(5))))
    np.testing.assert_allclose(view, clap.hear(tone(5))[0].vector, atol=2e-3)
    assert queries.thresholds_for("text") is None


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sample_rate_hz": 100}, "sample_rate_hz must be between 8000 and 192000, not 100"),
        ({"window_s": 0.5}, "window_s must be between 1 and 60"),
        ({"hop_s": 6.0}, "hop_s must be between 0.1 and window_s"),
        ({"text": {}}, "max_length must be a whole number"),
        ({"dim": "many"}, "dim must be a whole number"),
    ],
)
def test_facts_that_make_no_sense_are_told_at_once(tmp_path: Path, facts: Any, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        model(tmp_path, **facts)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sample_rate_hz": 16_000}, "sample_rate_hz must be 48000, not 16000"),
        ({"window_s": 12.0}, "window_s must be at most 10, not 12.0"),
        ({"dim": 512}, "dim must be 16, not 512"),
    ],
)
def test_facts_that_the_files_deny_are_told_when_loading(tiny_clap: Path, facts: Any, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        model(tiny_clap, **facts).encode_text("rain")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sample_rate_hz": 16_000}, "sample_rate_hz must be 48000, not 16000"),
        ({"window_s": 12.0}, "window_s must be at most 10, not 12.0"),
        ({"dim": 512}, r"promises vectors of shape \(1, 512\); audio_model.onnx gives \(1, 16\)"),
        ({"audio": {"input": "mel"}}, r"the inputs are \['mel'\], but audio_model.onnx has"),
    ],
)
def test_the_same_of_graphs(tiny_clap_onnx: Path, facts: Any, sentence: str) -> None:
    clap = model(tiny_clap_onnx, **facts)
    with pytest.raises(ModelError, match=sentence):
        clap.hear(tone(2, rate=clap.rate_hz))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (None, "is missing"),
        ("{", "cannot be used"),
        ("[]", "cannot be used"),
        ({"truncation": "fusion"}, "is a CLAP model with fusion"),
        ({"padding": "zigzag"}, "padding 'zigzag' is not known"),
        ({"hop_length": "wide"}, "cannot be used"),
    ],
)
def test_a_front_end_that_cannot_be_used(
    tiny_clap_onnx: Path, tmp_path: Path, told: Any, sentence: str
) -> None:
    folder = tmp_path / "tiny-onnx"
    shutil.copytree(tiny_clap_onnx, folder)
    front = folder / FRONT
    if told is None:
        front.unlink()
    else:
        changed = json.dumps(json.loads(front.read_text()) | told) if isinstance(told, dict) else told
        front.write_text(changed)
    with pytest.raises(ModelError, match=sentence):
        model(folder).hear(tone(2))


def test_a_model_with_fusion_is_refused(tiny_clap: Path, tmp_path: Path) -> None:
    import transformers

    config = transformers.ClapConfig.from_pretrained(tiny_clap)
    config.audio_config.enable_fusion = True
    transformers.ClapModel(config).save_pretrained(tmp_path)
    shutil.copy(tiny_clap / "preprocessor_config.json", tmp_path)
    with pytest.raises(ModelError, match="is a CLAP model with fusion"):
        model(tmp_path).encode_text("rain")


def test_damaged_files_are_one_sentence(tiny_clap: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "tiny"
    shutil.copytree(tiny_clap, folder)
    whole = load_file(folder / "model.safetensors")
    lacking = {name: one for name, one in whole.items() if name != "text_projection.linear1.weight"}
    save_file(lacking, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks weights, text_projection\.linear1\.weight"):
        model(folder).encode_text("rain")
    (folder / "model.safetensors").write_bytes(b"none of this is a tensor")
    with pytest.raises(ModelError, match="cannot be loaded"):
        model(folder).encode_text("rain")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02")
    with pytest.raises(ModelError, match=r"model\.safetensors is missing"):
        model(folder).encode_text("rain")
    shutil.copy(tiny_clap / "model.safetensors", folder)
    (folder / "config.json").write_text(json.dumps({"model_type": "clap", "text_config": 3}))
    with pytest.raises(ModelError, match="cannot be loaded"):
        model(folder).encode_text("rain")


def test_without_the_package_the_command_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("config.json", "preprocessor_config.json", "model.safetensors"):
        (tmp_path / name).touch()
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(
        ModelError, match="A CLAP-type model of sounds needs the package transformers"
    ) as raised:
        model(tmp_path).encode_text("rain")
    assert raised.value.remedy == 'Install it: pip install "crossfind[transformers]".'
