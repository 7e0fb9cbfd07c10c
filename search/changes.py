"""What stands behind the `but` of `like:@a.jpg but "in snow" but not people keep:0.3`.

The items are those of one row of a query, as the parser reads them; what is taken is taken off its front.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lark import Token

from search import prefixes
from search.errors import QuerySyntaxError
from search.query import Changed, Like, Not, Part, Phrase, Span, Words

BUT = "but"
DESCRIBED = "as"
WHAT = 'Write like:@a.jpg but "in snow", but not people, and keep:0.3, insist:0.5 or as:"a dog in snow".'

KEEP, KEEP_UNTOLD, INSIST = 0.15, 0.4, 0.35
"""How much of the picture is kept where the user's own words describe what is looked for, and where they do
not, and how much the change counts beyond the rest, where nobody says."""

Item = Part | Token


@dataclass(slots=True)
class _Told:
    """What was read so far; `end` is one past its last character."""

    end: int
    change: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    described: str | None = None
    shares: dict[str, float] = field(default_factory=dict)


def changed(
    base: Like, left: list[Item], read: Callable[[Item], Part], is_word: Callable[[Token], bool]
) -> Changed:
    """Take all that belongs to a `but`, which comes first. Raises `QuerySyntaxError`.

    `read` makes a part of an item, `is_word` tells bare words from operators.
    """
    if base.weight != 1:
        remedy = 'Write (like:@a.jpg but "in snow")^2, or keep:0.5 to keep more of the picture.'
        raise QuerySyntaxError("A weight goes behind all of it.", *base.span, remedy)
    told = _Told(base.span[1])
    while left:
        if is_but(left[0]):
            _one(told, left, read, is_word)
        elif (option := _option(left[0])) is not None:
            _set(told, *option)
            left.pop(0)
        else:
            break
    shares = told.shares
    return Changed(
        base,
        ", ".join(told.change),
        tuple(told.without),
        told.described,
        shares.get("keep"),
        shares.get("insist"),
        span=(base.span[0], told.end),
    )


def _one(
    told: _Told, left: list[Item], read: Callable[[Item], Part], is_word: Callable[[Token], bool]
) -> None:
    but = left.pop(0)
    assert isinstance(but, Token)
    start = but.start_pos or 0
    no = bool(left) and isinstance(left[0], Token) and left[0] == "not"
    if no:
        left.pop(0)
    words = list(_words(left, is_word))
    part: Part | None = words[0] if len(words) == 1 else None
    if len(words) > 1:
        span = words[0].span[0], words[-1].span[1]
        part = Words(" ".join(word.text for word in words), span=span)
    elif not words and left:
        part = read(left.pop(0))
    if isinstance(part, Not) and not no:
        no, part = True, replace(part.part, span=part.span)
    if not isinstance(part, Words | Phrase):
        raise QuerySyntaxError("but has no words behind it.", start, start + len(but), WHAT)
    if part.weight != 1:
        remedy = "Write insist:0.5 behind it to insist more on the change."
        raise QuerySyntaxError("A change takes no weight.", *part.span, remedy)
    (told.without if no else told.change).append(part.text)
    told.end = part.span[1]


def _words(left: list[Item], is_word: Callable[[Token], bool]) -> Iterator[Words]:
    """Take bare words, and arrows, which read like something ruled out."""
    while left:
        match left[0]:
            case Token() as token if is_word(token) and not _ends(token):
                start = token.start_pos or 0
                span = start, start + len(token)
                yield Words(prefixes.readable(str(token), span), span=span)
            case Not(Words(">")) as arrow:
                yield Words("->", span=arrow.span)
            case _:
                return
        left.pop(0)


def _option(item: Item) -> tuple[str, str, Span] | None:
    if not isinstance(item, Token) or item.type not in ("PREFIXED", "NAKED"):
        return None
    name, _, raw = item.partition(":")
    start = item.start_pos or 0
    is_option = name.lower() in prefixes.OF_CHANGES
    return (name.lower(), str(raw), (start, start + len(item))) if is_option else None


def _set(told: _Told, name: str, raw: str, span: Span) -> None:
    text = prefixes.readable(prefixes.unquoted(raw), span)
    if not text:
        raise QuerySyntaxError(f"{name}: has no value.", *span, WHAT)
    if name in told.shares or (name == DESCRIBED and told.described is not None):
        raise QuerySyntaxError(f"{name}: is there twice.", *span, "Leave one of them away.")
    if name == DESCRIBED:
        told.described = text
    else:
        told.shares[name] = _share(name, text, span)
    told.end = span[1]


def _share(name: str, text: str, span: Span) -> float:
    """Read `0.3` or `30%`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)(%)?", text)
    value = float(found[1]) / (100 if found[2] else 1) if found else 2.0
    if value > 1:
        raise QuerySyntaxError(f"{name}: is a share from 0 to 1.", *span, f"Write {name}:0.3 or {name}:30%.")
    return round(value, 6)


def is_but(item: Item) -> bool:
    """Whether a change begins here."""
    return isinstance(item, Token) and item.type == "WORD" and item == BUT


def _ends(token: Token) -> bool:
    """Whether the words of a change end before this."""
    return token in ("+", "-", BUT) or _option(token) is not None
