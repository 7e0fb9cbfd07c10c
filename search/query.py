"""The query tree: what a person asked, as frozen dataclasses.

`search.parser.parse` makes a tree of a text, `search.written.format` makes a text of a tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from search.records import Box, MediaKind

Scope = Literal["moment", "page", "pair", "file", "folder"]
"""Within what the parts of a `SAME` must come together; a pair are two pages or moments of one file."""

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
class Changed(Scored):
    """`like:@a.jpg but "in snow" but not people`: what is like the picture and otherwise as the words say.

    `change` or `without` says something. `described` is what the picture looked for shows in the user's own
    words, or "tags"; `keep` (of the picture) and `insist` (on the change) go from 0 to 1, None for the usual.
    """

    base: Like
    change: str
    without: tuple[str, ...] = ()
    described: str | None = None
    keep: float | None = None
    insist: float | None = None


@dataclass(frozen=True, slots=True)
class Clip(Scored):
    """`clip:@path[from..to]`: stretches of films that show the same as this one, seconds of which may be
    named. `path` is as written."""

    path: str
    first_s: float | None = None
    last_s: float | None = None


@dataclass(frozen=True, slots=True)
class Paged(Scored):
    """`page:`: what a page says or shows, by late interaction."""

    text: str


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
class Collected(Node):
    """`collection:`: in the collection of this name; `digests` are what is in it, once that was looked up."""

    name: str
    digests: frozenset[str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SavedSearch(Scored):
    """`saved:`: what the saved search of this name asks for; its query takes its place before it is asked."""

    name: str


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
    """`SAME scope (...)`: the part holds within one moment, page, pair of these, file or folder."""

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
    | Collected
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
    | Changed
    | Clip
    | Face
    | SavedSearch
    | Paged
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


def conjuncts(part: Part) -> tuple[Part, ...]:
    """Return the parts that must all hold."""
    return part.parts if isinstance(part, And) else (part,)


def is_filter(part: Part) -> bool:
    """Tell whether a part only decides yes or no by metadata."""
    return not any(isinstance(node, Leaf) for node in walk(part))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)
