"""Which ways of finding text find the right page, for questions as they should be and mistyped ones.

    python -m benchmarks.text [LETTERS [QUESTIONS]]

The baseline is BM25 as the database gives it. The texts are those PDFs of CROSSFIND_TEST_MEDIA that its
questions are about, what is said in its recordings, and LETTERS made-up letters with planted facts, about
which there are QUESTIONS of each kind; vectors come from the model of meaning that is installed. No constant
was chosen on these texts. What is not shown among the first ten counts as not found.
"""

import math
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks import text_corpus
from benchmarks.common import table
from benchmarks.text_corpus import Question, Text
from indexers.base import WORD_SPACES
from indexers.batch import in_context
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine, SearchOptions
from search.lexicon import Lexicon
from search.records import Content, File, Page, Segment
from search.spaces import Space, Vector, unit_rows
from search.store import Batch, Found, Library, Mark, Root, SegmentRows, Words, fold
from search.wording import Terms, found_match, text_score, words_of

Place = tuple[str, int]
"""Digest and page."""

Finder = Callable[[str], list[Place]]
Ranks = dict[str, list[int | None]]
"""For each way of finding the rank of each answer."""

DEPTH, LIMIT = 50, 12
FEEDBACK, EXPANSION, SHARE = 10, 20, 0.5
"""Pages whose words are added, how many words, and how much they count: as RM3 is usually set."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A library with its texts, and the vectors of their passages."""

    library: Library
    space: Space
    places: list[Place]
    vectors: Vector


def shelved(texts: Sequence[Text], space: Space, folder: Path, under: bool) -> Shelf:
    """Write the texts into a library as an indexing run would, or with the vectors of passages alone."""
    library = Library.create(folder)
    places = [(text.digest, page) for text in texts for page, _ in text.passages]
    vectors = _encoded(space, [said for text in texts for said in text.encoded])
    if under:
        vectors = in_context(space, vectors, [over for text in texts for over in text.over])
    words = [
        Segment(text.digest, "text", n, Page(n + 1), page)
        for text in texts
        for n, page in enumerate(text.pages)
        if page
    ]
    meant = [
        Segment(text.digest, "meaning", n, Page(page), said)
        for text in texts
        for n, (page, said) in enumerate(text.passages)
    ]
    root = str(folder.parent / "papers")
    with library.writer() as writer:
        writer.add_root(Root(root))
        writer.open_space("text", WORD_SPACES["text"])
        writer.open_space("meaning", space.fingerprint)
        segments = {
            "text": SegmentRows(WORD_SPACES["text"], words),
            "meaning": SegmentRows(space.fingerprint, meant, vectors),
        }
        contents = [Content(text.digest, "application/pdf", 1, pages=len(text.pages)) for text in texts]
        files = [File(f"{root}/{n}.pdf", text.digest, 1, 1, root) for n, text in enumerate(texts)]
        marks = [Mark(text.digest, "text", WORD_SPACES["text"].key) for text in texts]
        marks += [Mark(text.digest, "meaning", space.fingerprint.key) for text in texts]
        writer.write(Batch(contents, files, segments, marks))
        writer.optimize()
    return Shelf(library, space, places, vectors)


def _encoded(space: Space, texts: Sequence[str]) -> Vector:
    parts = [space.encode(texts[at : at + 64]) for at in range(0, len(texts), 64)]
    return np.concatenate(parts)


def bm25(shelf: Shelf, text: str) -> list[Place]:
    """The database's own order."""
    return _pages(shelf.library.find_words("text", Words(text), DEPTH))


def database_fuzzy(shelf: Shelf, text: str) -> list[Place]:
    """The database's own order with words within one edit (its `fuzziness`)."""
    import lancedb
    from lancedb.query import MatchQuery

    name, _ = shelf.library.version_of("text") or ("", 0)
    found = lancedb.connect(shelf.library.folder).open_table(name)
    rows = found.search(MatchQuery(fold(text), "words", fuzziness=1)).select(["digest", "page"]).limit(DEPTH)
    return [(row["digest"], row["page"]) for row in rows.to_list()]


def scored(shelf: Shelf, text: str) -> list[Place]:
    """BM25 with our scores: how many of the words, how close together."""
    found = shelf.library.find_words("text", Words(text), DEPTH)
    terms, best = Terms(text), max((one.score for one in found), default=1.0)

    def score(one: Found) -> float:
        return text_score(found_match(terms, one.segment.text or ""), one.score / best)

    return _pages(sorted(found, key=score, reverse=True))


def feedback(shelf: Shelf, lexicon: Lexicon, text: str) -> list[Place]:
    """BM25, and BM25 of the words that tell the best pages from the others, in equal shares."""
    first = shelf.library.find_words("text", Words(text), FEEDBACK)
    counts = Counter(word for one in first for word in words_of(one.segment.text or ""))
    known, total = lexicon.words(), len(shelf.places)
    weight = {word: n * math.log(1 + total / (1 + known.count(word))) for word, n in counts.items()}
    added = sorted(weight, key=lambda word: (-weight[word], word))[:EXPANSION]
    totals: dict[Place, float] = {}
    for share, asked in ((1 - SHARE, text), (SHARE, " ".join(added))):
        found = shelf.library.find_words("text", Words(asked), 2 * DEPTH)
        best = max((one.score for one in found), default=1.0)
        for one in found:
            assert isinstance(one.segment.locator, Page)
            place = (one.segment.digest, one.segment.locator.number)
            totals[place] = totals.get(place, 0.0) + share * one.score / best
    return sorted(totals, key=lambda place: -totals[place])[:DEPTH]


