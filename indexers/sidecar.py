"""Makes XMP sidecars, in the forms that photo programs read, or adds to older ones.

Only bytes are made here. What an older sidecar says of other things stays as it is.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indexers import xmp
from indexers.facts import one_each
from indexers.xmp_facts import read_facts
from search.errors import MediaError
from search.records import Box

TOOLKIT = "Crossfind"
_URIS = {prefix: uri for uri, prefix in reversed(xmp.NAMESPACES.items())}
_TAGS = ("dc:subject", "lr:hierarchicalSubject", "digiKam:TagsList", "MicrosoftPhoto:LastKeywordXMP")
_RATINGS = ("xmp:Rating", "MicrosoftPhoto:Rating")


@dataclass(frozen=True, slots=True)
class Said:
    """What a sidecar is to say: as in `Content`, and named faces with their boxes in the picture as it is
    stored, which is `size` pixels wide and high."""

    title: str | None = None
    tags: tuple[str, ...] = ()
    rating: int | None = None
    people: tuple[tuple[str, Box], ...] = ()
    size: tuple[int, int] | None = None

    def __bool__(self) -> bool:
        return bool(self.title or self.tags or self.rating is not None or self.people)


def is_ours(sidecar: bytes) -> bool:
    """Whether a sidecar was made by this program."""
    return re.search(rb'xmptk\s*=\s*["\']' + TOOLKIT.encode(), sidecar[:2_000]) is not None


def written(said: Said, before: bytes | None = None) -> bytes:
    """Return a sidecar that says this, and all that the one `before` says.

    Title and rating are replaced, tags and regions joined. Raises `MediaError` when the older one cannot be
    read to its end: it is better left alone.
    """
    for uri, prefix in _prefixes(before).items():
        ET.register_namespace(prefix, uri)
    root = _new() if before is None else _read(before)
    description = _emptied(root, said)
    if said.rating is not None:
        _add(description, "xmp:Rating").text = str(said.rating)
    if said.title:
        _array(description, "dc:title", "Alt", [said.title], {_name("xml:lang"): "x-default"})
    if said.tags:
        _add_tags(description, one_each([*said.tags, *read_facts(xmp.parse(before or b"")).tags]))
    _add_people(root, description, said)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _prefixes(before: bytes | None) -> dict[str, str]:
    """Return namespace -> prefix, the older sidecar's own where ours has none."""
    known = {uri: prefix for uri, prefix in xmp.NAMESPACES.items() if prefix != "xml"}
    theirs = re.findall(r'xmlns:([A-Za-z_][\w.-]*)=["\']([^"\']+)["\']', xmp.decoded(before or b""))
    unknown = {uri: prefix for prefix, uri in theirs if not re.fullmatch(r"ns\d+|xml", prefix)}
    return {uri: prefix for uri, prefix in unknown.items() if prefix not in known.values()} | known


def _new() -> ET.Element:
    root = ET.Element(_name("x:xmpmeta"), {_name("x:xmptk"): TOOLKIT})
    _add(_add(root, "rdf:RDF"), "rdf:Description", {_name("rdf:about"): ""})
    return root


def _read(sidecar: bytes) -> ET.Element:
    text = xmp.decoded(sidecar)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise MediaError("The sidecar has a document type.")
    try:
        root = ET.fromstring(re.sub(r"^\ufeff|<\?xml[^>]*\?>", "", text).strip().encode())
    except ET.ParseError as error:
        raise MediaError(f"The sidecar is damaged ({error}).") from error
    if root.find(f".//{_name('rdf:Description')}") is None:
        raise MediaError("The sidecar is no XMP.")
    return root


def _emptied(root: ET.Element, said: Said) -> ET.Element:
    """Take out what is written anew; return the description that it goes into."""
    ours = [*(_TAGS if said.tags else ()), *(_RATINGS if said.rating is not None else ())]
    ours += ["dc:title"] if said.title else []
    descriptions = root.findall(f".//{_name('rdf:RDF')}/{_name('rdf:Description')}")
    for description in descriptions:
        for name in map(_name, ours):
            description.attrib.pop(name, None)
            for element in description.findall(name):
                description.remove(element)
    if not descriptions:
        raise MediaError("The sidecar is no XMP.")
    return descriptions[0]


def _add_tags(description: ET.Element, tags: Sequence[str]) -> None:
    _array(description, "dc:subject", "Bag", [tag.rpartition("/")[2] for tag in tags])
    _array(description, "digiKam:TagsList", "Seq", tags)
    trees = [tag.replace("/", "|") for tag in tags if "/" in tag]
    _array(description, "lr:hierarchicalSubject", "Bag", trees)


def _add_people(root: ET.Element, description: ET.Element, said: Said) -> None:
    """Add regions as the Metadata Working Group has them: the middle and the size of each, as shares."""
    known = {element.text for element in root.iter(_name("mwg-rs:Name"))}
    known |= {element.get(_name("mwg-rs:Name")) for element in root.iter()}
    new = [(name, box) for name, box in said.people if name not in known]
    if not new or said.size is None:
        return
    bag = root.find(f".//{_name('mwg-rs:RegionList')}/{_name('rdf:Bag')}")
    if bag is None:
        regions = _add(description, "mwg-rs:Regions", _RESOURCE)
        wide, high = said.size
        size = {"stDim:w": str(wide), "stDim:h": str(high), "stDim:unit": "pixel"}
        _add(regions, "mwg-rs:AppliedToDimensions", _named(size))
        bag = _add(_add(regions, "mwg-rs:RegionList"), "rdf:Bag")
    for name, (left, top, right, bottom) in new:
        region = _add(bag, "rdf:li", _RESOURCE)
        _add(region, "mwg-rs:Name").text = name
        _add(region, "mwg-rs:Type").text = "Face"
        numbers = {"x": (left + right) / 2, "y": (top + bottom) / 2, "w": right - left, "h": bottom - top}
        area = {f"stArea:{key}": f"{value:.6f}" for key, value in numbers.items()}
        _add(region, "mwg-rs:Area", _named(area | {"stArea:unit": "normalized"}))


def _array(
    parent: ET.Element,
    name: str,
    kind: str,
    texts: Iterable[str],
    attributes: Mapping[str, str] | None = None,
) -> None:
    items = list(dict.fromkeys(texts))
    if items:
        array = _add(_add(parent, name), f"rdf:{kind}")
        for text in items:
            _add(array, "rdf:li", attributes).text = text


def _add(parent: ET.Element, name: str, attributes: Mapping[str, str] | None = None) -> ET.Element:
    return ET.SubElement(parent, _name(name), dict(attributes or {}))


def _named(attributes: Mapping[str, str]) -> dict[str, str]:
    return {_name(name): value for name, value in attributes.items()}


def _name(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_URIS[prefix]}}}{local}"


_RESOURCE = {_name("rdf:parseType"): "Resource"}
