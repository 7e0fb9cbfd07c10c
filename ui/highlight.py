"""Which parts of a text are the words that were looked for."""

import re
import unicodedata
from collections.abc import Collection

from search.errors import QuerySyntaxError
from search.function_words import FUNCTION_WORDS
from search.parser import parse
from search.query import Paged, PageText, Phrase, Said, Words, leaves

_WORD = re.compile(r"[^\W_]+")
_LONG = 4
"""A word of so many letters also stands for longer words that begin with it."""


def sought(query: str) -> frozenset[str]:
    """Return the words, folded, that a query looks for in texts; none where it cannot be read."""
    try:
        root = parse(query).root
    except QuerySyntaxError:
        return frozenset()
    worded = Words | Phrase | Paged | PageText | Said
    texts = (leaf.text for leaf in leaves(root) if isinstance(leaf, worded))
    return frozenset(word for text in texts for word in _WORD.findall(fold(text))) - FUNCTION_WORDS


def marks(text: str, words: Collection[str]) -> list[tuple[int, int]]:
    """Return start and length of every word of the text that is one of the words, or a longer form of it."""
    if not words:
        return []
    return [
        (found.start(), len(found[0])) for found in _WORD.finditer(text) if _is_meant(fold(found[0]), words)
    ]


def _is_meant(token: str, words: Collection[str]) -> bool:
    return token in words or any(
        (len(word) >= _LONG and token.startswith(word)) or (not word.isascii() and word in token)
        for word in words
    )


def fold(text: str) -> str:
    """Write a text without regard to case, accents, and other ways to write the same sign."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
