"""Into which passages documents are best cut, for questions everywhere and inside one file.

    python -m benchmarks.chunks [--halls 6] [--questions 120] [--pages 100] [--seed 0]

Compared, with the model of meaning that is installed: 256 tokens at a time whatever they hold, which is the
baseline; paragraphs with tables as running text; and passages as they are built (paragraphs, rows of tables
with what heads their columns, captions) without their context, encoded behind it, and leaning to it. A page
counts as its best passage. The PDFs are those of CROSSFIND_TEST_MEDIA with the questions about them, and
lists of prices that are written here: the halls of a warehouse sell the same articles on other pages at other
prices, so that only the title tells them apart. Last come pages of minutes with a planted fact each, whose
sentences have nothing to do with each other (`benchmarks.needles`).
"""

import argparse
import os
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pymupdf

from app.bootstrap import Equipment
from app.config import Config
from benchmarks import needles, text_corpus
from benchmarks.common import table
from benchmarks.text import Place, measured
from benchmarks.text_corpus import FILLER, GOODS, TOWNS, Question, Text
from indexers.batch import in_context
from indexers.paragraphs import MOST, is_prose, passages, size
from search.plan import MEANING
from search.spaces import Space, Vector, unit_rows

COLOURS = ("red", "green", "yellow", "white", "black", "wooden", "folding", "used", "large", "small", "old")
ROWS_A_PAGE = 11
HEADER = ("Article", "Price", "In stock", "Supplier")
ASKED = ("what does a {article} cost in {town}", "how many {article}s are left in {town}")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to cut documents: a vector for each passage, and the page that it stands on."""

    name: str
    places: Sequence[Place]
    vectors: Vector


def price_lists(folder: Path, halls: int, count: int, seed: int) -> list[Question]:
    """Write PDFs of price lists, one a hall; return questions, each answered by one row of one of them."""
    draw = random.Random(seed)
    asked = []
    for town in TOWNS[:halls]:
        articles = [f"{colour} {goods}" for colour in COLOURS for goods in GOODS]
        draw.shuffle(articles)
        name = f"{town}.pdf"
        with pymupdf.open() as document:
            document.set_metadata({"title": f"Price list of the hall in {town}"})
            for start in range(0, len(articles), ROWS_A_PAGE):
                rows = articles[start : start + ROWS_A_PAGE]
                page = document.new_page()
                _draw(page, rows, draw)
                asked += [
                    Question("row", ask.format(article=one, town=town), name, page.number + 1)
                    for one in rows
                    for ask in ASKED
                ]
            document.save(folder / name)
    return draw.sample(asked, min(count, len(asked)))


def _draw(page: pymupdf.Page, articles: Sequence[str], draw: random.Random) -> None:
    page.insert_textbox((60, 60, 540, 160), " ".join(draw.sample(FILLER, 4)), fontsize=10)
    priced = [
        (one, f"{draw.randrange(20, 900)}.00", str(draw.randrange(90)), draw.choice(TOWNS))
        for one in articles
    ]
    for n, row in enumerate((HEADER, *priced)):
        for left, text in zip((60, 220, 320, 420), row, strict=True):
            page.insert_text((left, 190 + 18 * n), text, fontsize=10)
    page.insert_textbox((60, 500, 540, 600), " ".join(draw.sample(FILLER, 4)), fontsize=10)


def planted(folder: Path, pages: int, seed: int) -> list[Question]:
    """Write PDFs with a fact on each page; return questions, but for those about scans."""
    return [
        Question(one.kind, one.text, *max(one.grades, key=lambda place: one.grades[place]))
        for one in needles.documents(folder, pages, seed)
        if one.kind != "scan"
    ]


def ways(texts: Sequence[Text], space: Space) -> Iterator[Way]:
    """Yield the ways to cut documents, the baseline first."""
    fixed = [(text.digest, n, part) for text in texts for n, part in _fixed(text.pages)]
    yield _way(space, "256 tokens at a time", fixed)
    flat = [
        (text.digest, n, part)
        for text in texts
        for n, page in enumerate(text.pages, start=1)
        for part in passages(page.splitlines())
        if is_prose(part)
    ]
    yield _way(space, "paragraphs, tables as running text", flat)
    built = [(text.digest, n, said) for text in texts for n, said in text.passages]
    plain = _way(space, "paragraphs, rows and captions", built)
    yield plain
    over = [one for text in texts for one in text.over]
    behind = [
        (digest, n, f"{top}\n{said}" if top else said)
        for (digest, n, said), top in zip(built, over, strict=True)
    ]
    yield _way(space, "the same, encoded behind title and heading", behind)
    yield Way("the same, leaning to them", plain.places, in_context(space, plain.vectors, over))
    given = [
        (text.digest, n, said)
        for text in texts
        for (n, _), said in zip(text.passages, text.encoded, strict=True)
    ]
    rows = _way(space, "", given)
    yield Way("leaning, rows encoded behind (as built)", rows.places, in_context(space, rows.vectors, over))


def _fixed(pages: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Cut pages into parts of so many tokens, wherever that is."""
    for n, page in enumerate(pages, start=1):
        part: list[str] = []
        tokens = 0
        for word in page.split():
            tokens += size(word)
            if tokens > MOST and part:
                yield n, " ".join(part)
                part, tokens = [], size(word)
            part.append(word)
        if part:
            yield n, " ".join(part)


