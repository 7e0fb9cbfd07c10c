"""XMP packets: out of pictures and sidecar files, into plain texts, lists and dictionaries.

A packet comes from anybody. It is parsed without document types and entities, to a bounded size and depth,
and what is broken costs only what lies behind the break.
"""

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from PIL import Image

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
"""A text, an array (language alternatives too, the default first), or a structure by property name."""

MOST_BYTES = 16_000_000
_DEEPEST = 40
_MOST_NODES = 200_000
_RDF = "rdf:"
NAMESPACES = {
    "adobe:ns:meta/": "x",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://ns.adobe.com/pdf/1.3/": "pdf",
    "http://ns.adobe.com/xmp/note/": "xmpNote",
    "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
    "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "Iptc4xmpCore",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "Iptc4xmpExt",
    "http://www.digikam.org/ns/1.0/": "digiKam",
    "http://ns.microsoft.com/photo/1.0/": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.0": "MicrosoftPhoto",
    "http://ns.microsoft.com/photo/1.2/": "MP",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://www.metadataworkinggroup.com/schemas/keywords/": "mwg-kw",
    "http://ns.adobe.com/xmp/sType/Area#": "stArea",
    "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
    "http://ns.acdsee.com/iptc/1.0/": "acdsee",
    "http://www.w3.org/XML/1998/namespace": "xml",
}
"""Namespace -> the prefix that names carry here, whatever prefix the packet uses for it."""

_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_BROKEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BEGIN = re.compile(r"<(?:[\w.-]+:)?(?:xmpmeta|xapmeta|RDF)\b")


