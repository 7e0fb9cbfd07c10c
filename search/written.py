"""The one written form of a query tree: `parse(format(query)) == query` for every tree `parse` can return."""

import re
from datetime import date
from typing import assert_never

from search.query import (
    And,
    Camera,
    Changed,
    Clip,
    Collected,
    Dates,
    Extensions,
    Face,
    Filter,
    InFolder,
    Kinds,
    Languages,
    Lasting,
    Leaf,
    Like,
    Mixed,
    Name,
    Near,
    Not,
    Objects,
    Only,
    Or,
    OwnField,
    Paged,
    PageText,
    Part,
    Phrase,
    Place,
    Query,
    Rated,
    Said,
    Same,
    SavedSearch,
    Scene,
    Scored,
    Somebody,
    Sound,
    SoundLike,
    Tag,
    Then,
    Words,
    month_end,
)


def format(query: Query | Part) -> str:  # noqa: A001 - the language's own word
    """Write a query so that parsing it gives the same tree."""
    return _written(query.root if isinstance(query, Query) else query)


def _written(part: Part) -> str:
    match part:
        case And() | Or():
            text = _joined(part)
            return text if part.weight == 1 else f"({text}){_weight(part)}"
        case Not(inner):
            return f"-{_operand(inner)}"
        case Same(scope, inner):
            return f"SAME {scope} ({_written(inner)}){_weight(part)}"
        case Mixed() | Changed():
            text = _leaf(part)
            return text if part.weight == 1 else f"({text}){_weight(part)}"
        case Then():
            text = _in_turn(part)
            return text if part.weight == 1 else f"({text}){_weight(part)}"
        case Words(text) if part.weight != 1 and " " in text:
            return f"({text}){_weight(part)}"
        case _ if isinstance(part, Leaf):
            return _leaf(part) + _weight(part)
        case _:
            return _filter(part)


def _joined(part: And | Or) -> str:
    """Write the parts; bare words that are separate in the tree need an `AND` to stay so."""
    if isinstance(part, Or):
        return " OR ".join(_operand(p) if isinstance(p, Or) else _written(p) for p in part.parts)
    written = ""
    words_before = False
    for p in part.parts:
        bare = isinstance(p, Words) and p.weight == 1
        glue = " AND " if bare and (words_before or _begins_like_a_term(p)) else " "
        written += (glue if written else "") + (
            _operand(p) if isinstance(p, And | Or | Then) else _written(p)
        )
        words_before = bare or (words_before and glue == " ")
    return written


def _begins_like_a_term(part: Part) -> bool:
    """Whether these words would become the term of a sum behind a picture."""
    return isinstance(part, Words) and part.text.partition(" ")[0] in ("+", "-", "but")


def _in_turn(then: Then) -> str:
    """Write what follows what; an AND needs no brackets here."""
    first, *others = (_operand(p) if isinstance(p, Or | Then) else _written(p) for p in then.parts)
    written = first
    for text, within in zip(others, then.within_s, strict=True):
        written += f" THEN {text}" + ("" if within is None else f" WITHIN {_seconds(within)}")
    return written


def _operand(part: Part) -> str:
    """Write a part so that an operator beside it takes all of it."""
    text = _written(part)
    is_row = isinstance(part, Words) and " " in part.text
    many = is_row or isinstance(part, And | Or | Then | Mixed | Changed)
    weighted = isinstance(part, Scored) and part.weight != 1
    return f"({text})" if many and not weighted else text


def _sum(mixed: Mixed) -> str:
    terms = [f"{'+' if term.sign > 0 else '-'} {_written(term.what)}" for term in mixed.terms]
    return " ".join((_written(mixed.base), *terms))


def _changed(part: Changed) -> str:
    told = [_leaf(part.base)]
    told += [f"but {_quoted(part.change)}"] if part.change else []
    told += [f"but not {_quoted(text)}" for text in part.without]
    shares = {"keep": part.keep, "insist": part.insist}
    told += [f"{name}:{_number(share)}" for name, share in shares.items() if share is not None]
    told += [f"as:{_quoted(part.described)}"] if part.described else []
    return " ".join(told)


def _leaf(part: Leaf) -> str:
    match part:
        case Words(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Scene(text):
            return f"scene:{_value(text)}"
        case Paged(text):
            return f"page:{_value(text)}"
        case PageText(text):
            return f"text:{_value(text)}"
        case Said(text):
            return f"said:{_value(text)}"
        case Objects(text):
            return f"object:{_value(text)}"
        case Sound(text):
            return f"sound:{_value(text)}"
        case SoundLike(path):
            return f"sound:@{_quoted(path)}"
        case Somebody(name):
            return f"person:{_value(name)}"
        case Only(names):
            return f"only:{_value(', '.join(names))}"
        case Like() | Face():
            return f"{'like' if isinstance(part, Like) else 'face'}:{_reference(part)}"
        case Mixed():
            return _sum(part)
        case SavedSearch(name):
            return f"saved:{_value(name)}"
        case Changed():
            return _changed(part)
        case Clip(path, first, last):
            ends = [f"{end!r}s" if end is not None else "" for end in (first, last)]
            return f"clip:@{_quoted(path)}" + (f"[{'..'.join(ends)}]" if any(ends) else "")
        case _:
            assert_never(part)


def _reference(part: Like | Face) -> str:
    number = "" if part.page is None else f"#{part.page}"
    corners = "" if part.box is None else f"[{','.join(map(repr, part.box))}]"
    return f"@{_quoted(part.path)}{number}{corners}"


def _filter(part: Filter) -> str:
    match part:
        case Name(text):
            return f"name:{_value(text)}"
        case Kinds(kinds):
            return f"type:{','.join(kinds)}"
        case Extensions(endings):
            return f"ext:{_value(','.join(endings))}"
        case Dates(first, last):
            return f"date:{_dates(first, last)}"
        case InFolder(folder):
            return f"in:{_value(folder)}"
        case Camera(text):
            return f"camera:{_value(text)}"
        case Languages(codes):
            return f"lang:{','.join(codes)}"
        case Lasting(least, most):
            return (
                f"duration:{'' if least is None else f'{least!r}s'}..{'' if most is None else f'{most!r}s'}"
            )
        case Near(latitude, longitude, radius):
            return f"near:{latitude!r},{longitude!r},{radius!r}km"
        case Tag(tag):
            return f"tag:{_value(tag)}"
        case Rated(least, most):
            return f"rating:{least}" if least == most else f"rating:{least}..{most}"
        case Place(name):
            return f"place:{_value(name)}"
        case OwnField(name, value):
            return f"meta:{_value(name if value is None else f'{name}={value}')}"
        case Collected(name):
            return f"collection:{_value(name)}"
        case _:
            assert_never(part)


def _dates(first: date | None, last: date | None) -> str:
    if first and last:
        if first == last:
            return first.isoformat()
        if first.day == 1 and last == month_end(first.year, first.month):
            return first.isoformat()[:7]
        if (first.month, first.day, last) == (1, 1, date(first.year, 12, 31)):
            return first.isoformat()[:4]
    return f"{first or ''}..{last or ''}"


def _weight(part: Scored) -> str:
    return "" if part.weight == 1 else f"^{_number(part.weight)}"


def _seconds(seconds: float) -> str:
    return f"{_number(seconds)}s"


def _number(value: float) -> str:
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w.,-]+", text) else _quoted(text)
