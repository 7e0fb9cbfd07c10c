"""What a picture says about itself: EXIF, IPTC, XMP and text chunks. Bad metadata costs only itself."""

import math
import re
from collections.abc import Iterator, Mapping
from datetime import datetime

from PIL import Image

from indexers import iptc, xmp, xmp_facts
from indexers.facts import Facts, attempt, clean, joined, one_each, sane_position, stars, stars_of_percent

_EXIF, _GPS = 0x8769, 0x8825
_MAKE, _MODEL, _LENS = 271, 272, 42036
_DATES = ((_EXIF, 36867), (_EXIF, 36868), (0, 306))
_DESCRIPTION, _ARTIST, _COPYRIGHT, _USER_COMMENT = 270, 315, 33432, 37510
_XP_TITLE, _XP_KEYWORDS, _XP_TAGS = 40091, 40094, (40092, 40093, 40095)
_RATING, _RATING_PERCENT = 18246, 18249
_CHUNKS = ("Title", "Description", "Author", "Keywords", "Comment", "comment")
Position = tuple[float | None, float | None]
_NOWHERE: Position = (None, None)


def read_facts(image: Image.Image) -> Facts:
    """Collect what an opened picture (decoded or not) says about itself; never raises for bad data.

    Of what several blocks say, EXIF comes first, then XMP, then IPTC.
    """
    packet = attempt(lambda: xmp.of_picture(image), xmp.Packet())
    others = xmp_facts.read_facts(packet).completed(iptc.read_facts(image))
    facts = _exif(image).completed(others)
    return facts if others.title is None else _titled(facts, others.title)


def _titled(facts: Facts, title: str) -> Facts:
    """Prefer the title that a person gave in a program for photos."""
    return Facts(title=title, words=title).completed(facts)


def _exif(image: Image.Image) -> Facts:
    main, detail = _tags(image, 0), _tags(image, _EXIF)
    latitude, longitude = attempt(lambda: _position(_tags(image, _GPS)), _NOWHERE)
    camera = camera_name(_text(main.get(_MAKE)), _text(main.get(_MODEL)))
    title = next(iter(_wide(main.get(_XP_TITLE))), None)
    return Facts(
        taken_at=_taken_at({0: main, _EXIF: detail}),
        latitude=latitude,
        longitude=longitude,
        camera=camera,
        title=title,
        words=joined([title, camera, *_said(image, main, detail)]),
        tags=one_each(_wide(main.get(_XP_KEYWORDS))),
        rating=stars(_number(main.get(_RATING))) or stars_of_percent(_number(main.get(_RATING_PERCENT))),
    )


def _said(image: Image.Image, main: Mapping[int, object], detail: Mapping[int, object]) -> Iterator[str]:
    for tag in (_DESCRIPTION, _ARTIST, _COPYRIGHT):
        yield from _texts(main.get(tag))
    yield from _texts(detail.get(_LENS))
    yield attempt(lambda: _user_comment(detail.get(_USER_COMMENT)), "")
    for tag in _XP_TAGS:
        yield from _wide(main.get(tag))
    for chunk in _CHUNKS:
        yield from _texts(image.info.get(chunk))


def _tags(image: Image.Image, ifd: int) -> Mapping[int, object]:
    return attempt(lambda: dict(image.getexif().get_ifd(ifd) if ifd else image.getexif()), {})


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str:
    """Return a tag's text without padding and control characters; empty for anything else."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    return clean(value) if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list | tuple) else [value]
    return [text for text in map(_text, values) if text]


def _wide(value: object) -> list[str]:
    """Read a tag of Windows Explorer: UTF-16 bytes, several entries parted by semicolons."""
    data = bytes(value) if isinstance(value, bytes | tuple) and value else b""
    return _texts(data.decode("utf-16-le", errors="replace").rstrip("\0").split(";"))


def _user_comment(value: object) -> str:
    if not isinstance(value, bytes):
        return _text(value)
    kind, body = value[:8], value[8:]
    return _text(body.decode("utf-16", errors="replace") if kind == b"UNICODE\0" else body)


def camera_name(make: str, model: str) -> str | None:
    """Join maker and model without saying the maker twice; None when neither is known."""
    if make and make.split()[0].lower() in model.lower():
        return model
    return f"{make} {model}".strip() or None


def _taken_at(tags: Mapping[int, Mapping[int, object]]) -> datetime | None:
    for ifd, tag in _DATES:
        found = re.match(r"(\d{4})\D(\d\d)\D(\d\d)\D+(\d\d)\D(\d\d)(?:\D(\d\d))?", _text(tags[ifd].get(tag)))
        if found:
            try:
                return datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
            except ValueError:
                continue
    return None


def _position(gps: Mapping[int, object]) -> Position:
    return sane_position(_degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W"))


def _degrees(parts: object, side: object, negative: str) -> float:
    """Return signed degrees; NaN when there are not one to three numbers."""
    numbers = parts if isinstance(parts, tuple | list) else (parts,)
    if not 1 <= len(numbers) <= 3:
        return math.nan
    size = sum(float(part) / share for part, share in zip(numbers, (1, 60, 3600), strict=False))
    return -abs(size) if _text(side).upper().startswith(negative) else size
