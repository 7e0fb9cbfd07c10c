import sys
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import QSize

from ui.preview import pdf


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Two pages of 200 x 400 points; on the second a red square at the left and words below it."""
    path = tmp_path / "a.pdf"
    with pymupdf.open() as made:
        made.new_page(width=200, height=400)
        page = made.new_page(width=200, height=400)
        page.draw_rect(pymupdf.Rect(0, 0, 50, 50), color=None, fill=(1, 0, 0))
        page.insert_text((20, 200), "The boat is late. A boathouse.", fontsize=10)
        made.save(path)
    return path


def test_a_page_is_drawn_on_white_with_its_words(document: Path, qapp: object) -> None:
    drawn = pdf.page(document, 2, 800, ["BOAT"])
    assert drawn is not None
    assert (drawn.image.width(), drawn.image.height(), drawn.pages) == (400, 800, 2)
    assert drawn.image.pixelColor(20, 20).name() == "#ff0000"
    assert drawn.image.pixelColor(300, 20).name() == "#ffffff"
    [(left, top, right, bottom)] = drawn.words
    assert 0.15 < left < right < 0.4
    assert 0.45 < top < bottom < 0.53


def test_a_part_is_drawn_sharply(document: Path, qapp: object) -> None:
    part = pdf.part(document, 2, (0, 0, 0.5, 0.25), QSize(1000, 1000))
    assert (part.width(), part.height()) == (1000, 1000)
    assert part.pixelColor(490, 490).name() == "#ff0000"
    assert part.pixelColor(510, 490).name() == "#ffffff"


def test_a_locked_page_is_drawn_and_marked_with_a_password_that_is_known(
    document: Path, tmp_path: Path, qapp: object
) -> None:
    locked = tmp_path / "locked.pdf"
    with pymupdf.open(document) as made:
        made.save(locked, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="other")
    known = ("wrong", "secret")
    drawn = pdf.page(locked, 2, 800, ["boat"], known)
    assert drawn is not None
    assert (drawn.words, drawn.pages) == (pdf.page(document, 2, 800, ["boat"]).words, 2)  # type: ignore[union-attr]
    part = pdf.part(locked, 2, (0, 0, 0.5, 0.25), QSize(1000, 1000), known)
    assert part.pixelColor(490, 490).name() == "#ff0000"


def test_what_cannot_be_drawn_is_left_to_others(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    assert pdf.page(document, 3, 800) is None
    assert pdf.page(tmp_path / "gone.pdf", 1, 800) is None
    locked = tmp_path / "locked.pdf"
    with pymupdf.open(document) as made:
        made.save(locked, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret", owner_pw="secret")
    assert pdf.page(locked, 1, 800) is None
    assert pdf.page(locked, 1, 800, (), ("wrong",)) is None
    assert pdf.part(locked, 1, (0, 0, 1, 1), QSize(10, 10)).isNull()
    monkeypatch.setitem(sys.modules, "PySide6.QtPdf", None)
    assert pdf.page(document, 1, 800) is None
    assert pdf.part(document, 1, (0, 0, 1, 1), QSize(10, 10)).isNull()
