"""Whether the right thing is found: captions to photos, questions to pages, through the whole engine.

    python -m benchmarks.quality [CAPTIONS_PER_PHOTO]

Indexes CROSSFIND_TEST_MEDIA's photos and PDFs together with the models in CROSSFIND_MODELS. The baseline
is exact cosine order of the model's vectors over the photos alone; a mixed collection and the relevance
floor may cost a little, and that is what the table shows.
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from benchmarks.common import table
from search.engine import Engine, SearchOptions
from search.records import Hit, Page

Question = tuple[str, str, int | None]
"""Query, file name, page (None: any)."""


def lines(file: Path) -> list[dict[str, object]]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def captions(media: Path, each: int) -> Iterator[Question]:
    """Photos by what people wrote about them."""
    for photo in lines(media / "photos" / "captions.jsonl"):
        for caption in list(photo["captions"])[:each]:  # type: ignore[call-overload]
            yield str(caption), str(photo["file"]), None


def questions(media: Path) -> Iterator[Question]:
    """Pages by questions whose evidence stands in the text."""
    for question in lines(media / "pdf" / "questions.jsonl"):
        if question["evidence_in"] == "text layer":
            yield str(question["question"]), str(question["file"]), int(str(question["page"]))


def plain(text: str) -> str:
    """A sentence as free words: nothing in it is an operator."""
    return " ".join("".join(c if c.isalnum() else " " for c in text).split()).lower()


def is_right(hit: Hit, file: str, page: int | None) -> bool:
    """Whether a hit is the file and, if one is asked for, the page."""
    return hit.file.name == file and (page is None or hit.locator == Page(page))


def ranks(engine: Engine, asked: Sequence[Question], prefix: str, options: SearchOptions) -> list[int | None]:
    """The rank of the right answer for each question, None when it is not shown."""
    found = []
    for text, file, page in asked:
        query = f'{prefix}"{plain(text)}"' if prefix else plain(text)
        hits = engine.search(query, options).hits
        found.append(next((hit.rank for hit in hits if is_right(hit, file, page)), None))
    return found


def row(name: str, found: Sequence[int | None]) -> tuple[object, ...]:
    """One line of the table: R@1, R@5, R@10 and how many questions."""
    shares = [sum(r is not None and r <= k for r in found) / len(found) for k in (1, 5, 10)]
    return (name, *(f"{share:.3f}" for share in shares), len(found))


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    each = int(arguments[0]) if arguments else 5
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"])
    with tempfile.TemporaryDirectory() as folder:
        config = Config(library=folder + "/library", models_dir=os.environ["CROSSFIND_MODELS"])
        wishes = IndexWishes((media / "photos", media / "pdf"))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        searcher = Searcher(config)
        photos, pages = list(captions(media, each)), list(questions(media))
        usual = SearchOptions(limit=10, base=Path.cwd())
        everything = replace(usual, floor=0.0)
        rows = [
            row("captions, scene: alone, no floor", ranks(searcher.engine, photos, "scene:", everything)),
            row("captions, free words, no floor", ranks(searcher.engine, photos, "", everything)),
            row("captions, free words, usual floor", ranks(searcher.engine, photos, "", usual)),
            row("questions to pages, text: alone", ranks(searcher.engine, pages, "text:", everything)),
            row("questions to pages, free words", ranks(searcher.engine, pages, "", usual)),
        ]
        table(("what", "R@1", "R@5", "R@10", "queries"), rows)
        searcher.close()


if __name__ == "__main__":
    main(sys.argv[1:])
