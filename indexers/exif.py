"""What a picture says about itself: EXIF, IPTC, XMP and text chunks. Bad metadata costs only itself."""

import html
import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from PIL import Image, ImageFile, IptcImagePlugin

_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)
_EXIF, _GPS = 0x8769, 0x8825
_MAKE, _MODEL, _LENS = 271, 272, 42036
_DATES = ((_EXIF, 36867), (_EXIF, 36868), (0, 306))
_DESCRIPTION, _ARTIST, _COPYRIGHT, _USER_COMMENT = 270, 315, 33432, 37510
_XP_TITLE, _XP_TAGS = 40091, (40092, 40093, 40094, 40095)
_IPTC_TITLE, _IPTC_TAGS = (2, 5), ((2, 25), (2, 80), (2, 90), (2, 101), (2, 120))
_XMP_TAGS = ("dc:description", "dc:subject", "dc:creator", "photoshop:Headline", "photoshop:City")
_CHUNKS = ("Title", "Description", "Author", "Keywords", "Comment", "comment")
Position = tuple[float | None, float | None]
_NOWHERE: Position = (None, None)
_NOTHING: Mapping[tuple[int, int], object] = {}
T = TypeVar("T")
_MOST_TEXT = 20_000
_MOST_XMP = 200_000


@dataclass(frozen=True, slots=True)
class Facts:
    """Metadata in the form `Content` keeps it; `words` is everything a person may search for."""

    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    title: str | None = None
    words: str = ""


def read_facts(image: Image.Image) -> Facts:
    """Collect what an opened picture (decoded or not) says about itself; never raises for bad data."""
    main = _tags(image, 0)
    detail = _tags(image, _EXIF)
    latitude, longitude = _attempt(lambda: _position(_tags(image, _GPS)), _NOWHERE)
    iptc = _attempt(lambda: _iptc(image), _NOTHING)
    xmp = _xmp(image)
    camera = camera_name(_text(main.get(_MAKE)), _text(main.get(_MODEL)))
    titles = (_xmp_items(xmp, "dc:title"), _wide(main.get(_XP_TITLE)), _texts(iptc.get(_IPTC_TITLE)))
    title = next((text for group in titles for text in group), None)
    return Facts(
        taken_at=_taken_at({0: main, _EXIF: detail}),
        latitude=latitude,
        longitude=longitude,
        camera=camera,
        title=title,
        words=_joined([title, camera, *_said(image, main, detail, iptc, xmp)]),
    )


def _said(
    image: Image.Image,
    main: Mapping[int, object],
    detail: Mapping[int, object],
    iptc: Mapping[tuple[int, int], object],
    xmp: str,
) -> Iterator[str]:
    for tag in (_DESCRIPTION, _ARTIST, _COPYRIGHT):
        yield from _texts(main.get(tag))
    yield from _texts(detail.get(_LENS))
    yield _attempt(lambda: _user_comment(detail.get(_USER_COMMENT)), "")
    for tag in _XP_TAGS:
        yield from _wide(main.get(tag))
    for key in _IPTC_TAGS:
        yield from _texts(iptc.get(key))
    for name in _XMP_TAGS:
        yield from _xmp_items(xmp, name)
    for chunk in _CHUNKS:
        yield from _texts(image.info.get(chunk))


def _attempt(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except _ERRORS:
        return otherwise


def _tags(image: Image.Image, ifd: int) -> Mapping[int, object]:
    return _attempt(lambda: dict(image.getexif().get_ifd(ifd) if ifd else image.getexif()), {})


def _iptc(image: Image.Image) -> Mapping[tuple[int, int], object]:
    return dict(IptcImagePlugin.getiptcinfo(image) or {}) if isinstance(image, ImageFile.ImageFile) else {}


def _text(value: object) -> str:
    """Return a tag's text without padding and control characters; empty for anything else."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", errors="replace")
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())[:_MOST_TEXT]


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
    latitude, longitude = _degrees(gps.get(2), gps.get(1), "S"), _degrees(gps.get(4), gps.get(3), "W")
    sane = abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)
    return (latitude, longitude) if sane else (None, None)


def _degrees(parts: object, side: object, negative: str) -> float:
    """Return signed degrees; NaN when the three numbers are not all there."""
    if not isinstance(parts, tuple) or len(parts) != 3:
        return math.nan
    size = sum(float(part) / share for part, share in zip(parts, (1, 60, 3600), strict=True))
    return -size if _text(side).upper().startswith(negative) else size


def _xmp(image: Image.Image) -> str:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or ""
    return (packet.decode("utf-8", errors="replace") if isinstance(packet, bytes) else str(packet))[
        :_MOST_XMP
    ]


def _xmp_items(xmp: str, name: str) -> list[str]:
    """Return the texts of one XMP property, whether it is a list, an element or an attribute."""
    found = re.search(rf"<{name}>(.*?)</{name}>", xmp, re.DOTALL)
    if found:
        body = found.group(1)
        items: Iterable[str] = re.findall(r"<rdf:li[^>]*>([^<]*)</rdf:li>", body) or [body]
    else:
        items = re.findall(rf'\b{name}="([^"]*)"', xmp)[:1]
    return _texts([html.unescape(item) for item in items if "<" not in item])


def _joined(texts: Iterable[str | None]) -> str:
    """Join the texts line by line, each once."""
    return "\n".join(dict.fromkeys(text for text in texts if text))[:_MOST_TEXT]
