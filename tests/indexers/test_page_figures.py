"""Figures of pages as pictures of their own, found with their place."""

import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers.base import Job
from indexers.page_figures import FIGURE, INDEXER, FigureSpace, drawn
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine, SearchOptions
from search.records import Page, Region
from search.spaces import Fingerprint, PictureInput
from tests.indexers.test_figures import CHART, HEIGHT, PHOTO, WIDTH, draw_chart, is_box, photo

SPEC = PictureInput(32, 32)


class Blue:
    """A model of pictures that sees how blue they are; the text "chart" is blue."""

    name = "scene"
    accepts = frozenset(("text", "picture"))
    picture_input = SPEC
    fingerprint = Fingerprint("blue", "1", "", 2)
    closed = 0

    def encode(self, items):
        rows = [
            ((0.2, 0.98) if "chart" in one else (1.0, 0.0)) if isinstance(one, str) else self._seen(one)
            for one in items
        ]
        made = np.array(rows, np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)

    @staticmethod
    def _seen(pixels):
        red, _, blue = pixels.reshape(-1, 3).mean(axis=0) / 255
        return 1.0, max(0.0, 40 * (blue - red - 0.02))

    def close(self):
        self.closed += 1


@pytest.fixture
def paper(folder):
    with pymupdf.open() as document:
        for _ in range(2):
            document.new_page(width=WIDTH, height=HEIGHT).insert_text((72, 400), "Words and nothing else.")
        page = document[1]
        draw_chart(page)
        page.insert_image(pymupdf.Rect(PHOTO), stream=photo())
        document.save(folder / "a.pdf")
    return folder / "a.pdf"


def test_each_figure_is_drawn_with_its_place(paper) -> None:
    job = Job(str(paper), "d", "application/pdf", paper.stat().st_size, 1, "figures", {FIGURE: SPEC})
    part = INDEXER.extract(job)
    assert part.next is None
    assert [piece.space for piece in part.pieces] == [FIGURE, FIGURE]
    for piece, points in zip(part.pieces, (CHART, PHOTO), strict=True):
        assert isinstance(piece.locator, Region)
        assert piece.locator.of == Page(2)
        assert is_box(piece.locator.box, points)
        assert piece.payload is not None
        assert piece.payload.shape == (32, 32, 3)
    chart, noise = (piece.payload.astype(float) for piece in part.pieces)
    assert (chart[..., 2] - chart[..., 0]).mean() > (noise[..., 2] - noise[..., 0]).mean() + 10


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_figure_of_a_turned_page_is_drawn_upright(turn) -> None:
    with pymupdf.open() as document:
        page = document.new_page(width=200, height=400)
        page.draw_rect(pymupdf.Rect(0, 0, 200, 100), fill=(1, 0, 0), color=(1, 0, 0))
        page.set_rotation(turn)
        whole = drawn(page, (0.0, 0.0, 1.0, 1.0), 100)
        width, height = page.rect.width, page.rect.height
        assert whole.size == pytest.approx(
            (100 * width / min(width, height), 100 * height / min(width, height))
        )
        left = drawn(page, (0.0, 0.0, 0.25, 1.0), 50)
        same = whole.crop((0, 0, whole.width // 4, whole.height)).resize(left.size, Image.Resampling.BOX)
        assert np.abs(np.asarray(left, float) - np.asarray(same, float)).mean() < 8


def test_a_page_with_the_chart_is_found_at_the_chart(paper, library, run_index) -> None:
    scene = Blue()
    run_index(paper.parent, spaces=(scene, FigureSpace(scene)))
    engine = Engine(library, [SpaceEncoder(scene), SpaceEncoder(FigureSpace(scene))])
    hit = engine.search("scene:chart", SearchOptions(floor=0.0)).hits[0]
    assert isinstance(hit.locator, Region)
    assert hit.locator.of == Page(2)
    assert is_box(hit.locator.box, CHART)
    assert FIGURE in {one.space for one in hit.evidence}
    at_page = engine.search("SAME page (scene:chart AND words)", SearchOptions(floor=0.0)).hits
    assert [one.file.name for one in at_page] == ["a.pdf"]


def test_a_library_without_figures_says_nothing_of_them(folder, library, run_index) -> None:
    Image.new("RGB", (64, 64), (0, 0, 255)).save(folder / "blue.png")
    scene = Blue()
    run_index(folder, spaces=(scene,))
    engine = Engine(library, [SpaceEncoder(scene), SpaceEncoder(FigureSpace(scene))])
    result = engine.search("scene:chart", SearchOptions(floor=0.0))
    assert result.missing == ()
    assert [hit.file.name for hit in result] == ["blue.png"]
