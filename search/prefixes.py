"""What stands behind a prefix of the query language: `type:pdf`, `near:51.5,-0.12,10km`, `like:@a.jpg`.

Every reader takes the value as the person wrote it and raises `QuerySyntaxError` over its span.
"""

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from difflib import get_close_matches

from search.errors import QuerySyntaxError
from search.query import (
    Camera,
    Clip,
    Collected,
    Dates,
    Extensions,
    Face,
    InFolder,
    Kinds,
    Languages,
    Lasting,
    Like,
    Name,
    Near,
    Objects,
    Only,
    OwnField,
    Paged,
    PageText,
    Part,
    Place,
    Rated,
    Said,
    SavedSearch,
    Scene,
    Somebody,
    Sound,
    SoundLike,
    Span,
    Tag,
    month_end,
)
from search.records import Box, MediaKind

OF_CHANGES = ("keep", "insist", "as")
"""What goes behind a changed picture, as in `like:@a.jpg but "in snow" keep:0.3`."""

PICTURES: dict[str, type[Like | Face]] = {"like": Like, "face": Face}
"""Prefixes that ask with a picture."""

_IN_WORDS = {"like": "scene: to search by words", "face": "person: to search by name"}

KINDS: dict[str, MediaKind] = {
    "image": "image",
    "photo": "image",
    "picture": "image",
    "pdf": "pdf",
    "document": "document",
    "video": "video",
    "audio": "audio",
    "other": "other",
}

_TAIL = re.compile(r"(?P<page>#\d+)?(?P<box>\[[^\]\[]*\])?$")
_STRETCH = re.compile(r"\[([^\]\[]*)\]$")
_LENGTH = re.compile(r"(?P<number>.*?)\s*(?P<unit>s|sec|m|min|h)?")
UNITS = {None: 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600}
_DURATIONS = "Write duration:>60s, duration:<5m, duration:1m..5m or duration:>1:30:00."
_RATINGS = "Write rating:4, rating:>=4, rating:2..4, rating:none, or rating:-1 for rejected."
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


def part(prefix: str, raw: str, span: Span) -> Part:
    """Return the node of `prefix:raw`. Raises `QuerySyntaxError`."""
    name = prefix.lower()
    if name in PICTURES:
        return _picture(name, raw, span)
    if name == "clip":
        return _clip(raw, span)
    if name not in _READERS:
        raise unknown(prefix, raw, span)
    if name == "sound" and raw.startswith("@"):
        return _sound_like(raw, span)
    text = readable(unquoted(raw), span)
    if not text:
        raise _wrong(f"{name}: has nothing to look for.", span)
    return _READERS[name](text, span)


def known() -> tuple[str, ...]:
    """Return the prefixes of the language."""
    return (*PICTURES, "clip", *_READERS)


def is_prefix(word: str) -> bool:
    """Tell whether the language has this prefix."""
    return word.lower() in known()


def unknown(prefix: str, raw: str, span: Span) -> QuerySyntaxError:
    """Return the error for a prefix that the language has not."""
    if prefix.lower() in OF_CHANGES:
        remedy = 'Write like:@a.jpg but "in snow" keep:0.3 insist:0.5 as:"a dog in snow".'
        return QuerySyntaxError(f"{prefix}: goes behind a picture that is to be otherwise.", *span, remedy)
    near = get_close_matches(prefix.lower(), known(), n=1)
    guess = f"Did you mean {near[0]}:? " if near else ""
    listed = ", ".join(f"{name}:" for name in known())
    quoted = f"{prefix}:{unquoted(raw)}".replace('"', '""')
    remedy = f'{guess}There are {listed}. To search for the words as they stand, quote them: "{quoted}".'
    return QuerySyntaxError(f"There is no kind of search called {prefix}:.", *span, remedy)


def unquoted(raw: str) -> str:
    """Take the quotes off a value: `""` inside stands for one quote."""
    if len(raw) >= 2 and raw[0] == raw[-1] == '"':
        return raw[1:-1].replace('""', '"').strip()
    return raw[1:-1].strip() if len(raw) >= 2 and raw[0] in "“„" else raw


