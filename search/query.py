"""The query tree: what a person asked, as frozen dataclasses, and its one written form.

`search.parser.parse` makes a tree of a text and `format` makes a text of a tree;
`parse(format(query)) == query` holds for every tree that `parse` can return.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, assert_never

from search.records import Box, MediaKind

Scope = Literal["moment", "page", "file", "folder"]
"""Within what the parts of a `SAME` must come together."""

Span = tuple[int, int]
"""First and one past the last character of a node in the query's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What every part of a query has: its place in the text, which takes no part in comparisons."""

    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored(Node):
    """A part that ranks; `weight` is its `^w`, of influence only beside other ranking parts."""

    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Words(Scored):
    """Bare words, separated by single spaces: asked of everything that can answer text."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase(Scored):
    """`"..."`: these words in this order, and their meaning."""

    text: str


@dataclass(frozen=True, slots=True)
class Scene(Scored):
    """`scene:`: what a picture or page shows."""

    text: str


@dataclass(frozen=True, slots=True)
class PageText(Scored):
    """`text:`: words in this order on a page, and their meaning."""

    text: str


@dataclass(frozen=True, slots=True)
class Said(Scored):
    """`said:`: words in this order, spoken or in the subtitles of a film."""

    text: str


@dataclass(frozen=True, slots=True)
class Objects(Scored):
    """`object:`: things in pictures, in words."""

    text: str


@dataclass(frozen=True, slots=True)
class Sound(Scored):
    """`sound:`: what is to be heard, in words; not what is said."""

    text: str


@dataclass(frozen=True, slots=True)
class SoundLike(Scored):
    """`sound:@path`: sounds like those of this recording or film. `path` is as written."""

    path: str


@dataclass(frozen=True, slots=True)
class Somebody(Scored):
    """`person:`: where somebody's face is to be seen; a name, or the number that lists of people show."""

    name: str


@dataclass(frozen=True, slots=True)
class Only(Scored):
    """`only:`: pictures that show all of these people, names or numbers without commas, and nobody else."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Like(Scored):
    """`like:@path#page[box]`: pictures and pages like this one. `path` is as written."""

    path: str
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Face(Scored):
    """`face:@path#page[box]`: the person whose face is the largest there. `path` is as written."""

    path: str
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What is added to a picture, with a `sign` of 1, or taken from it, with -1."""

    sign: int
    what: "Phrase | Like"


@dataclass(frozen=True, slots=True)
class Mixed(Scored):
    """`like:@a.jpg + "in snow" - people`: what is like the sum, in which each part has its weight."""

    base: Like
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Later(Scored):
    """A kind of search the language has and this version has not; `raw` is its value as written."""

    prefix: str
    raw: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """`name:`: a part of the file name, upper and lower case alike."""

    part: str


@dataclass(frozen=True, slots=True)
class Kinds(Node):
    """`type:`: one of these kinds of file."""

    kinds: tuple[MediaKind, ...]


@dataclass(frozen=True, slots=True)
class Extensions(Node):
    """`ext:`: one of these endings, small letters, without the dot."""

    endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dates(Node):
    """`date:`: taken (or else last changed) from `first` to `last`, both included, local time."""

    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class InFolder(Node):
    """`in:`: below a folder of this name, or this path."""

    folder: str


@dataclass(frozen=True, slots=True)
class Camera(Node):
    """`camera:`: a part of the camera's name, upper and lower case alike."""

    part: str


@dataclass(frozen=True, slots=True)
class Languages(Node):
    """`lang:`: one of these is what is mostly spoken; ISO 639-1 codes in small letters."""

    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lasting(Node):
    """`duration:`: film or sound of at least, and at most, so many seconds, both included."""

    least_s: float | None
    most_s: float | None


