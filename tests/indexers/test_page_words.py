"""Words of a page with their places: typed, turned, and read in a scan; and pages painted with them."""

import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers import page_words
from indexers.heat_picture import painted
from indexers.late_text import Tokens
from indexers.page_words import Placed, read_in_picture, typed
from search.errors import MediaError
from search.pieces import Warm
from search.records import Page, Region, Segment


class Letters:
    """A model that gives each word a vector of its first two letters."""

    def read(self, texts):
        found = []
        for text in texts:
            spans, at = [], 0
            for word in text.split():
                at = text.index(word, at)
                spans.append((at, at + len(word)))
                at += len(word)
            vectors = np.array([[ord(text[b]), ord(text[e - 1])] for b, e in spans], np.float32).reshape(
                -1, 2
            )
            found.append(Tokens(vectors, np.array(spans, np.int64).reshape(-1, 2)))
        return found


@pytest.fixture
def document(tmp_path):
    with pymupdf.open() as made:
        page = made.new_page(width=200, height=400)
        page.insert_text((20, 100), "The gold pot")
        page.insert_text((20, 300), "a rainbow")
        turned = made.new_page(width=200, height=400)
        turned.insert_text((20, 100), "gold")
        turned.set_rotation(90)
        made.new_page()
        made.save(tmp_path / "a.pdf")
    return tmp_path / "a.pdf"


def test_every_word_has_its_box(document) -> None:
    first, second = typed(document, 1)
    assert (first.text, second.text) == ("The gold pot", "a rainbow")
    assert [first.text[begin:end] for begin, end, _ in first.places] == ["The", "gold", "pot"]
    for _, _, (left, top, right, bottom) in first.places:
        assert 0.1 - 1e-6 <= left < right < 0.7
        assert 0.2 < top < 0.25 < bottom < 0.28
    assert first.places[1][2][0] > first.places[0][2][2] - 0.01


def test_on_a_turned_page_boxes_are_those_one_sees(document) -> None:
    ((_, _, (left, top, right, bottom)),) = typed(document, 2)[0].places
    assert 0.7 < left < 0.75 < right < 0.8
    assert 0.1 - 1e-6 <= top < bottom < 0.4


def test_pages_without_words_have_none_and_others_are_not_there(document) -> None:
    assert typed(document, 3) == []
    with pytest.raises(MediaError, match="no page 4"):
        typed(document, 4)


def test_words_of_a_scan_lie_along_their_line() -> None:
    line = Segment("d", "ocr", 0, Region(Page(1), (0.0, 0.5, 1.0, 0.6)), "gold pot 12")
    (found,) = read_in_picture([line, Segment("d", "ocr", 1, Page(1), "elsewhere")])
    wanted = [(0, 4 / 11), (5 / 11, 8 / 11), (9 / 11, 1)]
    for (_, _, (left, top, right, bottom)), (begin, end) in zip(found.places, wanted, strict=True):
        assert (left, right, top, bottom) == pytest.approx((begin, end, 0.5, 0.6))


def test_parts_are_the_words_that_say_something() -> None:
    box = (0.1, 0.2, 0.3, 0.4)
    other = (0.5, 0.6, 0.7, 0.8)
    text = Placed("the gold of", [(0, 3, (0, 0, 1, 1)), (4, 8, box), (9, 11, (0, 0, 1, 1))])
    vectors, boxes = page_words.parts(Letters(), [text, Placed("pot", [(0, 3, other)])])
    np.testing.assert_array_equal(vectors, [[ord("g"), ord("d")], [ord("p"), ord("t")]])
    np.testing.assert_allclose(boxes, [box, other])
    assert page_words.parts(Letters(), [Placed("the of", [(0, 3, box), (4, 6, box)])]) is None
    assert page_words.parts(Letters(), []) is None


def test_of_a_question_the_words_that_say_something_count_or_all() -> None:
    assert len(page_words.question(Letters(), "where is the gold")) == 1
    assert len(page_words.question(Letters(), "to be or not to be")) == 6


def test_what_is_warm_is_painted_and_the_page_shows_through() -> None:
    page = Image.new("RGB", (100, 100), "white")
    page.putpixel((15, 15), (0, 0, 0))
    pixels = np.asarray(painted(page, [Warm((0.5, 0.5, 1.0, 1.0), 0.3), Warm((0.1, 0.1, 0.6, 0.6), 1.0)]))
    assert tuple(pixels[0, 0]) == (255, 255, 255)
    assert tuple(pixels[15, 15]) == (0, 0, 0)
    assert pixels[20, 20, 2] < 100
    assert tuple(pixels[55, 55]) == tuple(pixels[20, 20])
    assert 200 < pixels[90, 90, 2] < 255
    np.testing.assert_array_equal(np.asarray(painted(page, [])), np.asarray(page))
    painted(page, [Warm((-1.0, 0.2, 0.0, 0.3), 1.0), Warm((0.9, 0.9, 2.0, 2.0), 1.0)])
