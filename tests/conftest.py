"""Strictness and shared fixtures: unexpected log records and left-over threads fail a test."""

import logging
import os
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from indexers import hugging_face

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# A busy machine is no error of ours, and a green run stays green: HYPOTHESIS_PROFILE=explore looks further.
settings.register_profile("crossfind", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "crossfind"))

LIBRARY_THREADS = ("pytest_timeout", "lance", "OffloadThread", "AnyIO", "asyncio", "tokio")


def _folder_from(variable: str, what: str) -> Path:
    value = os.environ.get(variable)
    if not value or not Path(value).is_dir():
        pytest.skip(f"{variable} does not name a folder with {what}")
    return Path(value).resolve()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Real weights, kept outside the repository."""
    return _folder_from("CROSSFIND_MODELS", "model weights")


@pytest.fixture(scope="session")
def media_dir() -> Path:
    """Real media with ground truth, kept outside the repository."""
    return _folder_from("CROSSFIND_TEST_MEDIA", "test media")


@pytest.fixture(scope="session")
def packaged() -> Callable[[str, str], Path]:
    """A file, by its path in the package, of an installed distribution that carries weights."""

    def find(distribution: str, path: str) -> Path:
        try:
            file = Path(str(metadata.distribution(distribution).locate_file(path)))
        except metadata.PackageNotFoundError:
            pytest.skip(f"the package {distribution} of the extra `starter` is not installed")
        return file

    return find


@pytest.fixture(scope="session")
def tiny_clap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a CLAP-type model of a few thousand weights, by chance but always the same."""
    transformers = pytest.importorskip("transformers", reason="the extra `transformers` is not installed")
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    folder = tmp_path_factory.mktemp("clap") / "tiny-clap"
    text = {"vocab_size": 40, "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    text |= {"intermediate_size": 16, "max_position_embeddings": 40}
    sound = {
        "hidden_size": 16,
        "patch_embeds_hidden_size": 8,
        "depths": [1, 1],
        "num_attention_heads": [1, 2],
    }
    sound |= {"num_hidden_layers": 2, "window_size": 4, "spec_size": 128, "num_mel_bins": 16}
    config = transformers.ClapConfig(text_config=text, audio_config=sound, projection_dim=16)
    with torch.random.fork_rng():
        torch.manual_seed(1)
        model = transformers.ClapModel(config)
        for weights in model.parameters():
            torch.nn.init.normal_(weights, std=0.5)
    model.save_pretrained(folder)
    features = transformers.ClapFeatureExtractor(feature_size=16, truncation="rand_trunc")
    features.save_pretrained(folder)
    words = ["<s>", "<pad>", "</s>", "<unk>", "a", "the", "dog", "barks", "rain", "falls", "siren"]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def tiny_clap_onnx(tiny_clap: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model as two ONNX files."""
    import torch
    from transformers import ClapModel

    model = ClapModel.from_pretrained(tiny_clap).eval()

    class Tower(torch.nn.Module):
        def __init__(self, encode: Callable[..., Any]) -> None:
            super().__init__()
            self.model, self.encode = model, encode

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            return self.encode(*given).pooler_output

    folder = tmp_path_factory.mktemp("clap") / "tiny-clap-onnx"
    folder.mkdir()
    for name in ("preprocessor_config.json", "tokenizer.json"):
        shutil.copy(tiny_clap / name, folder)
    axes = {"input_ids": {0: "n", 1: "length"}, "attention_mask": {0: "n", 1: "length"}}
    ids = torch.ones(1, 6, dtype=torch.long)
    sound = (
        Tower(lambda heard: model.get_audio_features(input_features=heard)),
        (torch.zeros(1, 1, 1001, 16),),
    )
    towers = {
        "audio": (*sound, ["input_features"], {}),
        "text": (Tower(model.get_text_features), (ids, ids), list(axes), axes),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, (tower, given, inputs, dynamic) in towers.items():
            torch.onnx.export(
                tower,
                given,
                str(folder / f"{name}_model.onnx"),
                input_names=inputs,
                output_names=[f"{name}_embeds"],
                dynamic_axes=dynamic,
                dynamo=False,
            )
    return folder


@pytest.fixture(autouse=True)
def no_unexpected_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on WARNING and above unless the test took the records with `caplog.clear()`."""
    yield
    phases = [caplog.get_records(phase) for phase in ("setup", "call")]
    loud = [record for records in phases for record in records if record.levelno >= logging.WARNING]
    if loud:
        pytest.fail("unexpected log records: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud))


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail when a test leaves a non-daemon thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while leaked := [t for t in threading.enumerate() if _is_leak(t, before)]:
        if time.monotonic() > deadline:
            pytest.fail(f"left-over threads: {[t.name for t in leaked]}")
        time.sleep(0.02)


def _is_leak(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    ours = not thread.name.startswith(LIBRARY_THREADS)
    return thread not in before and thread.is_alive() and not thread.daemon and ours


@pytest.fixture(scope="session")
def tiny_owlv2(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with a very small OWLv2 of random weights: 64 pixels, 8 x 8 patches, 16 numbers."""
    transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
    import torch

    vocabulary = models_dir / "clip-bpe-tokenizer"
    if not vocabulary.is_dir():
        pytest.skip("there is no vocabulary of CLIP")
    small = {"intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = transformers.Owlv2Config(
        text_config={**small, "hidden_size": 16, "vocab_size": 49408, "max_position_embeddings": 16},
        vision_config={**small, "hidden_size": 24, "image_size": 64, "patch_size": 8},
        projection_dim=16,
    )
    folder = tmp_path_factory.mktemp("models") / "tiny-owlv2"
    with torch.random.fork_rng(devices=[]), hugging_face.quiet():
        torch.manual_seed(5)
        model = transformers.Owlv2ForObjectDetection(config)
        for head in (model.box_head, model.objectness_head):  # as they come, boxes lie anywhere
            for weights in head.dense2.parameters():
                weights.data *= 0.01
        model.save_pretrained(folder)
    for name in ("vocab.json", "merges.txt"):
        shutil.copy(vocabulary / name, folder)
    facts = 'id = "tiny-owlv2"\ntask = "object"\nengine = "owlv2"\nlicence = "MIT"\ndim = 16\n'
    (folder / "model.toml").write_text(facts, encoding="utf-8")
    return folder
