"""YAMNet with its real weights where they are, and a graph of the same form that counts how loud it is."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from indexers.model_facts import Facts
from indexers.sound import read_stretch
from indexers.sound_query import SoundQueries
from indexers.video_file import opened
from indexers.yamnet import Yamnet
from search.calibration import by_thresholds
from search.errors import MediaError, ModelError
from search.spaces import SoundReference

FACTS: dict[str, Any] = {"id": "tiny", "dim": 4, "sample_rate_hz": 16_000, "patch_s": 0.96, "hop_s": 0.48}
RATE = 16_000


def tiny(folder: Path, **facts: Any) -> Yamnet:
    """A graph with three classes: `Hum` is the loudest sample of each patch, the others are nothing."""
    value = helper.make_tensor_value_info
    starts = [
        helper.make_node("Abs", ["waveform"], ["loud"]),
        helper.make_node("Unsqueeze", ["loud", "axes"], ["row"]),
        helper.make_node("MaxPool", ["row"], ["peaks"], kernel_shape=[15_360], strides=[7_680]),
        helper.make_node("Squeeze", ["peaks", "axes"], ["each"]),
        helper.make_node("Reshape", ["each", "column"], ["tall"]),
        helper.make_node("MatMul", ["tall", "to_scores"], ["output_0"]),
        helper.make_node("MatMul", ["tall", "to_embeddings"], ["output_1"]),
    ]
    given = {
        "axes": np.array([0, 1], np.int64),
        "column": np.array([-1, 1], np.int64),
        "to_scores": np.array([[1, 0, 0]], np.float32),
        "to_embeddings": np.array([[1, 2, 3, 4]], np.float32),
    }
    made = helper.make_graph(
        starts,
        "tiny",
        [value("waveform", TensorProto.FLOAT, ["samples"])],
        [
            value("output_0", TensorProto.FLOAT, ["n", 3]),
            value("output_1", TensorProto.FLOAT, ["n", 4]),
        ],
        [numpy_helper.from_array(array, name) for name, array in given.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "yamnet.onnx"))
    (folder / "yamnet_class_map.csv").write_text(
        'index,mid,display_name\n0,/m/1,"Hum, drone"\n1,/m/2,Bark\n2,/m/3,Silence\n', "utf-8"
    )
    return Yamnet(folder, Facts({**FACTS, **facts}, "tiny/model.toml"), "1", device="cpu", threads=1)


def hum(seconds: float, loud: float = 0.5) -> np.ndarray:
    return np.full(round(seconds * RATE), round(loud * 32767), np.int16)


def test_a_sound_is_cut_where_it_changes(tmp_path: Path) -> None:
    sound = np.concatenate([np.zeros(5 * RATE, np.int16), hum(2.0), np.zeros(5 * RATE, np.int16)])
    (heard,) = tiny(tmp_path).hear(sound)
    assert (heard.start_s, heard.end_s) == (pytest.approx(5, abs=0.6), pytest.approx(7, abs=0.6))
    assert heard.text == "Hum, drone"


def test_windows_follow_each_other_and_end_with_the_sound(tmp_path: Path) -> None:
    heard = tiny(tmp_path).hear(hum(10.1))
    assert heard[0].start_s == 0
    assert heard[-1].end_s == pytest.approx(10.1)
    assert [one.end_s for one in heard[:-1]] == [one.start_s for one in heard[1:]]
    assert all(np.linalg.norm(one.vector) == pytest.approx(1) for one in heard)


@pytest.mark.parametrize("samples", [0, 1, 100, 15_599, 15_601])
def test_a_sound_of_any_length_is_heard(tmp_path: Path, samples: int) -> None:
    heard = tiny(tmp_path).hear(np.full(samples, 9000, np.int16))
    assert len(heard) == (samples > 0)
    assert all(one.end_s == samples / RATE for one in heard)


def test_silence_is_nothing_that_could_be_found(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(-3, 4, 5 * RATE).astype(np.int16)
    assert tiny(tmp_path).hear(noise) == []
    assert tiny(tmp_path).hear(np.zeros(RATE, np.int16)) == []


def test_a_text_finds_its_class_by_words_and_says_how_sure_it_is(tmp_path: Path) -> None:
    model = tiny(tmp_path)
    known = model.thresholds_for("text")
    assert known is not None
    for loud, found in ((0.9, True), (0.1, False)):
        vector = model.hear(hum(2, loud))[0].vector
        for text in ("hum", "humming", "a drone", "the sound of a hum"):
            cosines = np.array([float(vector @ model.encode_text(text))])
            assert (by_thresholds(cosines, known)[0] > 0.25) == found
        for text in ("bark", "a contract of sale", "", "?"):
            cosines = np.array([float(vector @ model.encode_text(text))])
            assert by_thresholds(cosines, known)[0] < 0.1


def test_another_model_or_other_classes_make_another_space(tmp_path: Path) -> None:
    model = tiny(tmp_path)
    assert model.fingerprint.dim == 4 + 3 + 2
    file = tmp_path / "yamnet_class_map.csv"
    file.write_text(file.read_text("utf-8") + "3,/m/4,Meow\n", "utf-8")
    assert Yamnet(tmp_path, Facts(FACTS, "tiny"), "1").fingerprint.key != model.fingerprint.key


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "cannot be read"), ("a,b\n1,2\n", "cannot be read"), ("display_name\n", "no classes")],
)
def test_class_names_that_make_no_sense_are_one_sentence(
    tmp_path: Path, content: str | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "yamnet_class_map.csv").write_text(content, "utf-8")
    with pytest.raises(ModelError, match=says):
        Yamnet(tmp_path, Facts(FACTS, "tiny"), "1")


def test_sound_at_another_rate_cannot_be_had(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="sample_rate_hz must be 16000, not 32000"):
        tiny(tmp_path, sample_rate_hz=32_000)


def test_a_graph_of_another_form_is_one_sentence(tmp_path: Path) -> None:
    model = tiny(tmp_path, dim=5)
    with pytest.raises(ModelError, match=r"not give what its model.toml promises"):
        model.hear(hum(2))


@pytest.fixture(scope="module")
def yamnet(models_dir: Path) -> Yamnet:
    folder = models_dir / "yamnet"
    if not folder.is_dir():
        pytest.skip("there is no YAMNet")
    facts = {"id": "yamnet", "dim": 1024}
    return Yamnet(folder, Facts(facts, "yamnet"), "1", device="cpu", threads=2)


@pytest.mark.parametrize("samples", [100, 15_359, 15_360, 15_361, 15_600, 16_000, 23_040, 23_041, 80_000])
def test_the_real_model_hears_every_sample_of_any_length(yamnet: Yamnet, samples: int) -> None:
    noise = np.random.default_rng(1).integers(-9000, 9000, samples).astype(np.int16)
    heard = yamnet.hear(noise)
    assert heard[0].start_s == 0
    assert heard[-1].end_s == samples / RATE
    assert [one.end_s for one in heard[:-1]] == [one.start_s for one in heard[1:]]


def best(yamnet: Yamnet, path: Path, query: np.ndarray) -> tuple[float, float]:
    """Return the highest cosine, and the second at which it is."""
    with opened(path) as container:
        heard = yamnet.hear(read_stretch(container, 0, sound=True, captions=False, seconds=60).sound)
    cosines = [float(one.vector @ query) for one in heard]
    at = int(np.argmax(cosines))
    return cosines[at], (heard[at].start_s + heard[at].end_s) / 2


def test_events_are_found_at_their_second(yamnet: Yamnet, media_dir: Path) -> None:
    lines = (media_dir / "sounds" / "labels.jsonl").read_text("utf-8").splitlines()
    files = [row for row in map(json.loads, lines) if row.get("kind") == "timeline"]
    asked = {"dog-barking": "dog barking", "ambulance-siren": "siren", "heavy-rain": "rain", "crows": "crow"}
    examples = {one.stem: one for one in (media_dir / "sounds").iterdir()}
    queries = SoundQueries(yamnet)
    seen = set()
    for row in files:
        for event in (event for event in row["events"] if event["clip"] in asked):
            seen.add(event["clip"])
            views = queries.encode_sound(SoundReference(examples[event["clip"]]))
            for query in (yamnet.encode_text(asked[event["clip"]]), views[0]):
                _, second = best(yamnet, media_dir / "sounds" / row["file"], query)
                assert event["start"] - 0.5 <= second <= event["end"] + 0.5
    assert seen == set(asked)


def test_silence_and_no_sound_cannot_be_asked_for(tmp_path: Path, media_dir: Path) -> None:
    queries = SoundQueries(tiny(tmp_path))
    with pytest.raises(MediaError, match="no sound"):
        queries.encode_sound(SoundReference(media_dir / "video" / "bikes.mp4"))
    with pytest.raises(MediaError, match="cannot be opened"):
        queries.encode_sound(SoundReference(media_dir / "sounds" / "labels.jsonl"))


@pytest.mark.parametrize("samples", [80_000, 15_360 + 7_680 * 5, 15_360 + 7_680 * 9 + 1])
def test_a_sound_heard_in_portions_is_heard_as_a_whole(
    yamnet: Yamnet, samples: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(2)
    loud = np.repeat(generator.random(samples // 8000 + 1), 8000)[:samples]
    sound = (generator.standard_normal(samples) * loud * 6000).astype(np.int16)
    monkeypatch.setattr("indexers.yamnet._AT_ONCE", 1000)
    whole = yamnet.hear(sound)
    monkeypatch.setattr("indexers.yamnet._AT_ONCE", 3)
    portions = yamnet.hear(sound)
    assert [(one.start_s, one.end_s) for one in portions] == [(one.start_s, one.end_s) for one in whole]
    vectors = [np.stack([one.vector for one in heard]) for heard in (whole, portions)]
    np.testing.assert_allclose(*vectors, atol=1e-5)
