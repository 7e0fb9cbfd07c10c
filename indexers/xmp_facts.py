"""From an XMP packet to facts: tags of several programs, rating, place, position, date, words."""

import math
import re
from collections.abc import Iterator
from datetime import datetime

from indexers.facts import Facts, joined, one_each, place_of, sane_position, stars, stars_of_percent
from indexers.xmp import Packet, Value

_TREES = (("digiKam:TagsList", "/"), ("MicrosoftPhoto:LastKeywordXMP", "/"), ("lr:hierarchicalSubject", "|"))
"""Where programs keep tags with their levels, and what parts the levels."""

_FLAT = ("dc:subject", "xmpDM:genre")
_INTERNAL = "_digikam_internal_tags_"
_DATES = ("exif:DateTimeOriginal", "photoshop:DateCreated", "exif:DateTimeDigitized", "xmp:CreateDate")
_TITLES = ("dc:title", "photoshop:Headline")
_WORDS = (
    *(
        "dc:description",
        "dc:creator",
        "dc:rights",
        "photoshop:Headline",
        "photoshop:Instructions",
        "exif:UserComment",
    ),
    *("xmpDM:artist", "xmpDM:album", "xmpDM:scene", "Iptc4xmpExt:PersonInImage", "Iptc4xmpExt:Event"),
)
_PLACE = ("Iptc4xmpCore:Location", "photoshop:City", "photoshop:State", "photoshop:Country")
_PLACES = ("Iptc4xmpExt:LocationShown", "Iptc4xmpExt:LocationCreated")
_PARTS = ("Sublocation", "City", "ProvinceState", "CountryName")
_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?)?)?")
_DEGREES = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)(?:,(\d+(?:\.\d+)?))?(?:,(\d+(?:\.\d+)?))?\s*([NSEWnsew]?)\s*")


def read_facts(packet: Packet) -> Facts:
    """Collect what a packet says; what is malformed is left out."""
    if not packet:  # as in most files: nothing to look for
        return Facts()
    latitude, longitude = _position(packet)
    title = next((text for name in _TITLES if (text := packet.text(name))), None)
    tags = _tags(packet)
    rating = stars(packet.text("xmp:Rating")) or stars_of_percent(packet.text("MicrosoftPhoto:Rating"))
    said = [text for name in _WORDS for text in packet.texts(name)]
    return Facts(
        taken_at=next(filter(None, (moment(packet.text(name)) for name in _DATES)), None),
        latitude=latitude,
        longitude=longitude,
        title=title,
        words=joined([title, *said, *names_of_people(packet)]),
        tags=tags,
        rating=rating,
        place=_place(packet),
    )


def names_of_people(packet: Packet) -> Iterator[str]:
    """Yield the names that stand at faces, as digiKam, Lightroom and Windows write them."""
    for region in packet.structs("mwg-rs:Regions", "mwg-rs:RegionList"):
        if region.get("mwg-rs:Type") in (None, "Face") and isinstance(name := region.get("mwg-rs:Name"), str):
            yield name
    for region in packet.structs("MP:RegionInfo", "MPRI:Regions"):
        if isinstance(name := region.get("MPReg:PersonDisplayName"), str):
            yield name


def moment(text: str | None) -> datetime | None:
    """Read an ISO date as local time where it was taken: a year or a month stands for its first day."""
    found = _MOMENT.match(text or "")
    if found is None:
        return None
    year, month, day, *time = (int(part) if part else None for part in found.groups())
    try:
        return datetime(year or 0, month or 1, day or 1, *(part or 0 for part in time))  # type: ignore[arg-type]
    except ValueError:
        return None


def _tags(packet: Packet) -> tuple[str, ...]:
    trees = [tag.replace(sign, "/") for name, sign in _TREES for tag in packet.texts(name)]
    flat = [tag for name in _FLAT for tag in packet.texts(name)]
    keywords = [part for text in packet.texts("pdf:Keywords") for part in re.split("[;,]", text)]
    every = [*trees, *flat, *keywords]
    return one_each(tag for tag in every if not tag.lower().startswith(_INTERNAL))


def _place(packet: Packet) -> str | None:
    said = place_of([packet.text(name) for name in _PLACE])
    if said:
        return said
    for name in _PLACES:
        for shown in packet.structs(name):
            parts = [_first(shown.get(f"Iptc4xmpExt:{part}")) for part in _PARTS]
            if place := place_of(parts):
                return place
    return None


def _first(value: "Value | None") -> str | None:
    if isinstance(value, list):
        value = next(iter(value), None)
    return value if isinstance(value, str) else None


def _position(packet: Packet) -> tuple[float | None, float | None]:
    latitude = _degrees(packet.text("exif:GPSLatitude"))
    return sane_position(latitude, _degrees(packet.text("exif:GPSLongitude")))


def _degrees(text: str | None) -> float:
    """Read `51,30.4N`, `51,30,24N` or `51.507`; NaN for anything else."""
    found = _DEGREES.fullmatch(text or "")
    if found is None:
        return math.nan
    size = float(found[1]) + float(found[2] or 0) / 60 + float(found[3] or 0) / 3600
    return -size if found[4].upper() in ("S", "W") and found[4] else size
