"""Words with a vector each, by the small real model."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.models.installed import installed
from app.models.late import build_late_text
from indexers.late_text import LateQueries, LateText
from search.errors import ModelError
from search.spaces import TokenEncoder


@pytest.fixture
def model(models_dir: Path) -> Iterator[LateText]:
    found = installed(str(models_dir)).get("late-mini")
    if found is None:
        pytest.skip("late-mini is not there")
    made = build_late_text(found, "cpu")
    yield made
    made.close()


def test_every_word_has_a_vector_and_its_place(model: LateText) -> None:
    text = "Who built the first American steamboat?"
    (found,) = model.read([text])
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    said = "".join(text[begin:end] for begin, end in found.spans)
    assert said == "WhobuiltthefirstAmericansteamboat"


def test_signs_and_what_the_tokenizer_adds_are_left_out(model: LateText) -> None:
    plain, signed = model.read(["red car", "red , car ! ()"])
    assert len(signed.vectors) == len(plain.vectors)


def test_a_text_is_the_same_alone_and_among_others(model: LateText) -> None:
    texts = ["a chart of the revenue by year", "bees", "Oliver was put into a little room. " * 9]
    alone = [model.read([text])[0] for text in texts]
    for one, other in zip(model.read(texts), alone, strict=True):
        np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-4)
        assert (one.spans == other.spans).all()


@pytest.mark.parametrize("text", ["", "  ", "?!…", "\ud800"])
def test_what_has_no_words_has_no_vectors(model: LateText, text: str) -> None:
    (found,) = model.read([text])
    assert found.vectors.shape == (0, model.fingerprint.dim)


def test_it_answers_the_engine(model: LateText) -> None:
    queries = LateQueries(model)
    assert isinstance(queries, TokenEncoder)
    tokens = queries.encode_tokens("the gold puppy")
    whole = queries.encode_text("the gold puppy")
    np.testing.assert_allclose(whole, tokens.sum(axis=0) / np.linalg.norm(tokens.sum(axis=0)), atol=1e-5)
    with pytest.raises(ModelError, match="only text"):
        queries.encode_picture("a.jpg")


def test_a_graph_that_gives_something_else_is_refused(models_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "late-mini"
    shutil.copytree(models_dir / "late-mini", folder)
    folder.chmod(0o755)
    facts = folder / "model.toml"
    facts.chmod(0o644)
    facts.write_text(facts.read_text(encoding="utf-8").replace("dim = 128", "dim = 64"), encoding="utf-8")
    found = installed(str(tmp_path)).get("late-mini")
    assert found is not None
    with pytest.raises(ModelError, match="64"):
        build_late_text(found, "cpu").read(["red car"])
