"""From the paragraphs of a text to passages for a sentence model: neither cut short nor too slight.

A passage is one paragraph where that is possible. Paragraphs beyond `MOST` tokens are split at the ends of
sentences, into parts of about equal length; those below `LEAST` (headings, lines of tables) are joined with
what follows. Tokens are estimated, so that the cut does not depend on which model is installed.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

MOST, LEAST = 256, 40
"""Tokens. What is longer, the usual models cut off; what is shorter says too little to be found by."""

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
)
_UNIT = re.compile(rf"[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+|\d+|[^\w\s]|_")
_PER_TOKEN, _PER_FOREIGN_TOKEN = 5, 2

_SENTENCE = re.compile("(?<=[.!?…؟۔।])[\"'”’»)\\]]*\\s+|(?<=[。！？｡])[」』”’）]*")
_WORD = re.compile(r"\s+")
_LETTER = re.compile("(?s:.)[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200d\ufe0f]*")

_LETTERS_IN_PROSE, _MOST_SCRIPTS = 0.5, 4
_JAPANESE = frozenset(("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HALFWIDTH", "FULLWIDTH"))

_Sized = tuple[str, int]


def size(text: str) -> int:
    """Estimate how many tokens a text has: seldom too low, for English a sixth too high.

    A token is five letters of a Latin word, two of any other or two digits, and each sign or letter of a
    script without spaces. Joining texts never makes more of them.
    """
    return sum(map(_tokens, _UNIT.findall(text)))


def passages(paragraphs: Iterable[str]) -> list[str]:
    """Cut and join paragraphs: nothing but white space is lost, their order stays."""
    parts = (part for paragraph in paragraphs for part in _split(" ".join(paragraph.split())))
    sized = [(part, size(part)) for part in parts if part]
    forwards = _joined(sized, lambda before, _: before < LEAST)
    return [text for text, _ in _joined(forwards, lambda _, after: after < LEAST)]


def is_prose(passage: str) -> bool:
    """Whether a passage can mean something: not figures and signs, nor letters of fonts nobody can read."""
    letters = [letter for letter in passage if letter.isalpha()]
    signs = sum(not letter.isspace() for letter in passage)
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in set(letters)} - _JAPANESE
    return len(letters) >= _LETTERS_IN_PROSE * signs > 0 and len(scripts) <= _MOST_SCRIPTS


def _tokens(unit: str) -> int:
    per_token = _PER_TOKEN if unit.isascii() and unit.isalpha() else _PER_FOREIGN_TOKEN
    return math.ceil(len(unit) / per_token)


def _split(paragraph: str) -> Iterator[str]:
    """Cut a paragraph into as few parts as its length asks for, of about equal size."""
    whole = size(paragraph)
    if whole <= MOST:
        yield paragraph
        return
    wanted = whole / math.ceil(whole / MOST)
    begin = end = held = 0
    for atom in _atoms(paragraph, (_SENTENCE, _WORD, _LETTER)):
        n = size(atom)
        if held and (held >= wanted or held + n > MOST):
            yield paragraph[begin:end].strip()
            begin, held = end, 0
        end += len(atom)
        held += n
    yield paragraph[begin:].strip()


def _atoms(text: str, breaks: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """Cut a text at sentence ends; where a sentence is too long at words, and a word between letters."""
    ends = sorted({0, len(text), *(found.end() for found in breaks[0].finditer(text))})
    for begin, end in pairwise(ends):
        atom = text[begin:end]
        if size(atom) > MOST and len(breaks) > 1:
            yield from _atoms(atom, breaks[1:])
        else:
            yield atom


def _joined(passages: Iterable[_Sized], may: Callable[[int, int], bool]) -> list[_Sized]:
    """Join each passage to the one before where that is not too much and `may`, told both sizes, agrees."""
    joined: list[_Sized] = []
    for text, n in passages:
        if joined and joined[-1][1] + n <= MOST and may(joined[-1][1], n):
            before, held = joined.pop()
            text, n = f"{before}\n{text}", held + n
        joined.append((text, n))
    return joined