def _way(space: Space, name: str, parts: Sequence[tuple[str, int, str]]) -> Way:
    vectors = space.encode([text for _, _, text in parts])
    return Way(name, [(digest, page) for digest, page, _ in parts], vectors)


def rank(way: Way, asked: Vector, question: Question, inside: bool) -> int | None:
    """Where the page that answers stands, from 1, among all pages or those of its file."""
    order = (way.places[row] for row in np.argsort(-(way.vectors @ asked), kind="stable"))
    found = dict.fromkeys(place for place in order if not inside or place[0] == question.digest)
    right = question.digest, question.page
    return list(found).index(right) + 1 if right in found else None


def compare(title: str, texts: Sequence[Text], asked: Sequence[Question], space: Space) -> None:
    """Print the table of one corpus."""
    pages = sum(len(text.pages) for text in texts)
    print(f"\n{title}: {pages} pages, {len(asked)} questions\n")
    questions = unit_rows(space.encode([one.text for one in asked]))
    rows = []
    for way in ways(texts, space):
        cells: list[object] = [way.name, len(way.places)]
        for inside in (False, True):
            ranks = [rank(way, vector, one, inside) for vector, one in zip(questions, asked, strict=True)]
            gain, _, recall, _ = measured(ranks)
            cells += [gain, recall]
        rows.append(cells)
    table(("passages", "how many", "NDCG@10", "R@5", "NDCG@10 inside the file", "R@5 inside"), rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--halls", type=int, default=6)
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    equipment = Equipment(Config(models_dir=os.environ.get("CROSSFIND_MODELS", "")))
    space = next((one for one in equipment.spaces if one.name == MEANING), None)
    if space is None:
        raise SystemExit("There is no model of meaning; get one with: crossfind models pull minilm-l6")
    if media := os.environ.get("CROSSFIND_TEST_MEDIA"):
        compare("real PDFs", *text_corpus.documents(Path(media)), space)
    written: dict[str, Callable[[Path], list[Question]]] = {
        "price lists": lambda folder: price_lists(folder, options.halls, options.questions, options.seed),
        "planted facts": lambda folder: planted(folder, options.pages, options.seed),
    }
    for title, write in written.items():
        with tempfile.TemporaryDirectory() as folder:
            asked = write(Path(folder))
            texts = [text_corpus.document(path) for path in sorted(Path(folder).iterdir())]
            compare(title, texts, asked, space)


if __name__ == "__main__":
    main()