def readable(text: str, span: Span) -> str:
    """Return the text when it is valid Unicode; else raise `QuerySyntaxError`."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _wrong("These characters are not valid Unicode text.", span, "Type them again.")
    return text


def _wrong(message: str, span: Span, remedy: str | None = None) -> QuerySyntaxError:
    return QuerySyntaxError(message, *span, remedy)


def _picture(name: str, raw: str, span: Span) -> Part:
    """Read `@path`, `@"path"`, then `#page` and `[left,top,right,bottom]`."""
    if not raw.startswith("@"):
        remedy = f'Write {name}:@"{unquoted(raw)}", or {_IN_WORDS[name]}.'
        raise _wrong(f"{name}: needs a file, marked with @.", span, remedy)
    closing = raw.rfind('"') + 1
    tail = _TAIL.search(raw, closing)
    end = tail.start() if tail else len(raw)
    path = unquoted(raw[1:end]) if closing else raw[1:end]
    if not path:
        raise _wrong(f"{name}: needs the path of a file behind the @.", span)
    page = tail["page"] if tail else None
    if page and int(page[1:]) == 0:
        raise _wrong("Pages count from 1.", span)
    box = _box(tail["box"], span) if tail and tail["box"] else None
    return PICTURES[name](path, int(page[1:]) if page else None, box, span=span)


def _sound_like(raw: str, span: Span) -> Part:
    path = readable(unquoted(raw[1:]), span)
    if not path:
        raise _wrong("sound: needs the path of a file behind the @.", span)
    return SoundLike(path, span=span)


def _clip(raw: str, span: Span) -> Part:
    """Read `@path` or `@"path"`, then `[from..to]` in seconds, minutes or by the clock."""
    if not raw.startswith("@"):
        remedy = f'Write clip:@"{unquoted(raw)}", or scene: to search by words.'
        raise _wrong("clip: needs a film, marked with @.", span, remedy)
    closing = raw.rfind('"') + 1
    tail = _STRETCH.search(raw, closing)
    path = raw[1 : tail.start() if tail else len(raw)]
    path = readable(unquoted(path) if closing else path, span)
    if not path:
        raise _wrong("clip: needs the path of a film behind the @.", span)
    first, last = _stretch(tail[1], span) if tail else (None, None)
    return Clip(path, first, last, span=span)


def _stretch(text: str, span: Span) -> tuple[float | None, float | None]:
    head, dots, tail = (piece.strip() for piece in text.partition(".."))
    remedy = "Write clip:@film.mp4[10..20], [1:30..2:00], [90s..] or [..20]; quote a name that has brackets."
    if not dots or not (head or tail):
        raise _wrong("A stretch of film is [from..to].", span, remedy)
    try:
        first, last = _seconds(head, span) if head else None, _seconds(tail, span) if tail else None
    except QuerySyntaxError as error:
        raise _wrong(error.message, span, remedy) from None
    if last is not None and (first or 0.0) >= last:
        raise _wrong("This stretch of film ends before it begins.", span, remedy)
    return first, last


def _box(text: str, span: Span) -> Box:
    values = _numbers(text[1:-1].split(","))
    if len(values) != 4 or not (0 <= values[0] < values[2] <= 1 and 0 <= values[1] < values[3] <= 1):
        remedy = "For the left half write [0,0,0.5,1]; put a file name that has square brackets in quotes."
        raise _wrong("A region is [left,top,right,bottom] in shares from 0 to 1.", span, remedy)
    return (values[0], values[1], values[2], values[3])


def _numbers(texts: list[str]) -> list[float]:
    """Return the finite numbers; a text that is none is left out."""
    try:
        return [value for value in map(float, texts) if math.isfinite(value)]
    except ValueError:
        return []


def _kinds(text: str, span: Span) -> Part:
    names = [name.strip().lower() for name in text.split(",")]
    if bad := [name for name in names if name not in KINDS]:
        message = f"There is no type called {bad[0] or '(nothing)'}."
        raise _wrong(message, span, f"Types are {', '.join(KINDS)}; for a file ending write ext:jpg.")
    return Kinds(tuple(dict.fromkeys(KINDS[name] for name in names)), span=span)


def _extensions(text: str, span: Span) -> Part:
    endings = [ending.strip().lower().lstrip(".") for ending in text.split(",")]
    if not all(endings):
        raise _wrong("ext: takes file endings with commas between them.", span, "Write ext:jpg,png.")
    return Extensions(tuple(dict.fromkeys(endings)), span=span)


def _dates(text: str, span: Span) -> Part:
    head, dots, tail = text.partition("..")
    first, last = (head.strip(), tail.strip()) if dots else (text.strip(), text.strip())
    if not first and not last:
        raise _date_error(text, span)
    begin = _days(first, span)[0] if first else None
    end = _days(last, span)[1] if last else None
    if begin and end and begin > end:
        raise _wrong("This range of dates ends before it begins.", span, f"Write date:{last}..{first}.")
    return Dates(begin, end, span=span)


def _days(text: str, span: Span) -> tuple[date, date]:
    """Return the first and last day that a year, month, day or word stands for."""
    if text.lower() in ("today", "yesterday"):
        day = date.today() - timedelta(days=text.lower() == "yesterday")
        return day, day
    match = _DAY.fullmatch(text)
    if match is None:
        raise _date_error(text, span)
    year, month, day_of_month = (int(group) if group else None for group in match.groups())
    try:
        if month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if day_of_month is None:
            return date(year or 0, month, 1), month_end(year or 0, month)
        day = date(year or 0, month, day_of_month)
    except ValueError:
        raise _wrong(f"There is no date {text}.", span) from None
    return day, day


def _date_error(text: str, span: Span) -> QuerySyntaxError:
    remedy = "Write date:2024, date:2024-05, date:2024-05-03, date:2024-05..2024-07 or date:today."
    return _wrong(f"{text or 'This'} is not a date.", span, remedy)


def _lasting(text: str, span: Span) -> Part:
    sign, value = text[:1], text[1:].lstrip("=")
    if sign == ">":
        return Lasting(_seconds(value, span), None, span=span)
    if sign == "<":
        return Lasting(None, _seconds(value, span), span=span)
    least, dots, most = text.partition("..")
    if not dots or not (least or most):
        raise _wrong("duration: takes a least or a greatest length.", span, _DURATIONS)
    first, last = _seconds(least, span) if least else None, _seconds(most, span) if most else None
    if first is not None and last is not None and first > last:
        raise _wrong("This range of lengths ends before it begins.", span, f"Write duration:{most}..{least}.")
    return Lasting(first, last, span=span)


def _seconds(text: str, span: Span) -> float:
    """Read `90`, `90s`, `1.5m`, `2h`, `1:30` or `1:02:03`."""
    found = _LENGTH.fullmatch(text.strip().lower())
    values = _numbers((found["number"] if found else text).split(":"))
    unit = UNITS[found["unit"]] if found else 1
    if not (1 <= len(values) <= 3) or min(values) < 0 or (len(values) > 1 and unit != 1):
        raise _wrong(f"{text or 'This'} is not a length of time.", span, _DURATIONS)
    return sum(value * 60.0**place for place, value in enumerate(reversed(values))) * unit


def _near(text: str, span: Span) -> Part:
    pieces = [piece.strip().lower() for piece in text.split(",")]
    radius = pieces[2] if len(pieces) == 3 else "1km"
    unit = 1.0 if radius.endswith("km") else 0.001
    values = _numbers([*pieces[:2], radius.removesuffix("km").removesuffix("m")])
    if not (len(pieces) in (2, 3) and radius.endswith("m") and len(values) == 3):
        raise _wrong("near: takes latitude,longitude,radius.", span, "Write near:51.5,-0.12,10km or 500m.")
    latitude, longitude, distance = values[0], values[1], values[2] * unit
    if not (abs(latitude) <= 90 and abs(longitude) <= 180 and distance > 0):
        remedy = "Latitude is -90..90, longitude -180..180, the radius more than nothing."
        raise _wrong("There is no such place.", span, remedy)
    return Near(latitude, longitude, distance, span=span)


def _languages(text: str, span: Span) -> Part:
    codes = [code.strip().lower() for code in text.split(",")]
    if bad := [code for code in codes if not re.fullmatch("[a-z]{2,3}", code)]:
        message = f"{bad[0] or 'This'} is not the code of a language."
        raise _wrong(message, span, "Write lang:en, lang:de or lang:de,fr.")
    return Languages(tuple(dict.fromkeys(codes)), span=span)


def _tag(text: str, span: Span) -> Part:
    levels = [level.strip() for level in text.split("/")]
    tag = "/".join(level for level in levels if level)
    if not tag:
        raise _wrong("tag: has nothing to look for.", span, "Write tag:holiday or tag:places/italy.")
    return Tag(tag, span=span)


def _rated(text: str, span: Span) -> Part:
    """Read `4`, `>=4`, `<3`, `2..4`, `-1` (rejected), `none`; a comparison speaks of rated files only."""
    found = re.fullmatch(r"(>=|<=|>|<)?\s*(-?\d)|(-?\d)?\.\.(-?\d)?|none", text.lower())
    if found is None or text == "..":
        raise _wrong(f"{text} is no rating.", span, _RATINGS)
    sign, stars, first, last = found[1], found[2], found[3], found[4]
    if stars is None:
        is_range = ".." in text
        least, most = (int(first or 1), int(last or 5)) if is_range else (0, 0)
    else:
        value = int(stars)
        least = {">": value + 1, ">=": value, "<": 1, "<=": 1}.get(sign, value)
        most = {"<": value - 1, "<=": value, ">": 5, ">=": 5}.get(sign, value)
    if not -1 <= least <= most <= 5:
        raise _wrong(f"No file has the rating {text}.", span, _RATINGS)
    return Rated(least, most, span=span)


def _place(text: str, span: Span) -> Part:
    if not all(name.strip() for name in text.split(",")):
        raise _wrong("place: has nothing to look for.", span, 'Write place:paris or place:"paris, france".')
    return Place(text, span=span)


def _own_field(text: str, span: Span) -> Part:
    name, sign, value = text.partition("=")
    if not name.strip():
        raise _wrong("meta: takes a field of your own.", span, "Write meta:project=apollo or meta:project.")
    return OwnField(name.strip(), value.strip() if sign else None, span=span)


def _only(text: str, span: Span) -> Part:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    if not names:
        raise _wrong("only: has nobody to look for.", span, 'Write only:"Ada, Grace".')
    return Only(names, span=span)


_READERS: dict[str, Callable[[str, Span], Part]] = {
    "scene": lambda text, span: Scene(text, span=span),
    "page": lambda text, span: Paged(text, span=span),
    "text": lambda text, span: PageText(text, span=span),
    "said": lambda text, span: Said(text, span=span),
    "object": lambda text, span: Objects(text, span=span),
    "sound": lambda text, span: Sound(text, span=span),
    "person": lambda text, span: Somebody(text, span=span),
    "only": _only,
    "name": lambda text, span: Name(text, span=span),
    "type": _kinds,
    "ext": _extensions,
    "date": _dates,
    "in": lambda text, span: InFolder(text, span=span),
    "camera": lambda text, span: Camera(text, span=span),
    "duration": _lasting,
    "near": _near,
    "lang": _languages,
    "tag": _tag,
    "rating": _rated,
    "place": _place,
    "meta": _own_field,
    "collection": lambda text, span: Collected(text, span=span),
    "saved": lambda text, span: SavedSearch(text, span=span),
}
