"""Share of the bare sentence model's throughput that indexing documents reaches, and the memory it takes.

    python -m benchmarks.meaning [PAGES]

The baseline encodes the same passages, already cut and held in memory, in the same batches. Uses the model
for meaning that is installed, on pages of the PDFs in CROSSFIND_TEST_MEDIA, put together as documents of 100
pages, and for memory as one long document.
"""

import os
import resource
import sys
import tempfile
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import table
from indexers.base import Job
from indexers.documents import INDEXER, page_text
from indexers.encode import BATCH
from indexers.pipeline import IndexOptions, index
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Space, Vector, unit_rows
from search.store import Library

PER_DOCUMENT, LONG = 20, 5_000
SOURCES = ("pdkids.pdf", "tracemonkey.pdf", "docling_multi_page.pdf")


class Numbers:
    """A space that costs nothing: all its vectors are the same."""

    name = "meaning"
    fingerprint = Fingerprint("numbers", "1", "", 384)
    accepts: frozenset[PayloadKind] = frozenset({"text"})
    picture_input: PictureInput | None = None

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Return float32 (n, 384), unit rows."""
        return unit_rows(np.ones((len(items), 384), np.float32))

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Nothing is to be loaded."""

    def close(self) -> None:
        """Nothing is to be freed."""


def documents(folder: Path, pages: int, each: int) -> list[Path]:
    """Write PDFs of `each` pages with the words of the sources' pages in turn."""
    import pymupdf

    folder.mkdir()
    media = Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")) / "pdf"
    texts: list[str] = []
    for name in SOURCES:
        with pymupdf.open(media / name) as source:
            texts += [page_text(page) for page in source]
    made = [folder / f"{number}.pdf" for number in range(pages // each)]
    for number, path in enumerate(made):
        with pymupdf.open() as document:
            for n in range(each):
                page = document.new_page()
                page.insert_textbox(page.rect, f"{number} {n} {texts[n % len(texts)][:5000]}", fontsize=8)
            document.save(path)
    return made


def passages(paths: Sequence[Path]) -> Iterator[str]:
    """The passages of the documents, as the indexer cuts them."""
    for path in paths:
        start: int | None = 0
        while start is not None:
            job = Job(str(path), "", "application/pdf", 0, 0, "documents", {"meaning": None}, start=start)
            part = INDEXER.extract(job)
            yield from (piece.text or "" for piece in part.pieces)
            start = part.next


def bare_rate(space: Space, texts: Sequence[str]) -> float:
    """Passages a second of the model alone, fed from memory."""
    space.encode(texts[:BATCH])
    began = time.perf_counter()
    for start in range(0, len(texts), BATCH):
        space.encode(texts[start : start + BATCH])
    return len(texts) / (time.perf_counter() - began)


def indexing_s(space: Space, root: Path, folder: Path) -> float:
    """Seconds of a whole run into a library that has the words already: only meaning is missing."""
    library = Library.create(folder)
    options = IndexOptions(workers=1)
    for spaces in ([], [space]):
        began = time.perf_counter()
        for _ in index([root], library, spaces, options, threading.Event()):
            pass
    library.close()
    return time.perf_counter() - began


def peak_mb() -> float:
    """The most memory this process has held, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    pages = int(arguments[0]) if arguments else 300
    space = next(space for space in Equipment(Config()).spaces if space.name == "meaning")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        texts = list(passages(documents(folder / "papers", pages, PER_DOCUMENT)))
        before = bare_rate(space, texts)
        ours = len(texts) / indexing_s(space, folder / "papers", folder / "library")
        bare = (before + bare_rate(space, texts)) / 2
        head = ("pages", "passages", "bare model, passages/s", "crossfind index, passages/s", "share")
        table(head, [(pages, len(texts), bare, ours, f"{ours / bare:.0%}")])
        lean = peak_mb()
        documents(folder / "long", LONG, LONG)
        made = peak_mb()
        indexing_s(Numbers(), folder / "long", folder / "library of one")
        table(("pages in one file", "peak memory, MB", "before"), [(LONG, peak_mb(), max(lean, made))])


if __name__ == "__main__":
    main(sys.argv[1:])