def dense(shelf: Shelf, text: str) -> list[Place]:
    """The order of cosines."""
    cosines = shelf.vectors @ unit_rows(shelf.space.encode([text]))[0]
    return list(dict.fromkeys(shelf.places[row] for row in np.argsort(-cosines)[: 4 * DEPTH]))


def inside(shelf: Shelf, question: Question) -> list[Place]:
    """The order of cosines within the document that is asked about."""
    cosines = shelf.vectors @ unit_rows(shelf.space.encode([question.text]))[0]
    order = (shelf.places[row] for row in np.argsort(-cosines))
    return list(dict.fromkeys(place for place in order if place[0] == question.digest))


def engine(made: Engine, fix: str, text: str) -> list[Place]:
    """The whole of Crossfind."""
    options = SearchOptions(limit=LIMIT, group="segment", fix=fix)  # type: ignore[arg-type]
    hits = made.search(text, options).hits
    return [(hit.file.digest, hit.locator.number) for hit in hits if isinstance(hit.locator, Page)]


def _pages(found: Sequence[Found]) -> list[Place]:
    places = ((one.segment.digest, one.segment.locator) for one in found)
    return list(dict.fromkeys((digest, at.number) for digest, at in places if isinstance(at, Page)))


def measured(ranks: Sequence[int | None]) -> tuple[float, ...]:
    """NDCG@10 with one right answer, and recall at 1, 5 and 10."""
    gain = [1 / math.log2(1 + rank) if rank and rank <= 10 else 0.0 for rank in ranks]
    return (
        sum(gain) / len(gain),
        *(sum(r is not None and r <= k for r in ranks) / len(ranks) for k in (1, 5, 10)),
    )


def rank(found: Sequence[Place], question: Question) -> int | None:
    """Where the answer stands, from 1."""
    right = (question.digest, question.page)
    return found.index(right) + 1 if right in found else None


def ranked(finders: Mapping[str, Finder], asked: Sequence[Question]) -> Ranks:
    """Where each way of finding has the answers."""
    return {name: [rank(find(one.text), one) for one in asked] for name, find in finders.items()}


def show(ranks: Ranks, chosen: Sequence[int]) -> None:
    """Print a table of some of the questions: the measures, and the NDCG by that of the first line."""
    measures = {name: measured([found[n] for n in chosen]) for name, found in ranks.items()}
    base = next(iter(measures.values()))[0]
    rows = [
        (name, *(f"{value:.3f}" for value in values), f"{values[0] / base:.2f}" if base else "")
        for name, values in measures.items()
    ]
    table(("how", "NDCG@10", "R@1", "R@5", "R@10", "to the first"), rows)
    sys.stdout.flush()


def report(name: str, finders: Mapping[str, Finder], asked: Sequence[Question]) -> None:
    """Print how a collection of questions is answered, altogether and by their kinds."""
    ranks = ranked(finders, asked)
    print(f"\n{name}: {len(asked)} questions\n")
    show(ranks, range(len(asked)))
    kinds = list(dict.fromkeys(one.kind for one in asked))
    for kind in kinds if len(kinds) > 1 else ():
        chosen = [n for n, one in enumerate(asked) if one.kind == kind]
        print(f"\n{name}: {kind}, {len(chosen)} such as: {asked[chosen[0]].text}\n")
        show(ranks, chosen)


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"])
    letters, each = (*map(int, arguments), *(120, 20)[len(arguments) :])
    space = next(space for space in Equipment(Config()).spaces if space.name == "meaning")
    corpora = {
        "PDFs": text_corpus.documents(media),
        "recordings": text_corpus.transcripts(media, 5),
        "letters": text_corpus.made_up(letters, 7),
    }
    corpora["letters"] = (corpora["letters"][0], text_corpus.some_of_each(corpora["letters"][1], each))
    with tempfile.TemporaryDirectory() as folder:
        texts = [text for made, _ in corpora.values() for text in made]
        shelf = shelved(texts, space, Path(folder) / "library", under=True)
        alone = shelved(texts, space, Path(folder) / "alone", under=False)
        words, lexicon = Engine(shelf.library), Lexicon(shelf.library)
        both = Engine(shelf.library, [SpaceEncoder(space)])
        finders: dict[str, Finder] = {
            "BM25": partial(bm25, shelf),
            "BM25 with the database's fuzziness": partial(database_fuzzy, shelf),
            "BM25 with our scores": partial(scored, shelf),
            "BM25 with feedback": partial(feedback, shelf, lexicon),
            "words with other forms": partial(engine, words, "off"),
            "the same, with fixes": partial(engine, words, "auto"),
            "meaning, passages alone": partial(dense, alone),
            "meaning, in context": partial(dense, shelf),
            "all, passages alone": partial(engine, Engine(alone.library, [SpaceEncoder(space)]), "auto"),
            "all, no fixes": partial(engine, both, "off"),
            "all": partial(engine, both, "auto"),
        }
        for name, (_, asked) in corpora.items():
            report(name, finders, asked)
            report(f"{name}, mistyped", finders, text_corpus.mistyped(asked, 11))
        print("\nwithin the one document\n")
        rows = [
            (name, what, *(f"{value:.3f}" for value in measured([rank(inside(one, q), q) for q in asked])))
            for name, (_, asked) in corpora.items()
            for what, one in (("alone", alone), ("in context", shelf))
        ]
        table(("texts", "vectors", "NDCG@10", "R@1", "R@5", "R@10"), rows)
        shelf.library.close()
        alone.library.close()


if __name__ == "__main__":
    main(sys.argv[1:])