@dataclass(frozen=True, slots=True)
class Near(Node):
    """`near:`: taken within `radius_km` of a point, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    radius_km: float


@dataclass(frozen=True, slots=True)
class Tag(Node):
    """`tag:`: a tag of this name, or one that has it as a level; levels are parted by slashes."""

    tag: str


@dataclass(frozen=True, slots=True)
class Rated(Node):
    """`rating:`: from `least` to `most` stars, both included; 0 is a file that nobody rated, -1 rejected."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Place(Node):
    """`place:`: a name of the place, or of what it lies in, begins so; several names with commas must all."""

    name: str


@dataclass(frozen=True, slots=True)
class OwnField(Node):
    """`meta:name=value`: a field of the user's own has this value, or is there at all (None)."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class And(Scored):
    """All parts hold for one file; two or more."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Or(Scored):
    """At least one part holds for the file; two or more."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The part does not hold for the file."""

    part: "Part"


@dataclass(frozen=True, slots=True)
class Same(Scored):
    """`SAME scope (...)`: the part holds within one moment, page, file or folder."""

    scope: Scope
    part: "Part"


@dataclass(frozen=True, slots=True)
class Then(Scored):
    """`a THEN b WITHIN 20s`: one after the other in one file; two parts or more.

    `within_s` has for each part but the first how many seconds may lie between it and the one before.
    """

    parts: tuple["Part", ...]
    within_s: tuple[float | None, ...]


Filter = (
    Name
    | Kinds
    | Extensions
    | Dates
    | InFolder
    | Camera
    | Languages
    | Lasting
    | Near
    | Tag
    | Rated
    | Place
    | OwnField
)
Leaf = (
    Words
    | Phrase
    | Scene
    | PageText
    | Said
    | Objects
    | Sound
    | SoundLike
    | Somebody
    | Only
    | Like
    | Mixed
    | Face
    | Later
)
Part = Filter | Leaf | And | Or | Not | Same | Then


@dataclass(frozen=True, slots=True)
class Query:
    """A whole query; `text` is what the person wrote, or "" for one made by a program."""

    root: Part
    text: str = field(default="", compare=False)


def children(part: Part) -> tuple[Part, ...]:
    """Return the parts directly below one."""
    match part:
        case And(parts) | Or(parts) | Then(parts):
            return parts
        case Not(inner) | Same(_, inner):
            return (inner,)
        case _:
            return ()


def walk(part: Part) -> Iterator[Part]:
    """Yield the part and everything below it, in the order of the text."""
    yield part
    for child in children(part):
        yield from walk(child)


def looked_for(part: Part) -> Iterator[Part]:
    """Yield the part and everything below it but what a NOT rules out."""
    if not isinstance(part, Not):
        yield part
        for child in children(part):
            yield from looked_for(child)


def leaves(part: Part) -> Iterator[Leaf]:
    """Yield the parts that ask a modality, in the order of the text."""
    return (node for node in walk(part) if isinstance(node, Leaf))


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
        case Mixed():
            text = _sum(part)
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
    many = isinstance(part, And | Or | Then | Mixed) or (isinstance(part, Words) and " " in part.text)
    weighted = isinstance(part, Scored) and part.weight != 1
    return f"({text})" if many and not weighted else text


def _sum(mixed: Mixed) -> str:
    terms = [f"{'+' if term.sign > 0 else '-'} {_written(term.what)}" for term in mixed.terms]
    return " ".join((_written(mixed.base), *terms))


def _leaf(part: Leaf) -> str:
    match part:
        case Words(text):
            return text
        case Phrase(text):
            return _quoted(text)
        case Scene(text):
            return f"scene:{_value(text)}"
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
        case Later(prefix, raw):
            return f"{prefix}:{raw}"
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


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)


def _weight(part: Scored) -> str:
    return "" if part.weight == 1 else f"^{part.weight:.10f}".rstrip("0").rstrip(".")


def _seconds(seconds: float) -> str:
    return f"{seconds:.10f}".rstrip("0").rstrip(".") + "s"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _value(text: str) -> str:
    return text if re.fullmatch(r"[\w.,-]+", text) else _quoted(text)
