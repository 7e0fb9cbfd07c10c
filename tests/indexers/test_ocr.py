"""Text in pictures: which pages are looked at, what becomes of lines, and from a file to a hit."""

from dataclasses import replace

import numpy as np
import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFont

from indexers import ocr
from indexers.base import Job, Piece
from indexers.ocr_reader import OcrReader
from indexers.text_lines import Line
from search.engine import Engine
from search.records import Indexed, Page, Region, TimeSpan, Whole
from search.spaces import Fingerprint, PictureInput

FIT = PictureInput(300, 300, "fit")
PIXELS = np.zeros((50, 100, 3), np.uint8)


class Scripted:
    """An engine that reads what it is told, whatever it is shown."""

    def __init__(self, *lines):
        self._lines = lines

    def lines(self, _picture):
        return self._lines

    def close(self):
        pass


def reader(*lines):
    return OcrReader(lambda: Scripted(*lines), "scripted", "1")


def line(text, top, score=0.9):
    return Line(text, score, (0.1, top, 0.5, top + 0.05))


def job_for(path, media_type, **changes):
    status = path.stat()
    job = Job(str(path), "d", media_type, status.st_size, status.st_mtime_ns, "ocr", {"ocr": FIT})
    return replace(job, **changes)


def test_a_photo_is_sent_as_it_is(tmp_path, save_picture):
    part = ocr.INDEXER.extract(job_for(save_picture(tmp_path / "a.jpg", 1, (600, 300)), "image/jpeg"))
    [piece] = part.pieces
    assert (piece.space, piece.locator, piece.payload.shape) == ("ocr", Whole(), (150, 300, 3))
    assert part.content is None
    assert part.next is None


def test_only_pages_whose_words_are_in_the_picture_are_drawn(tmp_path, picture):
    picture(1, (60, 80)).save(tmp_path / "scan.png")
    document = pymupdf.open()
    document.new_page().insert_text((50, 50), "A page of words, which need no second look at all. " * 3)
    document.new_page().insert_image(pymupdf.Rect(0, 0, 595, 842), filename=tmp_path / "scan.png")
    document.new_page()
    numbered = document.new_page()
    numbered.insert_image(pymupdf.Rect(0, 0, 595, 842), filename=tmp_path / "scan.png")
    numbered.insert_text((300, 820), "17")
    small = document.new_page()
    small.insert_image(pymupdf.Rect(0, 0, 60, 80), filename=tmp_path / "scan.png")
    small.insert_text((300, 400), "Chapter two")
    document.save(tmp_path / "a.pdf")
    part = ocr.INDEXER.extract(job_for(tmp_path / "a.pdf", "application/pdf"))
    assert [piece.locator for piece in part.pieces] == [Page(2), Page(4)]


def test_the_moments_of_a_film_are_sent(tmp_path, save_film, picture):
    path = save_film(tmp_path / "a.mp4", [picture(n, (160, 120)) for n in (1, 2)], 1.0)
    part = ocr.INDEXER.extract(job_for(path, "video/mp4"))
    assert [piece.locator.start_s for piece in part.pieces] == pytest.approx([0, 1], abs=0.2)


def test_a_block_and_its_lines_are_pieces_with_boxes():
    [found] = reader(line("open from nine", 0.1), line("until sunset", 0.17)).read(
        [Piece("ocr", Page(3), payload=PIXELS)]
    )
    assert [(piece.text, piece.parent) for piece in found] == [
        ("open from nine until sunset", None),
        ("open from nine", 0),
        ("until sunset", 0),
    ]
    assert found[0].locator == Region(Page(3), (0.1, 0.1, 0.5, 0.17 + 0.05))


def test_what_is_unsure_or_says_nothing_is_left_out():
    [found] = reader(line("Exit", 0.1), line("||·", 0.4), line("xkqj", 0.7, score=0.4)).read(
        [Piece("ocr", Whole(), payload=PIXELS)]
    )
    assert [piece.text for piece in found] == ["Exit"]


def test_pages_keep_their_lines_when_they_are_joined():
    texts = reader(line("open from nine", 0.1), line("until sunset", 0.17))
    readings = texts.read([Piece("ocr", Page(n), payload=PIXELS) for n in (1, 2)])
    settled = texts.settle(readings)
    assert [piece.parent for piece in settled] == [None, 0, 0, None, 3, 3]
    assert {piece.locator.of for piece in settled[3:]} == {Page(2)}


def test_in_a_film_a_text_that_stays_is_one():
    texts = reader(line("Kittiwake Boats", 0.1))
    moments = [Piece("ocr", TimeSpan(2.0 * n, 2.0 * n + 2), payload=PIXELS) for n in range(3)]
    [piece] = texts.settle(texts.read(moments))
    assert piece.locator.of == TimeSpan(0, 6)


