"""The many vectors of single pages: read by their place, never searched."""

from collections.abc import Collection

import numpy as np

from search.spaces import Vector
from search.store.library import Library
from search.store.page_layout import Place
from search.store.rows import tokens_of
from search.store.schema import TOKENS
from search.store.sql import quote

_WHOLE = "parent IS NULL"
"""The rows that stand for a page, and have its token vectors."""


def tokens_at(library: Library, space: str, places: Collection[Place]) -> dict[Place, Vector]:
    """Return the token vectors of these pages, float32 (m, dim) each, as far as there are any."""
    fingerprint = library.spaces().get(space)
    if fingerprint is None or not places:
        return {}
    where = f"{_WHOLE} AND ({' OR '.join(_contents(places))})"
    rows = library.rows(space, ["digest", "page", TOKENS], where).to_pylist()
    return {
        (row["digest"], row["page"]): tokens_of(row[TOKENS], fingerprint.dim) for row in rows if row[TOKENS]
    }


def drawn_pages(library: Library, space: str, n: int, seed: int = 0) -> list[Place]:
    """Return up to `n` pages drawn at random, the same ones for the same `seed`."""
    if space not in library.spaces():
        return []
    rows = library.rows(space, ["digest", "page"], _WHOLE)
    places = sorted(zip(rows["digest"].to_pylist(), rows["page"].to_pylist(), strict=True), key=str)
    chosen = np.random.default_rng(seed).choice(len(places), size=min(n, len(places)), replace=False)
    return [places[at] for at in np.sort(chosen)]


def _contents(places: Collection[Place]) -> list[str]:
    pages: dict[str, list[int]] = {}
    for digest, page in places:
        pages.setdefault(digest, []).extend([] if page is None else [page])
    return [
        f"(digest = {quote(digest)} AND page IN ({', '.join(map(str, sorted(numbers)))}))"
        if numbers
        else f"digest = {quote(digest)}"
        for digest, numbers in pages.items()
    ]
