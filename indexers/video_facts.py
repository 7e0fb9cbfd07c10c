"""What a container of moving pictures says about itself: when, where and with what it was made, its words."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from indexers import xmp, xmp_facts
from indexers.exif import camera_name
from indexers.facts import Facts, clean, joined, one_each, sane_position, stars

if TYPE_CHECKING:
    from av.container import InputContainer

_APPLE = "com.apple.quicktime."
_DATES = (_APPLE + "creationdate", "creation_time", "date_recorded", "date")
_PLACES = (_APPLE + "location.iso6709", "location", "location-eng", "xyz")
_MAKERS = (_APPLE + "make", "make", "com.android.manufacturer")
_MODELS = (_APPLE + "model", "model", "com.android.model")
_TITLES = (_APPLE + "title", _APPLE + "displayname", "title")
_KEYWORDS = (_APPLE + "keywords", "keywords")
_GENRES = (_APPLE + "genre", "genre")
_RATINGS = (_APPLE + "rating.user", "rating")
_WORDS = (
    *("artist", "album_artist", "author", "composer", "director", "show", "album", "genre", "keywords"),
    *("description", "synopsis", "comment", "copyright", "location", "network", "episode_id", "subject"),
)
_ISO_6709 = re.compile(r"([+-]\d+(?:\.\d+)?)([+-]\d+(?:\.\d+)?)")
_FIRST_YEAR = 1980
"""Clocks that were never set, and counts from 1904 or 1970, are no dates."""


def read_facts(container: "InputContainer") -> Facts:
    """Collect the metadata; what is malformed is left out."""
    told = {key.lower(): value for key, value in container.metadata.items()}
    packet = xmp_facts.read_facts(xmp.parse(told.pop("xmp", "")))
    tags = {key: text for key, value in told.items() if (text := clean(value))}
    camera = camera_name(_first(tags, _MAKERS), _first(tags, _MODELS))
    title = _first(tags, _TITLES) or None
    latitude, longitude = _position(_first(tags, _PLACES))
    said = [tags.get(key, "") for key in (*_WORDS, *(_APPLE + key for key in _WORDS))]
    facts = Facts(
        taken_at=next(filter(None, (_moment(tags.get(key, "")) for key in _DATES)), None),
        latitude=latitude,
        longitude=longitude,
        camera=camera,
        title=title,
        words=joined([title, camera, *said, *_chapters(container)]),
        tags=one_each([*_split(_first(tags, _KEYWORDS)), *_split(_first(tags, _GENRES))]),
        rating=stars(_first(tags, _RATINGS)),
    )
    return facts.completed(packet)


def _split(text: str) -> list[str]:
    return re.split("[;,]", text)


def _chapters(container: "InputContainer") -> list[str]:
    return [clean(chapter["metadata"].get("title", "")) for chapter in container.chapters()]


def _first(tags: Mapping[str, str], keys: Iterable[str]) -> str:
    return next((tags[key] for key in keys if key in tags), "")


def _moment(text: str) -> datetime | None:
    """Read an ISO time as local time: one with its own zone as it stands, one in UTC as this machine's."""
    try:
        moment = datetime.fromisoformat(text)
        if text.endswith("Z"):
            moment = moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    is_set = moment.year >= _FIRST_YEAR and len(text) > len("2024-05")
    return moment.replace(tzinfo=None) if is_set else None


def _position(text: str) -> tuple[float | None, float | None]:
    """Read `+51.5074-000.1278/` (ISO 6709): degrees, with its fraction if it has one."""
    found = _ISO_6709.match(text)
    return sane_position(float(found[1]), float(found[2])) if found else (None, None)
