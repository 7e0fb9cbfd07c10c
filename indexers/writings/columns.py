"""Tables in text files, and what rows of any table become."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from indexers.facts import clean
from indexers.writings.blocks import Block, Row, Source
from indexers.writings.decoding import decoded

MOST_CELLS = 200
LONGEST_CELL = 2_000
_NUMBER = re.compile(r"[\d.,:;/%€$£+\-\s]*")


def csv_rows(source: Source) -> Iterator[Block]:
    """Read a table whose cells are parted by commas, semicolons or tabs, whichever it is."""
    text = decoded(source.file.read(source.most_text))
    lines = text.splitlines()
    tab = source.media_type == "text/tab-separated-values"
    try:
        yield from headed(csv.reader(lines, delimiter="\t" if tab else _delimiter(lines)))
    except csv.Error:  # a field without an end
        yield from (Row((clean(line)[:LONGEST_CELL],)) for line in lines)


def headed(rows: Iterable[Sequence[str]]) -> Iterator[Row]:
    """Clean rows, leave out empty ones, and name the columns by the first where that is but names."""
    header: tuple[str, ...] | None = None
    for row in rows:
        cells = tuple(clean(cell[: 2 * LONGEST_CELL])[:LONGEST_CELL] for cell in row[:MOST_CELLS])
        if not any(cells):
            continue
        if header is None and sum(map(bool, cells)) > 1:
            header = cells if not any(cell and _NUMBER.fullmatch(cell) for cell in cells) else ()
            yield Row(cells)
        else:
            yield Row(cells, header or ())


def _delimiter(lines: Sequence[str]) -> str:
    """Return the sign that parts every line into equally many cells, and into most."""
    sample = [line for line in islice(lines, 50) if line.strip()]

    def worth(sign: str) -> tuple[bool, int]:
        counts = [line.count(sign) for line in sample]
        return bool(counts) and min(counts) == max(counts) > 0, sum(counts)

    return max(",;\t|", key=worth)
