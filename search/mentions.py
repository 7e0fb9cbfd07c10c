"""The files that the text of a query names: where their paths stand, and the text with other paths there.

Works on any text, also on one that is not a query yet.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from search.parser import tokens

_WITH_FILES = ("like", "face", "clip", "sound")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_TAIL = re.compile(r"(?:#\d+)?(?:\[[^\]\[]*\])?$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A path behind an `@`; `start` and `end` are the offsets of it with its quotes, if it has any."""

    path: str
    start: int
    end: int


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the files that a text names, in its order."""
    return tuple(_mentions(text))


def _mentions(text: str) -> Iterator[Mention]:
    for token in tokens(text):
        prefix, _, raw = token.partition(":")
        if token.type != "PREFIXED" or prefix.lower() not in _WITH_FILES or not raw.startswith("@"):
            continue
        start = (token.start_pos or 0) + len(prefix) + 2
        if quoted := _QUOTED.match(raw, 1):
            yield Mention(quoted[1].replace('""', '"').strip(), start, start + len(quoted[0]))
        else:
            tail = "" if prefix.lower() == "sound" else _tail(raw)
            path = raw[1 : len(raw) - len(tail)]
            yield Mention(path, start, start + len(path))


def _tail(raw: str) -> str:
    found = _TAIL.search(raw)
    return found[0] if found else ""


def renamed(text: str, other: Callable[[str], str | None]) -> str:
    """Return the text with other paths: `other` tells which, None for the one that stands there."""
    parts, at = [], 0
    for one in mentions(text):
        if (path := other(one.path)) is not None:
            parts += [text[at : one.start], quoted(path)]
            at = one.end
    return "".join((*parts, text[at:]))


def quoted(path: str) -> str:
    """Return a path as the language writes it."""
    return '"' + path.replace('"', '""') + '"'
