"""RapidOCR with its real models: painted words in every direction, and errors as sentences."""

import logging
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from indexers.model_facts import Facts
from indexers.rapid_ocr import RapidOcr
from indexers.views import look
from search.errors import ModelError
from search.spaces import PictureInput


def painted(words, size=(900, 600), letters=36, spot=(80, 200)):
    picture = Image.new("RGB", size, (230, 228, 220))
    ImageDraw.Draw(picture).text(spot, words, font=ImageFont.load_default(letters), fill=(20, 20, 60))
    return picture


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_words_are_read_whichever_way_the_picture_is_turned(rapid_ocr, quarters):
    picture = painted("Boat lease RB-20417\nMonday to Friday")
    turned = np.rot90(np.asarray(picture), -quarters)
    lines = rapid_ocr.lines(turned)
    assert sorted(line.text for line in lines) == ["Boat lease RB-20417", "Monday to Friday"]
    assert {line.quarters for line in lines} == {quarters}
    assert min(line.score for line in lines) > 0.9


def test_boxes_are_shares_of_the_picture(rapid_ocr):
    [line] = rapid_ocr.lines(np.asarray(painted("Kittiwake")))
    assert line.box == pytest.approx((80 / 900, 205 / 600, 240 / 900, 240 / 600), abs=0.03)


def test_small_letters_are_found_by_a_closer_look(rapid_ocr):
    page = "\n".join(f"Line number {n} of a page in small letters" for n in range(30))
    lines = rapid_ocr.lines(np.asarray(painted(page, (1200, 1600), 18, (100, 100))))
    assert {int(re.search(r"\d+", line.text)[0]) for line in lines} == set(range(30))


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (300, 5), (40, 40)])
def test_pictures_without_text_of_any_size_give_nothing(rapid_ocr, picture, size):
    assert rapid_ocr.lines(np.asarray(picture(1, size))) == []


def test_a_missing_file_is_said_and_nothing_is_fetched(tmp_path):
    with pytest.raises(ModelError, match="missing"):
        RapidOcr(tmp_path, Facts({}, "model.toml")).lines(np.zeros((40, 40, 3), np.uint8))


def test_a_damaged_file_is_said(tmp_path):
    for name in ("detector", "direction", "recogniser"):
        (tmp_path / f"{name}.onnx").write_bytes(b"no model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        RapidOcr(tmp_path, Facts({}, "model.toml")).lines(np.zeros((400, 400, 3), np.uint8))


def test_the_console_stays_silent(rapid_ocr, capfd):
    rapid_ocr.lines(np.zeros((64, 64, 3), np.uint8))
    logging.getLogger("RapidOCR").error("nobody needs to see this")
    assert capfd.readouterr() == ("", "")


def test_scanned_pages_are_read(rapid_ocr, media_dir, job_of):
    files = ["docling_ocr_test", *(f"docling_ocr_test_rotated_{turn}" for turn in (90, 180, 270))]
    wanted = "Docling bundles PDF document conversion to JSON and Markdown in an easy self contained package"
    for name in files:
        [view] = look(job_of(media_dir / "pdf" / f"{name}.pdf", PictureInput(1600, 1600, "fit"))).views
        words = {word for line in rapid_ocr.lines(np.asarray(view.picture)) for word in line.text.split()}
        assert words == set(wanted.split()), name
