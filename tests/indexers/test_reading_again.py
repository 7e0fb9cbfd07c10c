"""A library whose PDFs were read by an earlier version is read again by the next run, in place."""

from dataclasses import replace

import numpy as np
import pymupdf
import pytest

from indexers import pipeline
from indexers.base import LAYOUT, WORD_SPACES
from search.engine import Engine
from search.records import Region, Unchanged
from search.spaces import Fingerprint, PictureInput

ROWS = (("Town", "People", "Founded"), ("Coimbra", "143,396", "1139"), ("Tartu", "91,407", "1030"))


class Meaning:
    """Any text means the same; counts what it is given."""

    name = "meaning"
    fingerprint = Fingerprint("same", "1", "", 4)
    picture_input = None

    def __init__(self, name="meaning", spec=None):
        self.name, self.picture_input, self.seen = name, spec, 0

    def encode(self, items):
        self.seen += len(items)
        return np.tile(np.float32([1, 0, 0, 0]), (len(items), 1))

    def close(self):
        """Nothing is held."""


@pytest.fixture
def paper(folder):
    with pymupdf.open() as document:
        page = document.new_page()
        for n, row in enumerate((*ROWS, ("Zadar", "70,829", "998"))):
            for left, text in zip((60, 200, 340), row, strict=True):
                page.insert_text((left, 100 + 16 * n), text)
        document.save(folder / "a.pdf")


@pytest.mark.usefixtures("paper")
def test_words_and_passages_are_made_anew_and_nothing_else(library, folder, run_index, monkeypatch):
    spaces = Meaning(), Meaning("scene", PictureInput(32, 32))
    run_index(folder, spaces=spaces)
    passages = library.segments("meaning", run_digest(library))
    assert [one.text for one in passages][1] == "Town: Coimbra; People: 143,396; Founded: 1139"
    assert all(isinstance(one.locator, Region) for one in passages)
    assert passages[1].parent == passages[0].id
    encoded = [space.seen for space in spaces]
    assert isinstance(run_index(folder, spaces=spaces)[0], Unchanged)

    newer = {**WORD_SPACES, LAYOUT: replace(WORD_SPACES[LAYOUT], revision="of tomorrow")}
    monkeypatch.setattr(pipeline, "WORD_SPACES", newer)
    run_index(folder, spaces=spaces)
    assert [space.seen for space in spaces] == [2 * encoded[0], encoded[1]]
    assert len(library.segments("meaning", run_digest(library))) == len(passages)
    assert len(library.segments("text", run_digest(library))) == 1
    assert isinstance(run_index(folder, spaces=spaces)[0], Unchanged)
    assert Engine(library, []).search("Coimbra").hits


def run_digest(library):
    return next(iter(library.marked({"text": WORD_SPACES["text"]})["text"].segments))
