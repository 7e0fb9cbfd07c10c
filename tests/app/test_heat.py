"""`crossfind search --heatmap`: pictures of the pages found, what answers painted on them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from PIL import Image

from app import cli
from app.bootstrap import Searcher
from app.config import Config
from app.desk import Desk
from app.heat import from_json, to_json, warm
from search.errors import CrossfindError
from search.pieces import Warm
from tests.page_models import write

WIDTH, HEIGHT = 300, 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH, height=HEIGHT)
        page.insert_text((20, 60), "The ferry leaves the harbour at noon.")
        page.insert_text((20, 350), "A dog runs through the snow.")
        document.new_page(width=WIDTH, height=HEIGHT).insert_text((20, 60), "Nothing of the kind.")
        document.save(made / "plans.pdf")
    return made


@pytest.fixture
def library(crossfind: Any, folder: Path, tmp_path: Path, models_dir: Path) -> Path:
    assert crossfind("models", "import", models_dir / "late-mini")[0] == cli.DONE
    assert crossfind("index", folder, "--only", "documents,pages", "-l", tmp_path / "library")[0] == cli.DONE
    return tmp_path / "library"


def test_pages_are_painted_where_they_answer(crossfind: Any, library: Path, tmp_path: Path) -> None:
    out = tmp_path / "heat"
    ask = ("search", 'page:"dog in the snow"', "--limit", 1, "--no-service", "-l", library, "--heatmap", out)
    code, _, told = crossfind(*ask)
    assert code == cli.DONE
    assert f"1 page painted in {out}" in told.replace("\n", " ")
    (file,) = out.iterdir()
    assert file.name == "001 plans, page 1.png"
    before = file.read_bytes()
    with Image.open(file) as picture:
        pixels = np.asarray(picture.convert("RGB"), float)
    coloured = (pixels[..., 0] - pixels[..., 2] > 60).nonzero()[0] / len(pixels)
    assert coloured.size
    assert np.median(coloured) > 0.8
    crossfind(*ask)
    assert sorted(one.name for one in out.iterdir()) == ["001 plans, page 1 (2).png", "001 plans, page 1.png"]
    assert file.read_bytes() == before


def test_the_resident_process_tells_the_same(library: Path, folder: Path) -> None:
    config = Config(library=str(library), device="cpu")
    asked = 'page:"dog in the snow"', str(folder / "plans.pdf"), 1
    found = from_json(json.loads(json.dumps(Desk().heat(config, *asked))))
    searcher = Searcher(config)
    try:
        direct = warm(searcher, config, *asked)
        assert warm(searcher, config, "type:pdf", *asked[1:]) == []
        with pytest.raises(CrossfindError, match="not in the library"):
            warm(searcher, config, "dog", "/nowhere.pdf", 1)
    finally:
        searcher.close()
    assert to_json(found) == to_json(direct)
    best = max(found, key=lambda part: part.heat)
    assert best.heat == 1
    assert best.box[1] > 0.8


def test_where_pictures_were_seen_their_patches_are_warm(
    crossfind: Any, library: Path, folder: Path, tmp_path: Path
) -> None:
    crossfind("models", "import", write("colqwen2", tmp_path / "model"))
    crossfind("index", folder, "--only", "documents,pages", "-l", library)
    found = from_json(
        Desk().heat(Config(library=str(library), device="cpu"), "dog", str(folder / "plans.pdf"), 1)
    )
    assert max(part.heat for part in found) == 1
    sizes = {(round(r - left, 3), round(b - t, 3)) for left, t, r, b in (part.box for part in found)}
    assert len(sizes) <= 4  # one grid, rounded


def test_without_a_model_the_command_says_what_is_missing(
    crossfind: Any, folder: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    crossfind("index", folder, "--only", "documents", "-l", library)
    ask = ("search", 'page:"snow"', "--no-service", "-l", library, "--heatmap", tmp_path / "heat")
    code, out, told = crossfind(*ask)
    assert code == cli.INCOMPLETE
    assert "plans.pdf" in out
    assert "No model that searches pages word by word" in told


def test_a_folder_that_cannot_be_made_is_told(crossfind: Any, library: Path, folder: Path) -> None:
    inside = folder / "plans.pdf" / "heat"
    ask = ("search", 'page:"snow"', "--no-service", "-l", library, "--heatmap", inside)
    code, _, told = crossfind(*ask)
    assert code == cli.INCOMPLETE
    assert "cannot be made" in told


def test_warm_parts_survive_the_way() -> None:
    parts = [Warm((0.1, 0.2, 0.3, 0.4), 0.5)]
    assert from_json(to_json(parts)) == parts
