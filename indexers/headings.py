"""What a passage of a PDF stands under: the title of the document, and the heading before it.

A passage alone does not say what the whole is about: "the deposit is 300 euros" is of somebody's lease. A
heading comes from the document's outline or, where it has none, from large letters on the same page; the
title from what the document says of itself, or from the largest letters of its first page.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from indexers.facts import clean
from indexers.paragraphs import is_prose

if TYPE_CHECKING:
    import pymupdf

Blocks = Sequence[Mapping[str, Any]]
"""The blocks of a page, as MuPDF's `dict` gives them."""

LONGEST = 120
"""Letters of a heading; what is longer is none."""

_MOST_ENTRIES = 5_000
"""Entries of an outline that are heeded, from its beginning."""

_LARGER = 1.2
"""How much larger than most of a page's letters those of a heading are."""

_BOLD, _BOLD_FLAG = 1.25, 16
"""Bold letters count as so much larger; how MuPDF marks them."""

_NEARLY = 0.85
"""What share of the largest letters' size those of a title have: headings below it may be larger, or bold."""

_CAPTION = re.compile(r"(?i)(fig(ure|\.)|table|abb(ildung|\.)|tab(elle|leau|\.))\s*\d")
_LEAST_LETTERS = 3
_NUMBER = re.compile(r"[\W\d_]*")
_PROGRAM = re.compile(r"(?i)^(microsoft )?(word|excel|powerpoint)\b( presentation)?( - )?")
_SAYS_NOTHING = re.compile(
    r"(?i)((untitled|unbenannt|sans titre|document|dokument|slide|print|scan)?[\W\d_]*|.*\.[a-z]{2,4}x?)"
)


class _Large(NamedTuple):
    """Large letters: their size in points, the number of their block on the page, and what they say."""

    size: float
    block: int
    text: str


@dataclass(frozen=True, slots=True)
class Headings:
    """What is known of a whole document: its title, "" for none, and its outline: headings by page (from 0),
    in their order."""

    title: str = ""
    outline: Mapping[int, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, document: "pymupdf.Document", first: Callable[[], Blocks] | None = None) -> "Headings":
        """Read both; `first` gives the blocks of the first page, where that is read anyway. Raises what MuPDF
        raises for damaged files."""
        outline: dict[int, list[str]] = {}
        for page, text in _entries(document):
            outline.setdefault(page, []).append(text)
        said = _PROGRAM.sub("", clean((document.metadata or {}).get("title") or ""))
        if _is_heading(said) and not _SAYS_NOTHING.fullmatch(said):
            return cls(said, outline)
        return cls(_first(first() if first else _blocks(document[0])), outline)

    def over(
        self, number: int, blocks: Blocks, paragraphs: Sequence[str], passages: Sequence[tuple[int, str]]
    ) -> list[str]:
        """Return what each passage of a page (from 0) stands under, "" for nothing; what it says itself is
        not repeated.

        `blocks` are the page's as MuPDF gives them, `paragraphs` its words in their order; passages come
        with how many of those words' signs, white space left out, are before them.
        """
        known = self.outline.get(number, ()) if self.outline else [one.text for one in _large(blocks)]
        before = [page for page in self.outline if page < number]
        first = self.outline[max(before)][-1] if before else ""
        starts = [(_length(paragraphs[:n]), text) for n, text in _placed(known, paragraphs)]
        over = []
        for read, passage in passages:
            heading = next((text for at, text in reversed(starts) if at <= read), first)
            plain = " ".join(passage.split())
            told = (one for one in dict.fromkeys((self.title, heading)) if one and one not in plain)
            over.append(". ".join(one.rstrip(".:") for one in told))
        return over


def _length(texts: Sequence[str]) -> int:
    """Count the signs beside white space, the only thing that cutting passages changes."""
    return sum(len("".join(text.split())) for text in texts)


def _placed(headings: Sequence[str], paragraphs: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs that begin with a heading, each heading once."""
    left = list(headings)
    for n, paragraph in enumerate(paragraphs):
        begins = _plain(paragraph).startswith
        heading = next((one for one in left if begins(_plain(one))), None)
        if heading is not None:
            left.remove(heading)
            yield n, heading


def _plain(text: str) -> str:
    """Return a text without its white space, cases and the number before it."""
    return _NUMBER.sub("", " ".join(text.split()).casefold(), count=1)


def _first(blocks: Blocks) -> str:
    """Return the first text of a page in letters about as large as its largest, "" where there are none."""
    large = _large(blocks)
    least = _NEARLY * max((one.size for one in large), default=0.0)
    begun = list(dropwhile(lambda one: one.size < least, large))
    lines = [
        one for n, one in enumerate(begun) if (one.size, one.block - n) == (begun[0].size, begun[0].block)
    ]
    text = " ".join(one.text for one in lines)
    return text if _is_heading(text) else ""


def _entries(document: "pymupdf.Document") -> Iterator[tuple[int, str]]:
    """Yield page (from 0) and text of the outline, in its order."""
    for _, said, number in document.get_toc()[:_MOST_ENTRIES]:
        text = clean(said)
        if _is_heading(text) and number > 0:
            yield number - 1, text


def _blocks(page: "pymupdf.Page") -> Blocks:
    import pymupdf

    blocks: Blocks = page.get_text("dict", flags=pymupdf.TEXT_MEDIABOX_CLIP)["blocks"]
    return blocks


def _large(blocks: Blocks) -> list[_Large]:
    """Return what begins a block of a page in larger letters than most are."""
    spans_of = [list(_spans(block)) for block in blocks]
    letters = Counter[float]()
    for size, text in (span for block in spans_of for span in block):
        letters[size] += len(text)
    usual = max(letters, key=lambda size: letters[size], default=0.0)
    found = []
    for n, block in enumerate(spans_of):
        spans = list(takewhile(lambda span: span[0] >= _LARGER * usual, block))
        if (
            spans
            and not _CAPTION.match(spans[0][1])
            and _is_heading(text := clean(" ".join(text for _, text in spans)))
        ):
            found.append(_Large(max(spans)[0], n, text))
    return found


def _spans(block: Mapping[str, Any]) -> Iterator[tuple[float, str]]:
    """Yield the pieces of text of a block with the size of their letters in points, bold ones larger."""
    for span in (span for line in block.get("lines", ()) for span in line["spans"] if span["text"].strip()):
        yield round(span["size"] * (_BOLD if span["flags"] & _BOLD_FLAG else 1), 1), span["text"]


def _is_heading(text: str) -> bool:
    return len(text) <= LONGEST and sum(map(str.isalpha, text)) >= _LEAST_LETTERS and is_prose(text)
