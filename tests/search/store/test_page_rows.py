"""What is held of pages is what the table says, also after it has changed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.plan import PAGE
from search.store import Library, held, page_rows
from search.store.kept_tokens import KeptTokens
from search.store.page_rows import PageRows, principal_axes
from tests.search.paged import MODEL, TEXT, fill, words

DOCUMENTS = {f"d{n}": [f"page{n} one two three four", f"other{n} five six"] for n in range(6)}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library.create(tmp_path / "library")
    fill(made, DOCUMENTS)
    yield made
    made.close()


@pytest.fixture
def read(monkeypatch: Any) -> list[int]:
    """How many vectors were read, each time."""
    counts: list[int] = []
    original = page_rows._read

    def counted(table: Any, ids: Any) -> Any:
        counts.append(len(ids))
        return original(table, ids)

    monkeypatch.setattr(page_rows, "_read", counted)
    return counts


def pages_of(library: Library) -> PageRows:
    pages = library.kept(PAGE, lambda kept: kept.pages())
    assert pages is not None
    return pages


def check(pages: PageRows, documents: Any) -> None:
    places = {(digest, n) for digest, texts in documents.items() for n in range(1, len(texts) + 1)}
    assert {pages.layout.place(page) for page in range(len(pages.layout))} == places
    for digest, n in places:
        text = documents[digest][n - 1].split()
        page = pages.layout.at([(digest, n)])
        [tokens] = pages.tokens_of(page)
        np.testing.assert_allclose(tokens, words(" ".join(text)), atol=2e-3)
        mean = words(" ".join(text)).sum(axis=0)
        near = pages.means[page[0]] @ (mean / np.linalg.norm(mean) @ pages.axes)
        assert near == pytest.approx(np.linalg.norm(mean @ pages.axes) ** 2 / (mean @ mean), abs=5e-3)
        at, _ = pages.layout.rows_of(page)
        runs = [" ".join(text[first : first + 2]) for first in range(0, len(text), 2)]
        assert [one.text for one in pages.segments(at, PAGE)] == [None, *runs]


def test_what_is_held_is_what_was_written(library: Library) -> None:
    check(pages_of(library), DOCUMENTS)


def test_only_what_is_new_is_read_again(library: Library, read: list[int]) -> None:
    pages = pages_of(library)
    assert pages_of(library) is pages
    new = {"new": ["some words nobody had", "and more"], "d3": ["other words than before stand here"]}
    fill(library, new)
    check(pages_of(library), DOCUMENTS | new)
    assert read == [len(pages.layout.ids), 3 + 2 + 4]


def test_a_table_that_was_made_anew_is_read_anew(library: Library, read: list[int]) -> None:
    before = pages_of(library)
    with library.writer() as writer:
        writer.drop_space(PAGE)
        writer.drop_space("text")
    assert library.kept(PAGE, lambda kept: kept.pages()) is None
    anew = {digest: [text[::-1] for text in texts] for digest, texts in DOCUMENTS.items()}
    fill(library, anew)
    pages = pages_of(library)
    assert len(pages.layout.ids) == len(before.layout.ids)
    check(pages, anew)


def test_what_has_nothing_to_do_with_pages_has_nothing_read(library: Library, read: list[int]) -> None:
    pages_of(library)
    with library.writer() as writer:
        writer.remove_files(["/docs/d1.pdf"])
    pages_of(library)
    assert read[1:] == [0]


def test_twice_as_many_pages_get_axes_of_their_own(library: Library, read: list[int]) -> None:
    axes = pages_of(library).axes
    many = {f"e{n}": [f"quite other{n} words here {n}"] for n in range(40)}
    fill(library, many)
    pages = pages_of(library)
    assert not np.array_equal(pages.axes, axes)
    assert read[1] == len(pages.layout.ids)
    check(pages, DOCUMENTS | many)


def test_runs_are_held_in_fewer_dimensions(library: Library, monkeypatch: Any) -> None:
    monkeypatch.setattr(page_rows, "FEWEST", 8)
    pages = pages_of(library)
    assert pages.rows is not None
    assert (pages.axes.shape, pages.rows.shape[1]) == ((16, 8), 8)
    check(pages, DOCUMENTS)


def test_an_empty_space_has_no_pages(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "empty")
    with library.writer() as writer:
        writer.open_space(PAGE, MODEL)
        writer.open_space("text", TEXT)
    pages = pages_of(library)
    assert len(pages.layout) == 0
    assert pages.means.shape == (0, 16)
    library.close()


def test_much_is_read_in_the_background(library: Library, monkeypatch: Any) -> None:
    monkeypatch.setattr(held, "EAGER", 10)
    assert library.kept(PAGE, lambda kept: kept.pages()) is None
    deadline = time.monotonic() + 30
    while (pages := library.kept(PAGE, lambda kept: kept.pages())) is None:
        assert time.monotonic() < deadline, "the pages were never read"
        time.sleep(0.01)
    check(pages, DOCUMENTS)


def test_principal_axes_keep_products() -> None:
    random = np.random.default_rng(1)
    flat = (random.normal(size=(300, 3)) @ random.normal(size=(3, 8))).astype(np.float32)
    axes = principal_axes(flat, 3)
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-5)
    np.testing.assert_allclose((flat @ axes) @ (flat @ axes).T, flat @ flat.T, atol=1e-2)


def test_kept_tokens_stay_within_their_room() -> None:
    asked: list[list[int]] = []

    def read(ids: list[int]) -> list[Any]:
        asked.append(ids)
        return [np.full((2, 4), id_, np.float16) for id_ in ids]

    kept = KeptTokens(3 * 16)
    assert [one[0, 0] for one in kept.of([1, 2], read)] == [1, 2]
    assert [one[0, 0] for one in kept.of([2, 3, 1], read)] == [2, 3, 1]
    kept.of([4], read)
    kept.of([2, 1], read)
    assert asked == [[1, 2], [3], [4], [2]]
    assert [one[0, 0] for one in KeptTokens(-5).of([7, 8], read)] == [7, 8]