@dataclass(frozen=True, slots=True)
class Packet:
    """What a packet says: property name, such as `dc:title`, -> value. Nothing said is an empty packet.

    Names have the usual prefix of their namespace; one that is not known keeps the packet's own.
    """

    properties: Mapping[str, Value] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.properties)

    def texts(self, name: str) -> list[str]:
        """Return the texts of a property, whether it is one text or an array; structures are left out."""
        value = self.properties.get(name)
        if isinstance(value, str):
            return [value] if value else []
        return [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []

    def text(self, name: str) -> str | None:
        """Return the first text of a property, of language alternatives the default."""
        return next(iter(self.texts(name)), None)

    def structs(self, *names: str) -> list[Mapping[str, Value]]:
        """Return the structures that a path of names leads to, such as
        `structs("mwg-rs:Regions", "mwg-rs:RegionList")`: an array's elements, or the one that stands alone.
        """
        found: list[Value] = [dict(self.properties)]
        for name in names:
            held = (one.get(name) for one in found if isinstance(one, dict))
            found = [one for value in held if value is not None for one in _as_list(value)]
        return [one for one in found if isinstance(one, dict)]


def _as_list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def parse(data: bytes | str) -> Packet:
    """Read a packet or a sidecar file in any Unicode encoding; never raises, what is broken is left out.

    A packet with a document type (which could declare entities) is refused as a whole.
    """
    text = data[:MOST_BYTES] if isinstance(data, str) else decoded(data[:MOST_BYTES])
    begin = _BEGIN.search(text)
    if begin is None or re.search("<!DOCTYPE|<!ENTITY", text[: begin.start()], re.IGNORECASE):
        return Packet()
    builder = _Builder()
    builder.read(_BROKEN.sub(" ", text[begin.start() :]))
    return Packet(_described(builder.root))


def joined(packets: Iterable[Packet]) -> Packet:
    """Join packets; what an earlier one says comes before what a later one says of the same property."""
    properties: dict[str, Value] = {}
    for packet in packets:
        for name, value in packet.properties.items():
            properties.setdefault(name, value)
    return Packet(properties)


def of_picture(image: Image.Image) -> Packet:
    """Read the packet inside an opened picture, with the extension that a long one has in a JPEG."""
    packets = [image.info.get("xmp"), image.info.get("XML:com.adobe.xmp"), _extension(image)]
    return joined(parse(data) for data in packets if isinstance(data, bytes | str) and data)


def of_file(path: str | Path) -> Packet:
    """Read a sidecar file; an empty packet when it cannot be read."""
    try:
        with Path(path).open("rb") as file:
            return parse(file.read(MOST_BYTES))
    except OSError:
        return Packet()


def _extension(image: Image.Image) -> bytes:
    """Put together the parts of an extended packet (XMP specification part 3, 1.1.3.1)."""
    parts: dict[int, bytes] = {}
    for marker, data in getattr(image, "applist", ()):
        if marker == "APP1" and data.startswith(_EXTENSION):
            body = data[len(_EXTENSION) :]
            parts[int.from_bytes(body[36:40], "big")] = body[40:]
    return b"".join(parts[offset] for offset in sorted(parts))[:MOST_BYTES]


def decoded(data: bytes) -> str:
    """Return the text of a packet in any Unicode encoding, or in the Western code page."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\0\0\0", "utf-32-le"),
        (b"\0\0\0<", "utf-32-be"),
        (b"<\0", "utf-16-le"),
        (b"\0<", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        is_latin = b"\xc3" not in data  # written by a program that does not know better
        return data.decode("latin-1" if is_latin else "utf-8", errors="replace")


@dataclass(slots=True)
class _Element:
    """An element of the document; names have our prefixes."""

    name: str
    attributes: Mapping[str, str]
    children: list["_Element"] = field(default_factory=list)
    text: list[str] = field(default_factory=list)


class _RefusedError(Exception):
    """The document asks for what no packet needs."""


class _Builder:
    """Builds elements while expat reads; what was built before an error stays."""

    def __init__(self) -> None:
        self.root = _Element("", {})
        self._open = [self.root]
        self._spaces: list[dict[str, str]] = [{}]
        self._nodes = 0

    def read(self, text: str) -> None:
        """Read a document as far as it can be read."""
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(text.encode("utf-8", errors="replace"), True)
        except expat.ExpatError:
            pass
        except _RefusedError:
            self.root = _Element("", {})

    def _refuse(self, *_: object) -> None:
        raise _RefusedError

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._nodes += 1 + len(attributes)
        if len(self._open) > _DEEPEST or self._nodes > _MOST_NODES:
            raise expat.ExpatError("too much of it")
        declared = {
            key[6:]: NAMESPACES.get(uri, key[6:]) for key, uri in attributes.items() if key[:6] == "xmlns:"
        }
        self._spaces.append({**self._spaces[-1], **declared} if declared else self._spaces[-1])
        said = {self._named(key): value for key, value in attributes.items() if not key.startswith("xmlns")}
        element = _Element(self._named(name), said)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _: str) -> None:
        self._open.pop()
        self._spaces.pop()

    def _said(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _named(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{self._spaces[-1].get(prefix, prefix)}:{local}" if colon else name


def _described(root: _Element) -> dict[str, Value]:
    """Collect the properties of all descriptions of a document, the first that says something first."""
    properties: dict[str, Value] = {}
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.name == _RDF + "Description":
            for name, value in _fields(element).items():
                properties.setdefault(name, value)
        else:
            waiting.extend(reversed(element.children))
    return properties


def _fields(element: _Element) -> dict[str, Value]:
    """Read the properties that a description or a structure has, as attributes and as elements."""
    fields: dict[str, Value] = {
        name: _clean(text)
        for name, text in element.attributes.items()
        if ":" in name and not name.startswith((_RDF, "xml:"))
    }
    for child in element.children:
        fields.setdefault(child.name, _value(child))
    return fields


def _value(element: _Element) -> Value:
    """Read a property's value: an array, a structure or a text."""
    for child in element.children:
        match child.name.removeprefix(_RDF):
            case "Bag" | "Seq" | "Alt":
                return [_value(item) for item in _default_first(child.children)]
            case "Description":
                return _qualified(_fields(child))
    fields = _fields(element)
    if fields:
        return _qualified(fields)
    return _clean("".join(element.text)) or _clean(element.attributes.get(_RDF + "resource", ""))


def _qualified(fields: dict[str, Value]) -> Value:
    """Take the value out of one that carries qualifiers."""
    return fields.get(_RDF + "value", fields)


def _default_first(items: Sequence[_Element]) -> list[_Element]:
    return sorted(items, key=lambda item: item.attributes.get("xml:lang", "x-default") != "x-default")


def _clean(text: str) -> str:
    """Put a text on one line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
