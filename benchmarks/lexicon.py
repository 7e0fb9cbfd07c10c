"""What it costs to know the words of a library: the first time, after a change, and to look one up.

    python -m benchmarks.lexicon [SEGMENTS]

The texts are made of words that are as frequent as words are (Zipf), 60 in each. The baseline is to read the
column of texts and do nothing with it.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import median_ms, table
from indexers.base import WORD_SPACES
from search.lexicon import Lexicon
from search.records import Content, Page, Segment
from search.store import Batch, Library, Mark, SegmentRows

WORDS_EACH, KINDS, AT_ONCE = 60, 200_000, 20_000


def vocabulary(seed: int = 0) -> list[str]:
    """Made-up words of three to eleven letters."""
    draw = np.random.default_rng(seed)
    letters = np.array(list("eeeetaaoinshrdlucmfwypvbgkjqxz"))
    return ["".join(draw.choice(letters, size)) for size in draw.integers(3, 12, KINDS)]


def filled(folder: Path, segments: int) -> Library:
    """A library with so many pages of text."""
    draw, words = np.random.default_rng(1), np.array(vocabulary())
    chances = 1 / np.arange(1, KINDS + 1)
    chances /= chances.sum()
    library = Library.create(folder)
    with library.writer() as writer:
        writer.open_space("text", WORD_SPACES["text"])
        for begin in range(0, segments, AT_ONCE):
            rows = draw.choice(words, (min(AT_ONCE, segments - begin), WORDS_EACH), p=chances)
            write(writer.write, f"d{begin}", [" ".join(row) for row in rows])
        writer.optimize()
    return library


def write(batch: Callable[[Batch], None], digest: str, texts: Sequence[str]) -> None:
    """Write one document."""
    found = [Segment(digest, "text", n, Page(n + 1), text) for n, text in enumerate(texts)]
    key = WORD_SPACES["text"]
    rows = {"text": SegmentRows(key, found)}
    batch(Batch([Content(digest, "application/pdf", 1)], (), rows, [Mark(digest, "text", key.key)]))


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    segments = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory() as folder:
        library = filled(Path(folder) / "library", segments)
        read_ms = median_ms(lambda: library.rows("text", ["words"]), 3, 1)
        now = [0.0]
        lexicon = Lexicon(library, clock=lambda: now[0])
        first_ms = timed(lexicon.words)
        again_ms = median_ms(lexicon.words, 50)
        with library.writer() as writer:
            write(writer.write, "new", ["one more page"])
        now[0] = 60.0
        changed_ms = timed(lexicon.words)
        words = lexicon.words()
        rows = [
            ("reading the texts", read_ms, 1.0),
            ("counting their words, the first time", first_ms, first_ms / read_ms),
            ("the same after a page was added", changed_ms, changed_ms / read_ms),
            ("when nothing has changed", again_ms, again_ms / read_ms),
            ("words that begin so", median_ms(lambda: words.beginning("stat")), None),
            ("words that hold a part", median_ms(lambda: words.holding("stat")), None),
            ("words within one edit", median_ms(lambda: words.near("recieve", 1)), None),
            ("words within two edits", median_ms(lambda: words.near("atmosphere", 2)), None),
        ]
        print(f"{segments} segments, {len(words)} different words\n")
        table(("what", "ms", "to reading"), [(what, ms, "" if r is None else r) for what, ms, r in rows])
        library.close()


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