def test_from_a_painted_word_to_a_hit_that_shows_where(
    tmp_path, folder, library, run_index, rapid_ocr, save_film, picture
):
    font = ImageFont.load_default(40)
    sign = Image.new("RGB", (800, 600), (60, 60, 90))
    draw = ImageDraw.Draw(sign)
    draw.text((100, 300), "KITTIWAKE BOATS", font=font, fill="white")
    draw.text((100, 345), "FOR HIRE", font=font, fill="white")
    sign.save(folder / "sign.png")
    sign.rotate(180).save(folder / "turned.jpg", quality=95)
    sign.save(folder / "scan.pdf")
    save_film(folder / "film.mp4", [picture(1, (800, 600)), sign, sign], 2.0)
    outcomes = run_index(
        folder, spaces=[], readers=[OcrReader(lambda: rapid_ocr, "rapid", "1")], modules=("indexers.ocr",)
    )
    assert {type(outcome) for outcome in outcomes} == {Indexed}
    hits = {hit.file.name: hit for hit in Engine(library, []).search('"boats for hire"').hits}
    assert set(hits) == {"sign.png", "turned.jpg", "scan.pdf", "film.mp4"}
    assert hits["sign.png"].locator.box == pytest.approx((0.125, 0.5, 0.6, 0.64), abs=0.05)
    assert hits["turned.jpg"].locator.box == pytest.approx((0.4, 0.36, 0.875, 0.5), abs=0.05)
    assert hits["scan.pdf"].locator.of == Page(1)
    assert hits["film.mp4"].locator.of.start_s == pytest.approx(2, abs=0.3)
    assert hits["film.mp4"].locator.of.end_s == pytest.approx(6, abs=0.3)
    found = Engine(library, []).search("kittiwake name:sign.png").hits
    assert [hit.text for hit in found] == ["KITTIWAKE BOATS"]


class Meaning:
    """A model of meaning: a text is as its first letter; counts what it is given."""

    name = "meaning"
    accepts = frozenset({"text"})
    picture_input = None
    fingerprint = Fingerprint("letters", "1", "", 26)

    def __init__(self):
        self.encoded = []

    def encode(self, items):
        self.encoded += items
        return np.eye(26, dtype=np.float32)[[ord(str(item).lower()[0]) - 97 for item in items]]

    def close(self):
        pass


def test_what_stands_in_a_picture_is_encoded_by_paragraphs_once(folder, library, run_index, save_picture):
    save_picture(folder / "a.png", 1)
    first = line("The lessor hands over the rowing boat Kittiwake", 0.1)
    texts, meaning = (
        reader(first, line("from May until the end of September.", 0.16), line("Exit", 0.8)),
        Meaning(),
    )
    for _ in range(2):
        run_index(folder, spaces=[meaning], readers=[texts], modules=("indexers.ocr",))
    whole = "The lessor hands over the rowing boat Kittiwake from May until the end of September.\nExit"
    assert meaning.encoded == [whole]
    digest = library.digest_at(str(folder / "a.png"))
    [segment] = library.segments("depicted", digest)
    assert (segment.locator, segment.text) == (Whole(), whole)


def test_a_long_screenshot_is_read_in_strips_and_boxes_are_those_of_all_of_it(tmp_path, save_picture):
    path = save_picture(tmp_path / "a.png", 1, (100, 900))
    part = ocr.INDEXER.extract(job_for(path, "image/png"))
    assert [piece.locator.of for piece in part.pieces] == [Whole()] * len(part.pieces)
    assert len(part.pieces) > 3
    first, second, *_ = reader(line("Exit", 0.5)).read(part.pieces)
    top, bottom = part.pieces[1].locator.box[1::2]
    assert second[0].locator.box == pytest.approx((0.1, (top + bottom) / 2, 0.5, top + 0.55 * (bottom - top)))
    assert first[0].locator.box[1] < second[0].locator.box[1]


def test_a_line_of_text_that_comes_into_a_still_picture_is_seen(tmp_path, save_film):
    still = Image.new("RGB", (640, 360), (40, 70, 50))
    titled = still.copy()
    ImageDraw.Draw(titled).text((180, 320), "So we sailed on.", font=ImageFont.load_default(24), fill="white")
    path = save_film(tmp_path / "a.mp4", [still, titled, still], 4.0)
    part = ocr.INDEXER.extract(job_for(path, "video/mp4"))
    seen = [(piece.locator.start_s, bool((piece.payload > 200).any())) for piece in part.pieces]
    assert seen == [(0, False), (4, True), (8, False)]
