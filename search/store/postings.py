"""The words of a table held in memory, so that where those of a question stand is known in a moment.

The database answers the same in ten to thirty milliseconds, most of which goes into its plan and into texts
that nobody reads. Which pages are worth comparing has to be known sooner than that.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from search.spaces import Vector
from search.store.counted import BETWEEN
from search.store.page_layout import Numbers, Place, begins_of
from search.store.tables import Table
from search.store.text import fold

MOST = 10_000_000
"""So many different words of rows are held at most: 80 MB. In 3,000 pages of some 150 words are 200,000."""

_SATURATION, _LENGTH = 1.2, 0.75
"""k1 and b of BM25, those of the database."""

_BATCH = 8_192
_NUMBER = (1 << 32) - 1
"""What of `page` is its number; see `search.store.rows`."""

Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Which rows of one version of a table hold which words. Word i of `vocabulary`, a string array in order,
    stands in `rows[begins[i]:begins[i + 1]]`, and counts there `weights`, float32, to BM25. Row j lies on
    page `number[j]`, 0 for none, of `digests[content[j]]`."""

    digests: Sequence[str]
    content: Rows
    number: Rows
    vocabulary: pa.Array
    begins: Numbers
    rows: Rows
    weights: Vector

    @property
    def nbytes(self) -> int:
        """How many bytes are held."""
        parts = (self.content, self.number, self.vocabulary, self.begins, self.rows, self.weights)
        return sum(part.nbytes for part in parts)

    def best(self, text: str, wanted: int, digests: Collection[str] | None) -> list[tuple[Place, float]]:
        """Return where up to `wanted` rows lie that hold words of a text, best first, of these contents alone
        if they are given, with their BM25."""
        scores = self.scores(text)
        if digests is not None:
            among = np.fromiter((digest in digests for digest in self.digests), np.bool_, len(self.digests))
            scores[~among[self.content]] = 0
        at = np.flatnonzero(scores)
        if wanted < len(at):
            at = at[np.argpartition(-scores[at], wanted - 1)[:wanted]]
        best = at[np.argsort(-scores[at], kind="stable")]
        return [(self._place(row), float(scores[row])) for row in best]

    def scores(self, text: str) -> Vector:
        """Return the BM25 of every row, float32 (rows,), 0 where none of the words stands."""
        scores = np.zeros(len(self.content), np.float32)
        for word in dict.fromkeys(_words(text)):
            at = bisect_left(range(len(self.vocabulary)), word, key=lambda n: self.vocabulary[n].as_py())
            if at < len(self.vocabulary) and self.vocabulary[at].as_py() == word:
                found = slice(int(self.begins[at]), int(self.begins[at + 1]))
                scores[self.rows[found]] += self.weights[found]
        return scores

    def _place(self, row: int) -> Place:
        return self.digests[self.content[row]], int(self.number[row]) or None


def postings(table: Table) -> Postings | None:
    """Read the words of a table of words; None where they are more than can be held."""
    digests: dict[str, int] = {}
    codes: dict[str, int] = {"": 0}
    parts: list[tuple[Rows, Rows, Rows, Rows, Rows]] = []
    held = first = 0
    scan = table.search().select(["digest", "page", "words"]).limit(None)
    for batch in scan.to_batches(_BATCH):
        found = _counted(batch["words"], codes, first)
        parts.append((*_placed(batch, digests), *found))
        first += len(batch)
        held += len(found[0])
        if held > MOST:
            return None
    if not parts:
        none = np.zeros(0, np.int32)
        parts = [(none, none, none, none, none)]
    content, number, word, row, count = (np.concatenate(some) for some in zip(*parts, strict=True))
    vocabulary, word = _in_order(codes, word)
    order = np.argsort(word, kind="stable")
    many = np.bincount(word, minlength=len(vocabulary))
    weights = _weights(row, count, many[word], len(content))
    begins = np.append(begins_of(many), len(word))
    return Postings(list(digests), content, number, vocabulary, begins, row[order], weights[order])


def _placed(batch: pa.RecordBatch, digests: dict[str, int]) -> tuple[Rows, Rows]:
    """Return where rows lie; `digests` gets the number of each digest."""
    found = batch["digest"].dictionary_encode()
    known = [digests.setdefault(digest, len(digests)) for digest in found.dictionary.to_pylist()]
    page = batch["page"].fill_null(0).to_numpy(zero_copy_only=False)
    content = np.array(known, np.int32)[found.indices.to_numpy(zero_copy_only=False)]
    return content, (page & _NUMBER).astype(np.int32)


def _counted(texts: pa.Array, codes: dict[str, int], first: int) -> tuple[Rows, Rows, Rows]:
    """Return which words stand in folded texts, in which, counted from `first`, and how often; `codes` gets
    the number of each. What stands between white space is cut further only once, however often it comes."""
    pieces = pc.utf8_split_whitespace(texts.fill_null(""))
    row = pc.list_parent_indices(pieces).to_numpy()
    found = pc.list_flatten(pieces).dictionary_encode()
    cut = pc.split_pattern_regex(found.dictionary, BETWEEN)
    known = [codes.setdefault(word, len(codes)) for word in pc.list_flatten(cut).to_pylist()]
    lengths = pc.list_value_length(cut).to_numpy(zero_copy_only=False).astype(np.int64)
    piece = found.indices.to_numpy(zero_copy_only=False)
    each = lengths[piece]
    at = np.arange(each.sum()) + np.repeat(begins_of(lengths)[piece] - begins_of(each), each)
    word, row = np.array(known, np.int64)[at], np.repeat(row, each)
    is_word = word > 0
    both, count = np.unique(word[is_word] * len(texts) + row[is_word], return_counts=True)
    row = both % len(texts) + first
    return (both // len(texts)).astype(np.int32), row.astype(np.int32), count.astype(np.int32)


def _in_order(codes: dict[str, int], word: Rows) -> tuple[pa.Array, Rows]:
    """Return the words in their order, and which of those each is."""
    words = pa.array(codes, pa.string())
    order = pc.sort_indices(words)
    rank = np.empty(len(words), np.int32)
    rank[order.to_numpy()] = np.arange(len(words))
    return words.take(order), rank[word]


def _weights(row: Rows, count: Rows, many: Numbers, rows: int) -> Vector:
    """Return what each word counts in each row: `count` times in it, in so `many` of all `rows`."""
    length = np.bincount(row, weights=count, minlength=rows)
    share = length[row] / max(1.0, float(length.sum()) / max(1, rows))
    rare = np.log1p((rows - many + 0.5) / (many + 0.5))
    often = count / (count + _SATURATION * (1 - _LENGTH + _LENGTH * share))
    return np.asarray(rare * (_SATURATION + 1) * often, np.float32)


def _words(text: str) -> list[str]:
    """Return the words of a text as `BETWEEN` cuts them; to compile that takes longer than all the rest."""
    return "".join(sign if _is_kept(sign) else " " for sign in fold(text)).split()


def _is_kept(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"
