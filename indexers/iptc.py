"""IPTC-IIM, the older of the two forms in which photo agencies write into pictures."""

import re
from collections.abc import Mapping
from datetime import datetime

from PIL import Image, ImageFile, IptcImagePlugin

from indexers.facts import Facts, attempt, clean, joined, one_each, place_of

Records = Mapping[tuple[int, int], object]
_CHARSET, _UTF_8 = (1, 90), b"\x1b%G"
_TITLES = ((2, 5), (2, 105))
_WORDS = ((2, 105), (2, 120), (2, 80), (2, 110), (2, 116), (2, 15), (2, 20), (2, 26))
_KEYWORDS = (2, 25)
_PLACE = ((2, 92), (2, 90), (2, 95), (2, 101))
_DATE, _TIME = (2, 55), (2, 60)
_NOTHING: Records = {}


def read_facts(image: Image.Image) -> Facts:
    """Collect what the records of a picture say."""
    records = attempt(lambda: _records(image), _NOTHING)
    if not records:
        return Facts()
    is_utf8 = records.get(_CHARSET) == _UTF_8

    def texts(key: tuple[int, int]) -> list[str]:
        value = records.get(key)
        values = value if isinstance(value, list) else [value]
        return [text for one in values if isinstance(one, bytes) and (text := clean(_decoded(one, is_utf8)))]

    title = next((text for key in _TITLES for text in texts(key)), None)
    return Facts(
        taken_at=_moment("".join(texts(_DATE)), "".join(texts(_TIME))),
        title=title,
        words=joined([title, *(text for key in _WORDS for text in texts(key))]),
        tags=one_each(texts(_KEYWORDS)),
        place=place_of([next(iter(texts(key)), None) for key in _PLACE]),
    )


def _records(image: Image.Image) -> Records:
    return dict(IptcImagePlugin.getiptcinfo(image) or {}) if isinstance(image, ImageFile.ImageFile) else {}


def _decoded(data: bytes, is_utf8: bool) -> str:
    """Read UTF-8 where the records say so or the bytes allow it, else the Western code page."""
    try:
        return data.decode("utf-8", errors="replace" if is_utf8 else "strict")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _moment(date: str, time: str) -> datetime | None:
    """Read `20240501` and `123045+0200` as local time."""
    day = re.match(r"(\d{4})(\d\d)(\d\d)", date)
    clock = re.match(r"(\d\d)(\d\d)(\d\d)", time)
    if day is None:
        return None
    parts = [*day.groups(), *(clock.groups() if clock else ())]
    return attempt(lambda: datetime(*map(int, parts)), None)  # type: ignore[arg-type]
