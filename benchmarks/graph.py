"""Questions with two parts: how often the file that holds both is found, and whether both places are shown.

    python -m benchmarks.graph [--planted 30] [--seed 0] [--only planted|linked|real|films]

PDFs are written with a chart on one page and a fact on the same page, on the next one, or elsewhere in the
file; other files hold the same chart or the same fact with others, or both in another order. Then the chart
stands in one file and the fact in another that it links to; other files have one of the two, or link to what
is not meant. Beside them are questions about real PDFs, and with `--only films` about films (both need
CROSSFIND_TEST_MEDIA; films take minutes). Compared are: all words of the question asked as a whole, its parts
answered by single pages or moments (no hop), and by pairs (one hop, two hops), with narrow and wide beams;
of linked files pairs without links, with them, and with any other file at a low weight. Simple questions are
asked with and without splitting: their lists must be the same.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pymupdf

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from benchmarks.common import table
from benchmarks.halves import rows as labelled
from benchmarks.planted import FACTS, FILLER, VALUES
from search.engine import Engine, SearchOptions
from search.links import Links, Neighbour
from search.query import Part
from search.records import Hit, Page
from search.spots import Spot, spot_of
from search.store import Library

PAGES, LINKED_PAGES = 6, 3
GOODS = ("lamps", "boats", "clocks", "hats", "kites", "pianos", "bicycles", "drums", "cakes", "letters")
TOWNS = ("Lyon", "Turin", "Graz", "Porto", "Ghent", "Bergen")
RELATIONS = ("same page", "next page", "same file")

Settings = dict[str, dict[str, object]]
"""What is patched for each way of asking, by its name."""

Place = Spot | tuple[str, Spot]
"""A place of the file that answers, or of another, with that file's name."""

