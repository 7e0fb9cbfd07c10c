"""What a person may be about to type: words of the library, tags and names of people, with their counts."""

import re
from collections.abc import Iterator
from itertools import islice

from search import written
from search.errors import QuerySyntaxError
from search.lexicon import Lexicon
from search.mending import mended
from search.parser import parse
from search.query import Somebody, Tag
from search.records import Suggestion
from search.store.text import fold
from search.variants import IsWord

LEAST = 2
"""Letters that must be there before a word is suggested."""

_LAST = re.compile(r'(?:(?P<prefix>tag|person):)?(?P<start>"[^"]*|[^\s"()]*)$', re.IGNORECASE)


def suggestions(lexicon: Lexicon, is_word: IsWord, text: str, limit: int) -> list[Suggestion]:
    """Return at most `limit` queries that a person who has typed `text` may want: what may be meant first,
    then names and tags, then words, the most frequent first."""
    unique = dict.fromkeys((*_meant(lexicon, is_word, text), *_completed(lexicon, text)))
    return list(islice((one for one in unique if one.text != text), limit))


def _completed(lexicon: Lexicon, text: str) -> Iterator[Suggestion]:
    last = _LAST.search(text)
    start = fold(last["start"].lstrip('"')) if last else ""
    if last is None or len(start) < LEAST:
        return
    head, prefix = text[: last.start()], (last["prefix"] or "").lower()
    if prefix in ("", "person"):
        for name in lexicon.people():
            if _begins(name, start):
                yield Suggestion(head + written.format(Somebody(name)), "person")
    if prefix in ("", "tag"):
        for tag, count in lexicon.tags():
            if any(_begins(level, start) for level in tag.split("/")):
                yield Suggestion(head + written.format(Tag(tag)), "tag", count)
    if not prefix and not last["start"].startswith('"'):
        for word, count in lexicon.words().beginning(start):
            yield Suggestion(head + word, "word", count)


def _begins(name: str, start: str) -> bool:
    folded = fold(name)
    return folded.startswith(start) or any(word.startswith(start) for word in folded.split())


def _meant(lexicon: Lexicon, is_word: IsWord, text: str) -> Iterator[Suggestion]:
    try:
        found = mended(parse(text), lexicon.words(), is_word)
    except QuerySyntaxError:  # half typed
        return
    if found:
        yield Suggestion(written.format(found.instead), "meant")
