"""Words: BM25 from LanceDB's full-text index, parts of words by reading the folded text through.

Reading through takes about a millisecond per megabyte (a thousand pages: 3 ms). LanceDB's sub-string index
takes half a minute for a common part and its n-gram index gives candidates only, so neither is used.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable
from typing import Any

import pyarrow as pa

from search.store.nearest import SELECTIVE, until_enough
from search.store.sql import both, one_of, quote
from search.store.tables import Table
from search.store.text import fold, has_words
from search.store.types import Words

_NO_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, kana and Han: scripts whose words have no spaces between them, so that
where a word ends depends on its neighbours. They are looked for as sub-strings too."""

Scored = tuple[float, dict[str, Any]]


def find_words(
    table: Table, columns: list[str], words: Words, limit: int, digests: Collection[str] | None
) -> list[Scored]:
    """Return up to `limit` (score, row) best first; `words` is the folded column that is searched.

    The score is BM25; for sub-strings it grows with how often the text holds them.
    """
    text = fold(words.text)
    if limit <= 0 or not text or (digests is not None and not digests):
        return []
    unspaced = is_unspaced(text)
    if words.mode == "part" or (words.mode == "phrase" and unspaced) or not has_words(text):
        return _parts(table, columns, [text], limit, digests) if _visible(text) else []
    found = _ranked_by_index(table, columns, text, words, limit, digests)
    if unspaced and len(found) < limit:
        found += _unspaced(table, columns, text, words, limit, digests)
    return _best(found, limit)


def is_unspaced(text: str) -> bool:
    """Whether some of a text is written without spaces between its words."""
    return bool(_NO_SPACES.search(text))


def _visible(text: str) -> bool:
    """Whether a sub-string search makes sense: punctuation alone finds nothing."""
    return any(unicodedata.category(character)[0] in "LNMS" for character in text)


def _ranked_by_index(
    table: Table, columns: list[str], text: str, words: Words, limit: int, digests: Collection[str] | None
) -> list[Scored]:
    from lancedb.query import FullTextOperator, MatchQuery, PhraseQuery

    operator = FullTextOperator.AND if words.mode == "all" else FullTextOperator.OR
    query = (
        PhraseQuery(text, "words") if words.mode == "phrase" else MatchQuery(text, "words", operator=operator)
    )

    def fetch(count: int, where: str | None = None) -> pa.Table:
        search = table.search(query).select([*columns, "_score"])
        return (search.where(where) if where else search).limit(count).to_arrow()

    rows = _fetched(fetch, limit, digests, table)
    return [(row["_score"], row) for row in rows.to_pylist()]


def _unspaced(
    table: Table, columns: list[str], text: str, words: Words, limit: int, digests: Collection[str] | None
) -> list[Scored]:
    pieces = text.split()
    groups = [pieces] if words.mode == "all" else [[piece] for piece in pieces if _NO_SPACES.search(piece)]
    return [hit for group in groups for hit in _parts(table, columns, group, limit, digests)]


def _parts(
    table: Table, columns: list[str], parts: list[str], limit: int, digests: Collection[str] | None
) -> list[Scored]:
    """Find the rows whose text holds all the parts; every row is checked here as well."""
    holds = both(*(f"contains(words, {quote(part)})" for part in parts))

    def fetch(count: int, where: str | None = None) -> pa.Table:
        search = table.search().select(list({*columns, "words"}))
        return search.where(both(holds, where)).limit(count).to_arrow()

    rows = _fetched(fetch, max(limit * 4, 200), digests, table)
    return _best(_counted(rows.to_pylist(), parts), limit)


def _fetched(
    fetch: Callable[..., pa.Table], limit: int, digests: Collection[str] | None, table: Table
) -> pa.Table:
    if digests is None:
        return fetch(limit)
    if len(digests) <= SELECTIVE:
        return fetch(limit, one_of("digest", digests))
    return until_enough(fetch, limit, digests, table.count_rows(), exact=True)


def _counted(rows: Iterable[dict[str, Any]], parts: list[str]) -> list[Scored]:
    counts = ((min(row["words"].count(part) for part in parts), row) for row in rows)
    return [(1 + math.log(count), row) for count, row in counts if count]


def _best(found: list[Scored], limit: int) -> list[Scored]:
    """Each row once, with the first score it was found with; best first."""
    seen: dict[tuple[Any, ...], Scored] = {}
    for hit in found:
        seen.setdefault(_key(hit[1]), hit)
    return sorted(seen.values(), key=lambda hit: (-hit[0], _key(hit[1])))[:limit]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["digest"], row.get("n", 0), row.get("path", ""))
