"""A model that sees pages through the program: from its folder to `page:`. The weights are random."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest

from app import cli
from app.bootstrap import Equipment, Searcher, open_library
from app.config import Config
from app.estimating import ROW_BYTES
from indexers import encode
from search.late import max_sim
from search.plan import PAGE_LOOK
from search.store.tokens import drawn_pages, tokens_at
from tests.page_models import DIM, KINDS, dim_of, write

PAGES = 5


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    made = tmp_path / "files"
    made.mkdir()
    with pymupdf.open() as document:
        for n in range(PAGES):
            page = document.new_page(width=300, height=400)
            page.insert_text((40, 60), f"Chart number {n}")
            for bar in range(n + 1):
                page.draw_rect(
                    pymupdf.Rect(40 + 40 * bar, 300 - 30 * bar, 70 + 40 * bar, 340), fill=(0, 0, 1)
                )
        document.save(made / "charts.pdf")
    return made


def index(crossfind: Any, folder: Path, library: Path, *more: str) -> str:
    code, out, _ = crossfind("index", folder, "--only", "documents,pages", "-l", library, *more)
    assert code == cli.DONE
    return str(out)


def search(crossfind: Any, library: Path, query: str) -> Any:
    wanted = ("--floor", 0, "--group", "segment", "--no-service", "--json")
    code, out, _ = crossfind("search", query, *wanted, "-l", library)
    assert code == cli.DONE
    return json.loads(out)


@pytest.mark.parametrize("kind", KINDS)
def test_from_a_folder_to_pages(crossfind: Any, folder: Path, tmp_path: Path, kind: str) -> None:
    library = tmp_path / "library"
    source = write(kind, tmp_path / "model")
    assert crossfind("models", "import", source)[0] == cli.DONE
    assert "1 indexed" in index(crossfind, folder, library)
    found = search(crossfind, library, 'page:"bars"')
    assert found["missing"] == [] or {gap["space"] for gap in found["missing"]} == {"scene"}
    seen = [one for hit in found["hits"] for one in hit["evidence"] if one["space"] == PAGE_LOOK]
    assert {one["locator"]["page"] for one in seen} == set(range(1, PAGES + 1))
    assert f"tiny-{kind}" in crossfind("status", "-l", library)[1]
    assert "1 unchanged" in index(crossfind, folder, library)


@pytest.mark.parametrize("kind", ["colqwen2", "colsmol", "nemotron"])
def test_what_they_take_is_told_before(
    crossfind: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """By the processor alone: of weights not a byte is read."""
    wish = ("index", folder, "-l", tmp_path / "library", "--estimate")
    before = json.loads(crossfind(*wish, "--json")[1])["estimate"]["pdf"]
    crossfind("models", "import", write(kind, tmp_path / "model"))
    monkeypatch.setattr("indexers.hugging_face.pretrained", None)
    after = json.loads(crossfind(*wish, "--json")[1])["estimate"]["pdf"]
    tokens, rows = {"colqwen2": (24, 6), "colsmol": (80, 5), "nemotron": (20, 5)}[kind]
    dim = dim_of(kind)
    assert after["looks_bytes"] == PAGES * (2 * dim * tokens + (1 + rows) * (ROW_BYTES + 2 * dim))
    assert after["bytes"] == before["bytes"] + after["looks_bytes"]
    assert "for how pages look" in crossfind(*wish)[1]


def test_the_order_is_that_of_all_vectors_and_stays_when_done_again(
    crossfind: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crossfind("models", "import", write("colqwen2.5", tmp_path / "model"))
    stored = []
    for name, portion in (("one", encode.PORTION_BYTES), ("two", 2000)):
        monkeypatch.setattr(encode, "PORTION_BYTES", portion)
        index(crossfind, folder, tmp_path / name)
        library = open_library(Config(library=str(tmp_path / name)))
        places = drawn_pages(library, PAGE_LOOK, 100)
        stored.append((library.segments(PAGE_LOOK, places[0][0]), tokens_at(library, PAGE_LOOK, places)))
        library.close()
    (segments, pages), (others, again) = stored
    assert len(pages) == PAGES
    assert segments == others
    for place, tokens in pages.items():
        np.testing.assert_array_equal(tokens, again[place])
        assert tokens.shape[1] == DIM
    searcher = Searcher(Config(library=str(tmp_path / "two"), device="cpu"))
    try:
        (asked,) = [one for one in searcher.equipment.serving({}) if one.space == PAGE_LOOK]
        question = asked.encode_tokens("blue bars")  # type: ignore[attr-defined]
    finally:
        searcher.close()
    slow = sorted(pages, key=lambda place: -max_sim(question, pages[place]))
    hits = search(crossfind, tmp_path / "two", 'page:"blue bars"')["hits"]
    ranked = {
        one["rank"]: hit["locator"]["page"]
        for hit in hits
        for one in hit["evidence"]
        if one["space"] == PAGE_LOOK
    }
    assert [ranked[n] for n in sorted(ranked)] == [page for _, page in slow]


def test_another_model_sees_every_page_anew_and_nothing_else(
    crossfind: Any, folder: Path, tmp_path: Path, home: Path
) -> None:
    crossfind("models", "import", write("colpali", tmp_path / "first"))
    index(crossfind, folder, tmp_path / "library")
    shutil.rmtree(home / "models" / "tiny-colpali")
    crossfind("models", "import", write("colmodernvbert", tmp_path / "second"))
    index(crossfind, folder, tmp_path / "library")
    library = open_library(Config(library=str(tmp_path / "library")))
    try:
        assert library.spaces()[PAGE_LOOK].model == "tiny-colmodernvbert"
        assert len(drawn_pages(library, PAGE_LOOK, 100)) == PAGES
    finally:
        library.close()


def test_without_such_a_model_nobody_is_told_and_nothing_is_drawn(
    crossfind: Any, folder: Path, tmp_path: Path, home: Path
) -> None:
    equipment = Equipment(Config(library=str(tmp_path / "library"), device="cpu"))
    assert equipment.looks is None
    assert PAGE_LOOK not in {gap.space for gap in equipment.missing}
    assert "1 indexed" in index(crossfind, folder, tmp_path / "library")
    found = search(crossfind, tmp_path / "library", 'page:"chart"')
    assert PAGE_LOOK not in {gap["space"] for gap in found["missing"]}
    assert found["hits"]


def test_a_model_that_breaks_costs_only_this_way_of_searching(
    crossfind: Any, folder: Path, tmp_path: Path, home: Path
) -> None:
    crossfind("models", "import", write("colpali", tmp_path / "model"))
    weights = home / "models" / "tiny-colpali" / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:1000] + bytes(len(whole) - 1000))
    _, _, told = crossfind("index", folder, "--only", "documents,pages", "-l", tmp_path / "library")
    assert "crossfind models verify tiny-colpali" in told
    assert search(crossfind, tmp_path / "library", 'page:"chart"')["hits"]
    weights.write_bytes(whole)
    assert "1 indexed" in index(crossfind, folder, tmp_path / "library")
