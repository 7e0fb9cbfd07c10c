"""The words that are held in memory against the database's own index and a slow count."""

import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.store import Library, held, postings
from search.store.held import Held
from search.store.postings import Postings
from search.store.types import Words
from tests.search.paged import fill

NAMES = [f"name{n}" for n in range(40)] + ["Über", "fiancé", "well-known", "l'eau", "3.14", "a_b"]


@pytest.fixture
def documents() -> dict[str, Sequence[str]]:
    random = np.random.default_rng(3)
    return {
        f"d{n}": [" ".join(random.choice(NAMES, random.integers(1, 30))) for _ in range(5)] for n in range(9)
    }


@pytest.fixture
def library(tmp_path: Path, documents: dict[str, Sequence[str]]) -> Iterator[Library]:
    made = Library.create(tmp_path / "library")
    fill(made, documents)
    yield made
    made.close()


def words_of(library: Library) -> Postings:
    found = library.kept("text", lambda kept: postings.postings(kept._table))
    assert found is not None
    return found


@pytest.mark.parametrize("asked", ["name1", "name7 name30 nobody", "UBER fiance name1 name1", "known eau 14"])
def test_scores_are_bm25(library: Library, documents: dict[str, Sequence[str]], asked: str) -> None:
    found = dict(words_of(library).best(asked, 1000, None))
    plain = {"Über": "uber", "fiancé": "fiance"}
    texts = {
        (digest, n): re.findall(
            "[a-z0-9]+", " ".join(plain.get(one, one) for one in text.split()).replace("_", " ")
        )
        for digest, pages in documents.items()
        for n, text in enumerate(pages, start=1)
    }
    average = np.mean([len(text) for text in texts.values()])
    slow: dict[Any, float] = {}
    for word in set(asked.lower().split()):
        many = sum(word in text for text in texts.values())
        for place, text in texts.items():
            if often := text.count(word):
                rare = math.log(1 + (len(texts) - many + 0.5) / (many + 0.5))
                part = often * 2.2 / (often + 1.2 * (0.25 + 0.75 * len(text) / average))
                slow[place] = slow.get(place, 0.0) + rare * part
    assert found == pytest.approx(slow, rel=1e-5)


def test_the_best_are_those_of_the_database(library: Library) -> None:
    for asked in ("name3", "name3 name4 name5", "name11 name12"):
        known = library.find_words("text", Words(asked), 8)
        found = words_of(library).best(asked, 8, None)
        assert [score for _, score in found] == pytest.approx([one.score for one in known], rel=0.05)


def test_no_more_than_wanted_and_of_some_contents_alone(library: Library) -> None:
    words = words_of(library)
    every = words.best("name1 name2", 1000, None)
    assert words.best("name1 name2", 3, None) == every[:3]
    some = {"d2", "d5", "unknown"}
    assert words.best("name1 name2", 1000, some) == [one for one in every if one[0][0] in some]
    assert words.best("name1", 5, set()) == []
    assert words.best("?!", 5, None) == []


def test_a_table_without_rows_holds_no_words(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "empty")
    fill(library, {"d": []})
    assert words_of(library).best("name1", 5, None) == []
    library.close()


def test_they_are_read_when_asked_for_again_unless_they_are_too_many(
    library: Library, monkeypatch: Any
) -> None:
    read: list[bool] = []
    monkeypatch.setattr(held.threading, "Thread", lambda target, **_: Now(target, read))
    assert library.kept("text", Held.words_at_hand) is None
    assert not read
    assert library.kept("text", Held.words_at_hand) is None
    assert isinstance(library.kept("text", Held.words_at_hand), Postings)
    for name, module in (("WORDED", held), ("MOST", postings)):
        library.close()
        with monkeypatch.context() as patch:
            patch.setattr(module, name, 10)
            assert [library.kept("text", Held.words_at_hand) for _ in range(4)] == [None] * 4
    assert len(read) == 3


class Now:
    """Does at once what a thread would do."""

    def __init__(self, target: Any, read: list[bool]) -> None:
        self._target, self._read = target, read

    def start(self) -> None:
        self._target()
        self._read.append(True)
