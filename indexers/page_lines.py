"""The lines of a PDF page's own text, with their boxes on the upright page, and whether they can be read.

A line is what MuPDF takes for one: letters that follow each other without a wide gap, so that the cells of a
table are lines of their own. Boxes are in points, with the origin at the top left of the upright page.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.records import Box

if TYPE_CHECKING:
    import pymupdf

UNREADABLE = 0.2
"""The share of a page's letters from which on it counts as one that cannot be read."""

_UNKNOWN = re.compile(r"\(cid:\d+\)|\ufffd")
_ENGLISH_LETTERS, _FEWEST_VOWELS = 200, 0.12
_SOFT = re.compile("\u00ad(?=\\S)")
"""A hyphen that would be seen only where a line is broken."""

_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad\u2010]$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef\u3000-\u303f]")
_GOES_ON = re.compile(r"[^\W\d_A-Z]")


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line. `box` is in points, `size` that of its largest letters; `block` numbers
    what MuPDF takes for one paragraph; `across` says that the line is level on the upright page, and
    `downwards` that its letters stand below each other, as in upright Japanese."""

    box: Box
    text: str
    size: float
    block: int
    across: bool = True
    bold: bool = False
    downwards: bool = False

    @property
    def height(self) -> float:
        """Points, above nothing."""
        return max(self.box[3] - self.box[1], 1e-3)


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page in the order of the file, the size of the upright page in points, and which share
    of its letters (0..1) belongs to fonts that do not say what they mean."""

    lines: tuple[Line, ...]
    width: float
    height: float
    unreadable: float = 0.0
    blocks: Sequence[Mapping[str, Any]] = ()

    def share(self, box: Box) -> Box:
        """Return a box in shares 0..1 of the page."""
        left, top, right, bottom = box
        across, down = max(self.width, 1e-6), max(self.height, 1e-6)
        return (_held(left / across), _held(top / down), _held(right / across), _held(bottom / down))


def lines_of(page: "pymupdf.Page") -> PageLines:
    """Read a page. Raises what MuPDF raises for damaged files."""
    import pymupdf

    blocks = page.get_text("dict", flags=pymupdf.TEXT_MEDIABOX_CLIP)["blocks"]
    turned, rotation = page.rotation_matrix, page.rotation
    found = []
    for number, block in enumerate(blocks):
        for line in block.get("lines", ()):
            raw = "".join(span["text"] for span in line["spans"])
            box, (across, down) = line["bbox"], line["dir"]
            if rotation:
                box = tuple(pymupdf.Rect(box) * turned)
                across, down = across * turned.a + down * turned.c, across * turned.b + down * turned.d
            found.append(_line(line["spans"], raw, box, number, (across, down), line))
    every = "".join(text for _, text in found)
    lines = tuple(line for line, _ in found if line.text)
    return PageLines(lines, page.rect.width, page.rect.height, unreadable(every), blocks)


def _line(
    spans: Sequence[Mapping[str, Any]],
    raw: str,
    box: Box,
    block: int,
    runs: tuple[float, float],
    facts: Mapping[str, Any],
) -> tuple[Line, str]:
    said = [span for span in spans if span["text"].strip()]
    size = max((span["size"] for span in said), default=0.0)
    bold = bool(said) and all(span["flags"] & 16 for span in said)
    text = " ".join(raw.split()) if _is_plain(raw) else clean(_SOFT.sub("", _UNKNOWN.sub(" ", raw)))
    downwards = bool(facts["wmode"]) or (len(text) == 1 and bool(_UNSPACED.match(text)))
    return Line(box, text, size, block, runs[0] > abs(runs[1]), bold, downwards), raw


def _is_plain(raw: str) -> bool:
    return raw.isascii() and raw.isprintable() and "(cid:" not in raw


def unreadable(text: str) -> float:
    """Return the share 0..1 of letters that say nothing: signs without a meaning, or hardly any vowels in
    what seems to be written in Latin letters, as of fonts that name their letters wrongly."""
    unknown = len(_UNKNOWN.findall(text))
    counted = Counter(_UNKNOWN.sub("", text) if unknown else text)
    letters = sum(n for letter, n in counted.items() if not letter.isspace())
    if not letters and not unknown:
        return 0.0
    junk = unknown + sum(
        n
        for letter, n in counted.items()
        if not letter.isspace() and unicodedata.category(letter) in ("Co", "Cn", "Cc", "So")
    )
    latin = sum(n for letter, n in counted.items() if letter.isascii() and letter.isalpha())
    if latin >= max(_ENGLISH_LETTERS, 0.5 * letters):
        vowels = sum(counted[letter] for letter in "aeiouyAEIOUY")
        junk = letters + unknown if vowels < _FEWEST_VOWELS * latin else junk
    return junk / (letters + unknown)


def clean(text: str) -> str:
    """Put a text on one line without control characters, which break tables and terminals."""
    return " ".join("".join(c if c.isprintable() or c == "\u00ad" else " " for c in text).split())


def joined(texts: Iterable[str]) -> tuple[str, list[int]]:
    """Join lines to a paragraph, hyphens at their ends mended; also how many signs that are no white space
    each line gave to it."""
    whole = ""
    given: list[int] = []
    for text in texts:
        if whole and _HYPHEN.search(whole) and _GOES_ON.match(text):
            whole = whole[:-1] + text
            given[-1] -= 1
        else:
            unspaced = whole and _UNSPACED.match(whole[-1]) and _UNSPACED.match(text[:1])
            whole = f"{whole}{text}" if unspaced or not whole else f"{whole} {text}"
        given.append(solid(text))
    return whole, given


def solid(text: str) -> int:
    """Count the signs that are no white space."""
    return len("".join(text.split()))


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds these."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how much two stretches have in common, below 0 how far they are apart."""
    return min(one[1], other[1]) - max(one[0], other[0])


def by_block(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines of each block, in the order of the file."""
    some: list[Line] = []
    for line in lines:
        if some and line.block != some[-1].block:
            yield some
            some = []
        some.append(line)
    if some:
        yield some


def _held(share: float) -> float:
    return min(1.0, max(0.0, share))
