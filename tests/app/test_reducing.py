"""`crossfind models reduce`: a model for pages with fewer dimensions, fitted to the library, through the
program. The weights of the models are random; what is looked at is what becomes of vectors."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest

from app import cli
from app import config as settings
from app.bootstrap import open_library
from app.config import Config
from app.models.offers import offers
from app.window.backend import ServiceBackend
from indexers.projection import FILE, fit
from search.plan import PAGE_LOOK
from search.spaces import unit_rows
from search.store.tokens import drawn_pages, tokens_at
from tests.page_models import write

PAGES = 12


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    made = tmp_path / "files"
    made.mkdir()
    rng = np.random.default_rng(0)
    with pymupdf.open() as document:
        for _ in range(PAGES):
            page = document.new_page(width=300, height=400)
            for _ in range(30):
                left, top = rng.integers(0, 260), rng.integers(0, 360)
                page.draw_rect(pymupdf.Rect(left, top, left + 30, top + 30), fill=tuple(rng.random(3)))
        document.save(made / "colours.pdf")
    return made


@pytest.fixture
def library(crossfind: Any, folder: Path, tmp_path: Path) -> Path:
    assert crossfind("models", "import", write("nemotron", tmp_path / "model"))[0] == cli.DONE
    return index(crossfind, folder, tmp_path / "library")


def index(crossfind: Any, folder: Path, library: Path) -> Path:
    assert crossfind("index", folder, "--only", "documents,pages", "-l", library)[0] == cli.DONE
    return library


def stored(library: Path) -> dict[Any, np.ndarray]:
    opened = open_library(Config(library=str(library)))
    try:
        return dict(tokens_at(opened, PAGE_LOOK, drawn_pages(opened, PAGE_LOOK, 100)))
    finally:
        opened.close()


def test_pages_are_learned_anew_in_less_room(crossfind: Any, folder: Path, library: Path, home: Path) -> None:
    before = stored(library)
    code, out, told = crossfind("models", "reduce", "tiny-nemotron", "--dims", 8, "-l", library, "--json")
    assert code == cli.DONE, told
    made = json.loads(out)
    everything = np.concatenate(list(before.values()))
    wanted = fit([everything], 8)
    assert made["kept"] == pytest.approx(wanted.kept, abs=1e-3)
    assert made | {"kept": 0} == {
        "id": "tiny-nemotron-8",
        "of": "tiny-nemotron",
        "dims": 8,
        "dims_before": 16,
        "vectors": len(everything),
        "kept": 0,
    }
    assert settings.load().models["page-look"] == "tiny-nemotron-8"
    assert crossfind("models", "verify", "tiny-nemotron-8")[0] == cli.DONE
    index(crossfind, folder, library)
    after = stored(library)
    assert after.keys() == before.keys()
    for place, vectors in after.items():
        assert vectors.shape == (len(before[place]), 8)
        exact = unit_rows(before[place] @ wanted.axes)
        np.testing.assert_allclose(vectors @ vectors.T, exact @ exact.T, atol=0.02)  # float16 on both sides
    shown = ("--floor", 0, "--group", "segment", "--per-file", 0, "--no-service", "--json", "-l", library)
    hits = json.loads(crossfind("search", 'page:"red"', *shown)[1])["hits"]
    assert {hit["locator"]["page"] for hit in hits} == set(range(1, PAGES + 1))


def test_weights_take_no_more_room_and_the_first_model_serves_again_when_it_is_removed(
    crossfind: Any, library: Path, home: Path
) -> None:
    assert crossfind("models", "reduce", "tiny-nemotron", "--dims", 8, "-l", library)[0] == cli.DONE
    models = home / "models"
    first, second = (models / name / "model.safetensors" for name in ("tiny-nemotron", "tiny-nemotron-8"))
    assert first.samefile(second)
    assert (second.parent / FILE).is_file()
    assert settings.load().models == {"page-look": "tiny-nemotron-8"}
    crossfind("models", "remove", "tiny-nemotron-8", "--yes")
    assert first.is_file()
    assert settings.load().models == {}


def test_what_cannot_be_is_said(crossfind: Any, folder: Path, library: Path, tmp_path: Path) -> None:
    def refused(*arguments: object) -> str:
        code, _, told = crossfind("models", "reduce", *arguments, "-l", library)
        assert code != cli.DONE
        return " ".join(str(told).split())

    assert "Choose a number from 8 to 15" in refused("tiny-nemotron", "--dims", 16)
    assert "Choose a number from 8 to 15" in refused("tiny-nemotron", "--dims", 3)
    assert "No model 'none' is installed" in refused("none")
    crossfind("models", "import", write("colpali", tmp_path / "other"), "--id", "other")
    assert "dimensions" not in refused("other", "--dims", 8)
    crossfind("models", "reduce", "tiny-nemotron", "--dims", 8, "-l", library)
    assert "already there" in refused("tiny-nemotron", "--dims", 8)
    assert "is reduced already" in refused("tiny-nemotron-8", "--dims", 8)


def test_too_few_pages_are_not_fitted_to(crossfind: Any, tmp_path: Path, folder: Path) -> None:
    with pymupdf.open(folder / "colours.pdf") as document:
        document.select([0])
        (tmp_path / "one").mkdir()
        document.save(tmp_path / "one" / "one.pdf")
    crossfind("models", "import", write("nemotron", tmp_path / "model"))
    library = index(crossfind, tmp_path / "one", tmp_path / "library")
    code, _, told = crossfind("models", "reduce", "tiny-nemotron", "--dims", 15, "-l", library)
    assert code != cli.DONE
    assert "15 dimensions want 150" in " ".join(told.split())


def test_a_library_whose_pages_are_gone_holds_nothing(crossfind: Any, library: Path) -> None:
    opened = open_library(Config(library=str(library)))
    with opened.writer() as writer:
        writer.remove_files([row["path"] for row in opened.rows("files", ["path"]).to_pylist()])
        writer.prune()
    opened.close()
    code, _, told = crossfind("models", "reduce", "tiny-nemotron", "--dims", 8, "-l", library)
    assert code != cli.DONE
    assert "holds nothing that tiny-nemotron made of pages" in " ".join(told.split())


def test_a_model_with_a_wrong_number_leaves_the_list_of_models_whole(
    crossfind: Any, library: Path, home: Path
) -> None:
    facts = home / "models" / "tiny-nemotron" / "model.toml"
    facts.write_text(facts.read_text(encoding="utf-8").replace("dim = 16", 'dim = "many"'), encoding="utf-8")
    dims = {offer.id: offer.dim for offer in offers(settings.load())}
    assert dims["tiny-nemotron"] == 0


def test_the_window_makes_one_smaller_and_goes_back(
    crossfind: Any, folder: Path, library: Path, home: Path
) -> None:
    backend = ServiceBackend(Config(library=str(library)))
    try:
        offers = {offer.id: offer for offer in backend.models() if offer.task == "page-look"}
        assert offers["tiny-nemotron"].dim == 16
        assert offers["tiny-nemotron"].used
        assert offers["ColPali-v1.3"].dim == 0
        made = backend.reduce_model("tiny-nemotron", 8)
        assert (made.id, made.room) == ("tiny-nemotron-8", 0.5)
        assert 0.5 < made.kept < 1
        assert backend.preferences().models == {"page-look": "tiny-nemotron-8"}
        again = {offer.id: offer for offer in backend.models() if offer.task == "page-look"}
        assert again["tiny-nemotron-8"].used
        assert again["tiny-nemotron-8"].dim == 0
        backend.remove_model("tiny-nemotron-8")
        assert backend.preferences().models == settings.load().models == {}
    finally:
        backend._client().close()
