"""Figures of PDF pages: charts that are drawn, pictures that are embedded; not text, tables, rules, scans."""

from io import BytesIO

import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers import documents
from indexers.boxes import overlaps
from indexers.figures import MOST, figure_boxes
from search.records import Box

CHART = (100, 150, 300, 300)
PHOTO = (350, 500, 550, 650)
WIDTH, HEIGHT = 612, 792


def photo() -> bytes:
    file = BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (30, 40, 3), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def draw_chart(page: pymupdf.Page, box: tuple[float, float, float, float] = CHART) -> None:
    left, top, right, bottom = box
    page.draw_line((left, top), (left, bottom))
    page.draw_line((left, bottom), (right, bottom))
    for n in range(6):
        x, height = left + 5 + n * 32, (n * 37 % 90) + 40
        page.draw_rect(pymupdf.Rect(x, bottom - height, x + 20, bottom), fill=(0.2, 0.3, 0.8))


def is_box(found: Box, points: tuple[float, float, float, float], size=(WIDTH, HEIGHT), least=0.85) -> bool:
    share = np.array(points, np.float32) / np.array([*size, *size], np.float32)
    return bool(overlaps(np.array(found, np.float32), share[None])[0] >= least)


@pytest.fixture
def page():
    with pymupdf.open() as document:
        yield document.new_page(width=WIDTH, height=HEIGHT)


def test_charts_and_photos_are_found_from_top_to_bottom(page) -> None:
    page.insert_text((72, 100), "A page about sales.\nIt has some words.")
    page.insert_image(pymupdf.Rect(PHOTO), stream=photo())
    draw_chart(page)
    chart, picture = figure_boxes(page)
    assert is_box(chart, CHART)
    assert is_box(picture, PHOTO, least=0.98)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_boxes_are_those_of_the_upright_page(page, angle) -> None:
    draw_chart(page)
    (upright,) = figure_boxes(page)
    page.set_rotation(angle)
    (turned,) = figure_boxes(page)
    corners = np.array(upright).reshape(2, 2)
    for _ in range(angle // 90):
        corners = np.stack([1 - corners[:, 1], corners[:, 0]], axis=1)
    np.testing.assert_allclose(turned, [*corners.min(axis=0), *corners.max(axis=0)], atol=1e-5)


def test_a_cut_page_has_boxes_of_what_is_left(page) -> None:
    draw_chart(page)
    page.set_cropbox(pymupdf.Rect(50, 100, 350, 400))
    (found,) = figure_boxes(page)
    assert is_box(found, (50, 50, 250, 200), (300, 300))


def test_labels_at_the_edge_belong_to_a_chart(page) -> None:
    draw_chart(page)
    page.insert_text((290, 220), "the ninth of May")
    (found,) = figure_boxes(page)
    assert found[2] > 340 / WIDTH


def test_text_tables_rules_and_grounds_are_no_figures(page) -> None:
    page.draw_rect(page.rect, fill=(0.9, 0.9, 1))
    page.draw_rect(pymupdf.Rect(20, 20, WIDTH - 20, HEIGHT - 20))
    page.draw_line((40, 90), (WIDTH - 40, 90))
    for row in range(9):
        page.draw_line((100, 200 + row * 14), (400, 200 + row * 14))
        page.insert_text((104, 211 + row * 14), "Some words in a line of a table, 12 345 67 and more")
    for x in (100, 200, 300, 400):
        page.draw_line((x, 200), (x, 312))
    page.insert_text((72, 600), "Words, and more words\n" * 8)
    assert figure_boxes(page) == []


def test_a_scan_and_small_signs_are_no_figures(page) -> None:
    page.insert_image(page.rect, stream=photo(), keep_proportion=False)
    page.insert_image(pymupdf.Rect(40, 40, 60, 55), stream=photo())
    assert figure_boxes(page) == []


def test_an_empty_page_has_none(page) -> None:
    assert figure_boxes(page) == []


def test_of_many_the_largest_are_kept(page) -> None:
    for n in range(20):
        left, top = 20 + n % 4 * 145, 20 + n // 4 * 150
        page.insert_image(pymupdf.Rect(left, top, left + 90 + n, top + 90 + n), stream=photo())
    found = figure_boxes(page)
    assert len(found) == MOST
    assert found == sorted(found, key=lambda box: (box[1], box[0]))
    assert min(box[2] - box[0] for box in found) > 90 / WIDTH


REAL = {
    2: [(0.52, 0.24, 0.91, 0.49)],
    3: [],
    6: [(0.52, 0.09, 0.91, 0.28), (0.52, 0.36, 0.91, 0.62)],
    10: [(0.52, 0.09, 0.92, 0.38)],
    11: [(0.09, 0.09, 0.90, 0.42)],
}
"""Page of tracemonkey.pdf and what is seen there by eye."""


@pytest.mark.parametrize("number", REAL)
def test_a_real_paper(media_dir, number) -> None:
    with documents.opened(media_dir / "pdf" / "tracemonkey.pdf") as document:
        found = figure_boxes(document[number - 1])
    assert len(found) == len(REAL[number])
    for box, seen in zip(found, REAL[number], strict=True):
        assert is_box(box, seen, (1, 1))
