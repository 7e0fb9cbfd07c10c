import io

import numpy as np
from PIL import Image

from indexers.writings.card import drawn
from indexers.writings.pieces import Card


def ink(card: Card) -> float:
    """The share of dark points of a drawn place, 0..1."""
    with Image.open(io.BytesIO(drawn(card))) as picture:
        assert picture.height > picture.width
        return float((np.asarray(picture.convert("L")) < 160).mean())


def test_a_place_is_drawn_with_its_first_words():
    bare = ink(Card())
    assert bare == 0
    lines = ["Calm <b>water</b> & a pier", "Ελληνικά Привет", "日本語のテキスト"]
    assert ink(Card("Harbour", lines)) > 1.4 * ink(Card("Harbour", lines[:1])) > 0
    assert ink(Card("", ["water " * 50] * 500)) < 0.5
