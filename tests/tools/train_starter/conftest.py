"""A tiny pack: pictures of coloured things, their captions, and vectors of words that need no model."""

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tools.train_starter.data import Data, all_texts, prepare
from tools.train_starter.pack import read_pack
from tools.train_starter.sentences import SENTENCE, sentences

POOLED, STAGES, LABELS = 48, 16, 20
COLOURS = ("red", "green", "blue", "white", "black", "yellow")
THINGS = ("ball", "dog", "boat", "hat", "tree", "cup", "door", "bus")
TEMPLATES = ("{}", "a photo of a {}")
DEV = 8
COMPONENTS = 48


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Sum of a random vector for each word, unit length: texts with common words are close."""
    rows = []
    for text in texts:
        seeds = (int.from_bytes(sha256(word.encode()).digest()[:4], "big") for word in text.split())
        rows.append(sum(np.random.default_rng(seed).standard_normal(SENTENCE) for seed in seeds))
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def code(words: str, size: int) -> NDArray[np.float32]:
    """What a backbone might say of a picture of these words."""
    wide = word_vectors([words])[0] * SENTENCE**0.5
    return np.asarray(np.abs(wide[:size]), np.float32)


def arrays(part: str, pictures: Sequence[str]) -> dict[str, NDArray[np.generic]]:
    """8-bit features of pictures, each given by the words it shows."""
    pooled = np.array([code(words, POOLED) for words in pictures])
    stages = np.array([code(words, STAGES) for words in pictures])
    cells = np.array([code(words, LABELS) for words in pictures])
    return {
        f"{part}_sqrtgap_u8": np.round(pooled / pooled.max() * 255).astype(np.uint8),
        f"{part}_sqrtgap_scale": np.full(POOLED, pooled.max() / 255, np.float32),
        f"{part}_mid_i8": np.round(stages / stages.max() * 127).astype(np.int8),
        f"{part}_mid_scale": np.full(STAGES, stages.max() / 127, np.float32),
        f"{part}_sqrtcellmax_u8": np.round(cells / cells.max() * 255).astype(np.uint8),
    }


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Tests run beside each other: threads that wait for each other cost more than they bring."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    shown = [f"{colour} {thing}" for colour, thing in product(COLOURS, THINGS)]
    labels = [f"thing{n}" for n in range(LABELS)]
    photos = [
        {
            "id": f"{'coco' if n % 5 == 0 else 'flickr8k'}:{n}",
            "src": "drawn",
            "split": "dev" if n < DEV else "train",
            "captions": [f"a {words} ", f"one {words} here", f"the {words} is big"],
        }
        for n, words in enumerate(shown)
    ]
    np.savez(
        folder / "features.npz",
        **arrays("photos", shown),
        **arrays("imagenet", labels),
        **arrays("caltech", list(THINGS)),
    )
    (folder / "captions.jsonl").write_text("\n".join(map(json.dumps, photos)), encoding="utf-8")
    names = {"imagenet_names": [[n] for n in labels], "caltech_names": THINGS, "templates": TEMPLATES}
    (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")
    groups = [["drawn", f"a {words} at night", f"{words} in the dark"] for words in shown]
    with gzip.open(folder / "text_groups.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, groups)))
    return folder


@pytest.fixture(scope="session")
def vocabulary(pack_folder: Path) -> dict[str, int]:
    words = {word for text in all_texts(read_pack(pack_folder)) for word in text.split()}
    return {"[PAD]": 0, **{word: n for n, word in enumerate(sorted(words), 1)}}


def made_ready(pack_folder: Path, vocabulary: Mapping[str, int], cache: Path, components: int) -> Data:
    def tokenize(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        ids = np.zeros((len(texts), max(len(text.split()) for text in texts)), np.int64)
        for row, text in zip(ids, texts, strict=True):
            row[: len(text.split())] = [vocabulary[word] for word in text.split()]
        return ids, ids > 0

    pack = read_pack(pack_folder)
    vectors = sentences(all_texts(pack), word_vectors, cache)
    torch.manual_seed(0)
    classifier = torch.randn(LABELS, POOLED) * 0.2, torch.zeros(LABELS)
    return prepare(pack, classifier, vectors, tokenize, components)


@pytest.fixture(scope="session")
def data(pack_folder: Path, vocabulary: dict[str, int], tmp_path_factory: pytest.TempPathFactory) -> Data:
    return made_ready(pack_folder, vocabulary, tmp_path_factory.mktemp("cache"), COMPONENTS)


@pytest.fixture(scope="session")
def whole_data(
    pack_folder: Path, vocabulary: dict[str, int], tmp_path_factory: pytest.TempPathFactory
) -> Data:
    """The same, with all of the inputs instead of their principal components."""
    return made_ready(pack_folder, vocabulary, tmp_path_factory.mktemp("cache"), 10_000)


@pytest.fixture(scope="session")
def token_vectors(vocabulary: dict[str, int]) -> torch.Tensor:
    return torch.from_numpy(word_vectors(list(vocabulary)))
