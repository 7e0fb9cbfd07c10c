"""What a query says in words, to be pointed out in texts and on pages."""

import re
from collections.abc import Iterator

from search.errors import QuerySyntaxError
from search.function_words import FUNCTION_WORDS
from search.parser import parse
from search.query import Leaf, Paged, PageText, Phrase, Said, Words, looked_for

_WORD = re.compile(r"[^\W_]+")


def asked_words(query: str) -> tuple[str, ...]:
    """Return the words, and in quotes the phrases, that a query looks for in texts; none for one that cannot
    be read. Words that say little by themselves are left out where there are others."""
    if not query.strip():
        return ()
    try:
        found = list(dict.fromkeys(_words(query)))
    except QuerySyntaxError:
        return ()
    telling = [word for word in found if word.casefold() not in FUNCTION_WORDS]
    return tuple(telling or found)


def _words(query: str) -> Iterator[str]:
    for part in looked_for(parse(query).root):
        match part:
            case Phrase(text) | Said(text) | PageText(text):
                yield " ".join(text.split())
            case Words(text) | Paged(text):
                yield from _WORD.findall(text)
            case _ if isinstance(part, Leaf):
                continue
