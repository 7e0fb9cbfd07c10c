"""What a file says about itself, in one form for every kind of file, and how several sayings become one."""

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")
MOST_TEXT = 20_000
MOST_TAGS = 1_000
LONGEST_TAG = 200
_SINGLE = ("taken_at", "camera", "title", "rating", "place")
BAD_DATA = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
"""What readers of metadata raise for damaged data."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Metadata in the form `Content` keeps it.

    `words` is everything a person may search for, a line for each text; `tags` have their levels parted by
    slashes; `rating` is 1..5, -1 for rejected; `place` is what the file calls it, the smallest part first.
    """

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    title: str | None = None
    words: str = ""
    tags: tuple[str, ...] = ()
    rating: int | None = None
    place: str | None = None

    def completed(self, other: "Facts") -> "Facts":
        """Take over what this one does not say; words and tags of both are joined."""
        said = {name: value for name in _SINGLE if (value := getattr(self, name)) is not None}
        position = self if self.latitude is not None else other
        return replace(
            other,
            **said,
            latitude=position.latitude,
            longitude=position.longitude,
            words=joined([*self.words.split("\n"), *other.words.split("\n")]),
            tags=one_each([*self.tags, *other.tags]),
        )


FACT_FIELDS = tuple(one.name for one in fields(Facts))
"""What facts and a `Content` have in common, by name."""


def clean(text: str) -> str:
    """Return a text on one line, without control characters, of bounded length."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[: 2 * MOST_TEXT]).split())[:MOST_TEXT]


def joined(texts: Iterable[str | None]) -> str:
    """Join the texts line by line, each once."""
    return "\n".join(dict.fromkeys(text for text in texts if text))[:MOST_TEXT]


def one_each(tags: Iterable[str]) -> tuple[str, ...]:
    """Return cleaned tags, each once in any case; a flat one that is a level of another is left out."""
    found: dict[str, str] = {}
    for tag in tags:
        levels = [level for level in (clean(part) for part in tag[: 2 * LONGEST_TAG].split("/")) if level]
        text = "/".join(levels)[:LONGEST_TAG]
        if text and len(found) < MOST_TAGS:
            found.setdefault(text.casefold(), text)
    inner = {level for key in found if "/" in key for level in key.split("/")}
    return tuple(text for key, text in found.items() if key not in inner)


def sane_position(latitude: float, longitude: float) -> tuple[float | None, float | None]:
    """Return a position in degrees when it is one on Earth; 0, 0 is what broken receivers write."""
    is_sane = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if is_sane else (None, None)


def stars(text: str | float | None) -> int | None:
    """Read a rating on the scale 1..5, -1 for rejected; None for 0, which says that nobody rated."""
    value = attempt(lambda: round(float(text or 0)), 0)
    return min(5, max(-1, value)) or None


def stars_of_percent(text: str | float | None) -> int | None:
    """Read a rating as Windows writes it, 1..99: 1, 25, 50, 75 and 99 are one to five stars."""
    value = attempt(lambda: float(text or 0), 0.0)
    return None if not 0 < value <= 100 else 1 + round((value - 1) / 25 + 0.01)


def place_of(parts: Sequence[str | None]) -> str | None:
    """Join the names of a place, the smallest first, each once."""
    named = [clean(part) for part in parts if part]
    return ", ".join(dict.fromkeys(part for part in named if part)) or None


def attempt(read: Callable[[], T], otherwise: T) -> T:
    """Return what `read` returns, or the other value when the data are bad."""
    try:
        return read()
    except BAD_DATA:
        return otherwise
