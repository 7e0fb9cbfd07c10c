"""What a person may be about to type: words and names that the library holds, with their counts."""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from search import written
from search.errors import QuerySyntaxError
from search.lexicon import Lexicon
from search.mending import mended
from search.parser import parse
from search.query import Camera, Collected, InFolder, Part, Place, SavedSearch, Somebody, Tag
from search.records import Suggestion, SuggestionKind
from search.store.text import fold
from search.variants import IsWord

LEAST = 2
"""Letters that must be there before a word is suggested."""

_NAMED: dict[str, tuple[SuggestionKind, Callable[[str], Part]]] = {
    "person": ("person", Somebody),
    "saved": ("saved", SavedSearch),
    "collection": ("collection", Collected),
    "tag": ("tag", Tag),
    "in": ("folder", InFolder),
    "place": ("place", Place),
    "camera": ("camera", Camera),
}
"""For each prefix of `search.holdings`: what its values are, and the part of a query that asks for one."""

_LAST = re.compile(rf'(?:(?P<prefix>{"|".join(_NAMED)}):)?(?P<start>"[^"]*|[^\s"()]*)$', re.IGNORECASE)


def suggestions(lexicon: Lexicon, is_word: IsWord, text: str, limit: int) -> list[Suggestion]:
    """Return at most `limit` queries that a person who has typed `text` may want: what may be meant first,
    then what has a name in the library, then words, the most frequent first.

    Behind a prefix all its values are suggested, also before the first letter.
    """
    unique = dict.fromkeys((*_meant(lexicon, is_word, text), *_completed(lexicon, text)))
    return list(islice((one for one in unique if one.text != text), limit))


def _completed(lexicon: Lexicon, text: str) -> Iterator[Suggestion]:
    last = _LAST.search(text)
    if last is None:
        return
    start, prefix = fold(last["start"].lstrip('"')), (last["prefix"] or "").lower()
    if not prefix and len(start) < LEAST:
        return
    head = text[: last.start()]
    for name, (kind, part) in _NAMED.items():
        if prefix in ("", name):
            for value, count in lexicon.named(name):
                if _begins(value, start):
                    yield Suggestion(head + written.format(part(value)), kind, count)
    if not prefix and not last["start"].startswith('"'):
        for word, count in lexicon.words().beginning(start):
            yield Suggestion(head + word, "word", count)


def _begins(name: str, start: str) -> bool:
    folded = fold(name)
    return folded.startswith(start) or any(word.startswith(start) for word in re.split(r"[\s/,]+", folded))


def _meant(lexicon: Lexicon, is_word: IsWord, text: str) -> Iterator[Suggestion]:
    try:
        found = mended(parse(text), lexicon.words(), is_word)
    except QuerySyntaxError:  # half typed
        return
    if found:
        yield Suggestion(written.format(found.instead), "meant")
