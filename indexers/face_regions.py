"""Who is where in a picture, as programs for photos write it into XMP: regions with names.

Read are the regions of the Metadata Working Group (digiKam, Lightroom, Picasa and most others) and those of
Microsoft's photo programs. Both count in the picture as it is stored; here they come back upright.
"""

import math
from collections.abc import Iterator, Mapping, Sequence

from PIL import Image

from indexers import xmp
from indexers.xmp import Packet, Value
from search.records import Box

MOST = 200
"""A picture has no more named regions than that."""

_FACES = ("", "face")
_SIGNS = (b"RegionList", b"RegionInfo")
_ORIENTATION = 0x0112
_BACK = {6: 8, 8: 6}
"""Orientation -> the one that undoes it; the others undo themselves."""

_LEAST = 1e-4
_SAME = 0.01
"""Two regions of one name whose edges differ by no more than that are one, written in both ways."""

Region = tuple[str, Box]


def of_picture(image: Image.Image, sidecars: Sequence[Packet] = ()) -> list[Region]:
    """Return the names and upright boxes that the sidecars of an opened picture, else its own XMP, tell.

    What makes no sense is left out. Looks at no pixels.
    """
    packets = [*sidecars, *([xmp.of_picture(image)] if _may_have_regions(image) else [])]
    told = next((packet for packet in packets if any(_stored(packet))), None)
    if told is None:
        return []
    orientation = image.getexif().get(_ORIENTATION, 1)
    if _is_upright_already(told, image.size, orientation):
        orientation = 1
    found: list[Region] = []
    for name, box in _stored(told):
        turned = _upright(box, orientation)
        if not any(name == other and _is_same(turned, known) for other, known in found):
            found.append((name, turned))
    return found[:MOST]


def as_stored(image: Image.Image, box: Box) -> Box:
    """Return where a box of the upright picture is in the picture as it is stored."""
    orientation: int = image.getexif().get(_ORIENTATION) or 1
    return _upright(box, _BACK.get(orientation, orientation))


def _may_have_regions(image: Image.Image) -> bool:
    for key in ("xmp", "XML:com.adobe.xmp"):
        data = image.info.get(key)
        raw = data.encode(errors="replace") if isinstance(data, str) else data
        if isinstance(raw, bytes) and any(sign in raw for sign in _SIGNS):
            return True
    return any(marker == "APP1" and any(sign in data for sign in _SIGNS) for marker, data in _segments(image))


def _segments(image: Image.Image) -> Sequence[tuple[str, bytes]]:
    return getattr(image, "applist", ())


def _stored(packet: Packet) -> Iterator[Region]:
    """Yield names and boxes as they are written: shares of the picture as it is stored."""
    width, height = _size(packet)
    for region in packet.structs("mwg-rs:Regions", "mwg-rs:RegionList"):
        area = region.get("mwg-rs:Area")
        name = _text(region, "mwg-rs:Name")
        if not name or not isinstance(area, dict) or _text(region, "mwg-rs:Type").lower() not in _FACES:
            continue
        x, y, w, h = (_number(area, f"stArea:{side}") for side in "xywh")
        if _text(area, "stArea:unit") == "pixel":
            x, y, w, h = x / width, y / height, w / width, h / height
        if box := _box(x - w / 2, y - h / 2, x + w / 2, y + h / 2):
            yield name, box
    for region in packet.structs("MP:RegionInfo", "MPRI:Regions"):
        name, edges = _text(region, "MPReg:PersonDisplayName"), _text(region, "MPReg:Rectangle").split(",")
        if name and len(edges) == 4:
            left, top, w, h = map(_read, edges)
            if box := _box(left, top, left + w, top + h):
                yield name, box


def _size(packet: Packet) -> tuple[float, float]:
    """Return the size in pixels that the regions were made for; NaN where it is not told."""
    told = packet.structs("mwg-rs:Regions", "mwg-rs:AppliedToDimensions")
    size = told[0] if told else {}
    return _number(size, "stDim:w") or math.nan, _number(size, "stDim:h") or math.nan


def _is_upright_already(packet: Packet, stored: tuple[int, int], orientation: int) -> bool:
    """Whether the regions were made for the picture with its sides the other way round than it is stored."""
    width, height = _size(packet)
    is_turned = orientation in (5, 6, 7, 8) and stored[0] != stored[1] and width != height
    return is_turned and not math.isnan(width + height) and (width > height) != (stored[0] > stored[1])


def _upright(box: Box, orientation: int) -> Box:
    """Bring a box of the stored picture to where EXIF's orientation puts it."""
    left, top, right, bottom = box
    match orientation:
        case 2:
            return 1 - right, top, 1 - left, bottom
        case 3:
            return 1 - right, 1 - bottom, 1 - left, 1 - top
        case 4:
            return left, 1 - bottom, right, 1 - top
        case 5:
            return top, left, bottom, right
        case 6:
            return 1 - bottom, left, 1 - top, right
        case 7:
            return 1 - bottom, 1 - right, 1 - top, 1 - left
        case 8:
            return top, 1 - right, bottom, 1 - left
        case _:
            return box


def _box(left: float, top: float, right: float, bottom: float) -> Box | None:
    edges = left, top, right, bottom
    if not all(map(math.isfinite, edges)):
        return None
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in edges)
    return (left, top, right, bottom) if right - left > _LEAST and bottom - top > _LEAST else None


def _is_same(one: Box, other: Box) -> bool:
    return all(abs(a - b) <= _SAME for a, b in zip(one, other, strict=True))


def _text(fields: Mapping[str, Value], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(fields: Mapping[str, Value], name: str) -> float:
    return _read(_text(fields, name))


def _read(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