Places = frozenset[Place]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the name of the file that answers it, and where: empty where only the file is known."""

    text: str
    file: str
    relation: str
    places: Places = frozenset()


REAL_PDFS = (
    Asked(
        "state machine of the major activities on the page with the sieve of Eratosthenes",
        "tracemonkey.pdf",
        "same page",
        frozenset({Page(2)}),
    ),
    Asked(
        "control flow graph of a nested loop in the paper that mentions the LuaJIT roadmap",
        "tracemonkey.pdf",
        "same file",
        frozenset({Page(7), Page(14)}),
    ),
    Asked(
        "chart of speedup against SquirrelFish in the document that explains the object shape",
        "tracemonkey.pdf",
        "same file",
        frozenset({Page(11), Page(5)}),
    ),
    Asked(
        "table of loops, trees and aborts + chart of speedup against SquirrelFish",
        "tracemonkey.pdf",
        "next page",
        frozenset({Page(12), Page(11)}),
    ),
    Asked(
        "how the typewriter was patented in the document that mentions LaTeX",
        "docling_multi_page.pdf",
        "same file",
        frozenset({Page(1), Page(3)}),
    ),
    Asked(
        "WordPerfect for legal professionals; the typewriter patented in 1868",
        "docling_multi_page.pdf",
        "next page",
        frozenset({Page(2), Page(1)}),
    ),
    Asked(
        "blogging and fan fiction in the document that talks about AI-powered platforms",
        "docling_multi_page.pdf",
        "next page",
        frozenset({Page(4), Page(5)}),
    ),
    Asked(
        "farewell of Hiawatha in the book that mentions the Susquehanna river",
        "pdkids.pdf",
        "same file",
        frozenset({Page(13), Page(22)}),
    ),
    Asked(
        "three kinds of bees in every hive; how long a beaver dam is",
        "pdkids.pdf",
        "same file",
        frozenset({Page(10), Page(25)}),
    ),
    Asked(
        "Sikes had a loaded pistol + chimney-sweep who wanted a boy",
        "pdkids.pdf",
        "same file",
        frozenset({Page(40), Page(34)}),
    ),
    Asked(
        "the black hen and the half-chick in the document that names BellonaTimes",
        "pdkids.pdf",
        "same file",
        frozenset({Page(52), Page(55)}),
    ),
    Asked(
        "inference timing on the page that mentions PubTabNet",
        "docling_2305.03393v1-pg9.pdf",
        "same page",
        frozenset({Page(1)}),
    ),
    Asked(
        "table of EU countries in the document with the abstract in Lorem Ipsum",
        "multicolumn.pdf",
        "same file",
        frozenset({Page(3), Page(1)}),
    ),
)
"""Truth from the labels of single questions: what both parts ask for stands in one file."""

FILMS = (
    Asked("a bus in the film where somebody talks about children playing in the water", "mix_a.mp4", "film"),
    Asked("two girls with goats in the video where they mention a man in blue shorts", "mix_a.mp4", "film"),
    Asked("dog barking; a man on the beach with two black dogs", "mix_a.mp4", "film"),
    Asked("people on snowmobiles in the film where somebody talks about a bridge", "mix_b.mkv", "film"),
    Asked("a man loading suitcases in the video that mentions snowmobiles", "mix_b.mkv", "film"),
    Asked("a bridge through green plants; a dog jumping into a pool", "mix_b.mkv", "film"),
    Asked("a girl on a horse in the film that mentions climbers", "mix_c.webm", "film"),
    Asked("a green van in the video where somebody talks about a yacht", "mix_c.webm", "film"),
    Asked(
        "climbers on a rock face in the film where they talk about a boy in a wetsuit", "mix_c.webm", "film"
    ),
)


def planted(folder: Path, count: int, seed: int) -> list[Asked]:
    """Write PDFs with `count` pairs and what may be taken for them; return the questions."""
    random = np.random.default_rng(seed)
    charts, facts = _things(count, random)
    questions = []
    for n, (chart, (fact, asked)) in enumerate(zip(charts, facts, strict=True)):
        relation = RELATIONS[n % len(RELATIONS)]
        first = int(random.integers(1, PAGES - 3))
        second = first + {"same page": 0, "next page": 1, "same file": 3}[relation]
        _write(folder / f"report {n:03} a.pdf", {first: chart}, {second: fact}, random)
        others = facts[(n + 7) % count][0], charts[(n + 11) % count]
        _write(folder / f"report {n:03} b.pdf", {first: chart}, {second: others[0]}, random)
        _write(folder / f"report {n:03} c.pdf", {first: others[1]}, {second: fact}, random)
        if relation == "same page":
            _write(folder / f"report {n:03} d.pdf", {1: chart}, {PAGES: fact}, random)
        holder = "on the page" if relation == "same page" else "in the document"
        text = f"the chart of {chart} {holder} that mentions {asked}"
        places: Places = frozenset((Page(first), Page(second)))
        questions.append(Asked(text, f"report {n:03} a.pdf", relation, places))
    return questions


def linked(folder: Path, count: int, seed: int) -> list[Asked]:
    """Write `count` pairs of files of which one links to the other, and what may be taken for them; return
    the questions."""
    random = np.random.default_rng(seed)
    charts, facts = _things(count, random)
    questions = []
    for n, (chart, (fact, asked)) in enumerate(zip(charts, facts, strict=True)):
        first, second = (int(one) for one in random.integers(1, LINKED_PAGES + 1, 2))
        others = charts[(n + 11) % count], facts[(n + 7) % count][0]
        for letter, here, there in (("a", chart, fact), ("b", chart, others[1]), ("c", others[0], fact)):
            target = f"appendix {n:03} {letter}.pdf"
            _write(folder / target, {}, {second: there}, random, pages=LINKED_PAGES)
            path = folder / f"report {n:03} {letter}.pdf"
            links = {first: f"{target}#page={second}"}
            _write(path, {first: here}, {}, random, links, LINKED_PAGES)
        _write(folder / f"report {n:03} d.pdf", {first: chart}, {}, random, pages=LINKED_PAGES)
        _write(folder / f"appendix {n:03} d.pdf", {}, {second: fact}, random, pages=LINKED_PAGES)
        places: Places = frozenset((Page(first), (f"appendix {n:03} a.pdf", Page(second))))
        questions.append(Asked(f"chart of {chart}; {asked}", f"report {n:03} a.pdf", "linked", places))
    return questions


def _things(count: int, random: np.random.Generator) -> tuple[list[str], list[tuple[str, str]]]:
    """Return so many charts, and facts with the words that ask for them."""
    goods = [f"sales of {good} in {town}" for good in GOODS for town in TOWNS]
    facts: list[tuple[str, str]] = []
    charts = [str(one) for one in random.permutation(goods)[:count]]
    while len(facts) < count:
        values = {name: str(random.choice(some)) for name, some in VALUES.items()}
        asked = "a {colour} {thing} and a {look} {who}".format(**values)
        if asked not in [known for _, known in facts]:
            facts.append((str(random.choice([said for said, _ in FACTS])).format(**values), asked))
    return charts, facts


def _write(
    path: Path,
    charts: dict[int, str],
    facts: dict[int, str],
    random: np.random.Generator,
    links: dict[int, str] | None = None,
    pages: int = PAGES,
) -> None:
    with pymupdf.open() as document:
        for number in range(1, pages + 1):
            values = [{name: str(random.choice(some)) for name, some in VALUES.items()} for _ in range(2)]
            lines = [FACTS[random.integers(len(FACTS))][0].format(**one) for one in values]
            lines += [str(random.choice(FILLER)), *([facts[number]] if number in facts else [])]
            page = document.new_page()
            page.insert_textbox(pymupdf.Rect(50, 50, 550, 400), "\n\n".join(lines), fontsize=11)
            if number in charts:
                _draw(page, charts[number], random)
            if links and number in links:
                area = pymupdf.Rect(50, 700, 300, 720)
                page.insert_text(area.bl, "More in the appendix.", fontsize=11)
                page.insert_link({"kind": pymupdf.LINK_URI, "from": area, "uri": links[number]})
        document.save(path)


def _draw(page: pymupdf.Page, what: str, random: np.random.Generator) -> None:
    for n, height in enumerate(random.integers(30, 180, 8)):
        page.draw_rect(pymupdf.Rect(80 + 50 * n, 640 - int(height), 115 + 50 * n, 640), fill=(0.2, 0.4, 0.7))
    page.insert_text((80, 670), f"Figure 1. {what.capitalize()} by month", fontsize=11)


def _whole(part: Part | None) -> tuple[Part | None, dict[Part, str]]:
    return part, {}


def ways() -> Settings:
    """What is set for each way of asking, by its name."""
    hop, beam = "search.graph.HOPS", "search.graph.BEAM"
    return {
        "the whole question": {"search.plan.paired": _whole},
        "parts, no hop": {hop: 0},
        "parts, one hop": {},
        "parts, two hops": {hop: 2},
        "one hop, beam 1": {beam: 1},
        "one hop, beam 5": {beam: 5},
    }


class _Anything(Links):
    """Every file is joined with every other, by no link."""

    def __init__(self, files: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._every = [Neighbour(digest, path, ()) for path, digest in files]

    def __bool__(self) -> bool:
        return True

    def of_content(self, digest: str) -> tuple[Neighbour, ...]:
        """Return all other files."""
        return tuple(one for one in self._every if one.digest != digest)


def ways_of_links(library: Library) -> Settings:
    """What is set for each way of joining files, by its name."""
    files = library.listed(None, "name")
    alone, every = Links(), _Anything(files)
    return {
        "the whole question": {"search.plan.paired": _whole},
        "pairs in one file": {"search.links.LinkBook.links": lambda _: alone},
        "and of files that are linked": {},
        "and of any two files, at .6": {
            "search.links.LinkBook.links": lambda _: every,
            "search.graph.NEAR_A_LINK": 0.6,
        },
    }


def by_way(engine: Engine, asked: Sequence[Asked], compared: Settings) -> Iterator[tuple[object, ...]]:
    """Yield a line of the table for each way."""
    kinds = list(dict.fromkeys(one.relation for one in asked))
    for name, settings in compared.items():
        with ExitStack() as stack:
            for target, value in settings.items():
                stack.enter_context(patch(target, value))
            engine.search(asked[0].text)
            began = time.perf_counter()
            answers = [engine.search(one.text, SearchOptions(limit=20)).hits for one in asked]
            took = (time.perf_counter() - began) / len(asked) * 1000
        ranks = [_rank(hits, one.file) for hits, one in zip(answers, asked, strict=True)]
        by_kind = [
            np.mean([rank == 1 for rank, one in zip(ranks, asked, strict=True) if one.relation == kind])
            for kind in kinds
        ]
        both = [_shows(hits, one) for hits, one in zip(answers, asked, strict=True) if one.places]
        yield (
            name,
            float(np.mean([rank == 1 for rank in ranks])),
            float(np.mean([0 < rank <= 3 for rank in ranks])),
            float(np.mean([1 / rank if rank else 0.0 for rank in ranks])),
            *map(float, by_kind),
            float(np.mean(both)) if both else "",
            took,
        )


def _rank(hits: Sequence[Hit], name: str) -> int:
    names = [hit.file.name for hit in hits]
    return names.index(name) + 1 if name in names else 0


def _shows(hits: Sequence[Hit], one: Asked) -> bool:
    """Whether the first hit is right and what answers its parts lies where it should."""
    if not hits or hits[0].file.name != one.file:
        return False
    best: dict[str, Place] = {}
    for evidence in hits[0].evidence:
        if evidence.part is not None:
            spot = spot_of(evidence.locator)
            best.setdefault(evidence.part, (Path(evidence.path).name, spot) if evidence.path else spot)
    return frozenset(best.values()) == one.places


def simple(engine: Engine, questions: Sequence[str]) -> None:
    """Print how many simple questions are answered with the same lists, and what that costs."""
    same, took = 0, dict[str, list[float]]()

    def answer(name: str, text: str) -> list[tuple[str, float, object]]:
        began = time.perf_counter()
        hits = engine.search(text).hits
        took.setdefault(name, []).append(time.perf_counter() - began)
        return [(hit.file.path, hit.score, hit.locator) for hit in hits]

    for text in questions:
        engine.search(text)
        with patch("search.plan.paired", _whole):
            before = answer("whole", text)
        same += answer("split", text) == before
    ratio = statistics.median(took["split"]) / statistics.median(took["whole"])
    print(f"\nsimple questions: {same} of {len(questions)} lists are the same, {ratio:.2f} times as long")


def compare(
    title: str,
    folders: Sequence[Path],
    asked: Sequence[Asked],
    also: Callable[[Engine], None] | None = None,
    of: Callable[[Library], Settings] = lambda _: ways(),
) -> None:
    """Index folders and print how the questions are answered."""
    with tempfile.TemporaryDirectory() as scratch:
        models = os.environ.get("CROSSFIND_MODELS", "")
        config = replace(Config(), library=str(Path(scratch) / "library"), models_dir=models)
        only = frozenset(("documents", "pictures", "videos", "speech", "sound"))
        for _ in start_indexing(config, IndexWishes(tuple(folders), only=only), threading.Event()).events:
            pass
        searcher = Searcher(config)
        searcher.engine.warm()
        kinds = list(dict.fromkeys(one.relation for one in asked))
        print(f"\n{title}: {len(asked)} questions, {searcher.library.status().files} files\n")
        head = ("way", "R@1", "R@3", "MRR", *(f"R@1 {kind}" for kind in kinds), "both places", "ms")
        table(head, by_way(searcher.engine, asked, of(searcher.library)))
        if also:
            also(searcher.engine)
        searcher.close()


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--planted", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=("planted", "linked", "real", "films"))
    options = parser.parse_args()
    wanted = {options.only} if options.only else {"planted", "linked", "real"}
    with tempfile.TemporaryDirectory() as scratch:
        if "planted" in wanted:
            asked = planted(Path(scratch), options.planted, options.seed)
            compare("planted pairs", [Path(scratch)], asked)
    with tempfile.TemporaryDirectory() as scratch:
        if "linked" in wanted:
            asked = linked(Path(scratch), options.planted, options.seed)
            compare("linked files", [Path(scratch)], asked, of=ways_of_links)
    if (media := os.environ.get("CROSSFIND_TEST_MEDIA")) and "real" in wanted:
        questions = [str(row["question"]).replace('"', "") for row in labelled("pdf/questions.jsonl")]
        captions = [str(row["captions"][0]).replace('"', "") for row in labelled("photos/captions.jsonl")]
        compare(
            "real PDFs",
            [Path(media) / "pdf"],
            REAL_PDFS,
            lambda engine: simple(engine, [*questions, *captions[::4]]),
        )
    if media and "films" in wanted:
        compare("films, among photos of the same", [Path(media) / "video", Path(media) / "photos"], FILMS)


if __name__ == "__main__":
    main()
