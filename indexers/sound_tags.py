"""Tags of recordings: ID3, MP4, Vorbis comments, APE and Windows Media, under one set of names."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from indexers.facts import BAD_DATA, Facts, clean, joined, one_each, stars
from indexers.xmp_facts import moment

_TITLES = ("tit2", "©nam", "title")
_DATES = ("tdrc", "tdor", "tyer", "©day", "date", "year", "wm/year", "originaldate")
_GENRES = ("tcon", "©gen", "genre", "wm/genre")
_WORDS = (
    *("tpe1", "©art", "artist", "author", "wm/author", "tpe2", "aart", "albumartist", "wm/albumartist"),
    *(
        "talb",
        "©alb",
        "album",
        "wm/albumtitle",
        "tcom",
        "©wrt",
        "composer",
        "wm/composer",
        "text",
        "lyricist",
    ),
    *("tit1", "tit3", "©grp", "grouping", "subtitle", "performer", "conductor", "tpe3", "publisher", "tpub"),
    *("desc", "ldes", "description", "wm/subtitle", "tcop", "cprt", "copyright"),
    *("comm", "©cmt", "comment", "comments", "uslt", "©lyr", "lyrics", "unsyncedlyrics", "wm/lyrics"),
)
_RATING_OF_BYTE = ((224, 5), (160, 4), (96, 3), (32, 2), (1, 1))


def read_facts(path: str) -> Facts:
    """Collect the tags of a recording; nothing when there are none that can be read."""
    import mutagen

    try:
        file = mutagen.File(path)
        tags = dict(_named(file.tags)) if file is not None and file.tags else {}
    except (mutagen.MutagenError, *BAD_DATA):
        return Facts()
    title = next(iter(_texts(tags, _TITLES)), None)
    genres = [part for text in _texts(tags, _GENRES) for part in re.split("[;,\0]", text)]
    return Facts(
        taken_at=next(filter(None, map(moment, _texts(tags, _DATES))), None),
        title=title,
        words=joined([title, *_texts(tags, _WORDS), *map(clean, genres)]),
        tags=one_each(genre.replace("/", " ") for genre in genres),
        rating=_rating(tags),
    )


def _named(tags: Any) -> Iterator[tuple[str, Any]]:
    """Yield tags by their name in small letters; of several with one name (comments) the texts are joined."""
    found: dict[str, list[Any]] = {}
    for key, value in tags.items():
        found.setdefault(key.partition(":")[0].lower(), []).append(value)
    yield from found.items()


def _texts(tags: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    values = (value for name in names for value in tags.get(name, ()))
    return [text for value in values for one in _each(value) if (text := clean(str(one)))]


def _each(value: Any) -> list[Any]:
    """Take the texts out of a frame, a list or a single value."""
    inner = getattr(value, "genres", None) or getattr(value, "text", value)
    inner = getattr(inner, "value", inner)
    return list(inner) if isinstance(inner, list | tuple) else [inner]


def _rating(tags: Mapping[str, Any]) -> int | None:
    """Read ID3's 0..255, Vorbis' 0..5 or 0..100, or FMPS' 0..1."""
    for frame in tags.get("popm", ()):
        return next((number for least, number in _RATING_OF_BYTE if frame.rating >= least), None)
    for text in _texts(tags, ("fmps_rating",)):
        return stars(_number(text) * 5)
    for text in _texts(tags, ("rating", "rate", "wm/shareduserrating")):
        value = _number(text)
        return stars(value if value <= 5 else value / 20)
    return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
