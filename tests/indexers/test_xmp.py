"""XMP packets as programs write them, broken ones, and ones that mean harm."""

import time

import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from indexers import xmp

HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
    ' xmlns:lr="http://ns.adobe.com/lightroom/1.0/"'
)
TAIL = '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'


def packet(inside: str, attributes: str = "") -> str:
    return f"{HEAD} {attributes}>{inside}{TAIL}"


FULL = packet(
    "<dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>Jürgen &amp; co</rdf:li></rdf:Bag></dc:subject>"
    "<dc:title><rdf:Alt><rdf:li xml:lang='de'>Markt</rdf:li><rdf:li xml:lang='x-default'>Market</rdf:li>"
    "</rdf:Alt></dc:title>",
    'xmp:Rating="4"',
)


def test_arrays_alternatives_and_attributes() -> None:
    found = xmp.parse(FULL)
    assert found.texts("dc:subject") == ["boat", "Jürgen & co"]
    assert found.text("dc:title") == "Market"
    assert found.texts("dc:title") == ["Market", "Markt"]
    assert found.text("xmp:Rating") == "4"
    assert found.texts("dc:creator") == []
    assert found
    assert not xmp.Packet()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding(encoding: str) -> None:
    assert xmp.parse(FULL.partition("?>")[2].encode(encoding)).texts("dc:subject")[1] == "Jürgen & co"


def test_names_are_those_of_the_namespace_not_of_the_writer() -> None:
    text = FULL.replace("dc:", "q:").replace("xmlns:dc", "xmlns:q")
    assert xmp.parse(text).texts("dc:subject") == ["boat", "Jürgen & co"]


REGIONS = """<mwg-rs:Regions rdf:parseType="Resource" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
  xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#">
 <mwg-rs:AppliedToDimensions stDim:w="4000" stDim:h="3000" stDim:unit="pixel"/>
 <mwg-rs:RegionList><rdf:Bag>
  <rdf:li><rdf:Description mwg-rs:Name="Ada" mwg-rs:Type="Face">
    <mwg-rs:Area stArea:x="0.5" stArea:y="0.25" stArea:w="0.1" stArea:h="0.2" stArea:unit="normalized"/>
  </rdf:Description></rdf:li>
  <rdf:li rdf:parseType="Resource"><mwg-rs:Name>Grace</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type>
    <mwg-rs:Area rdf:parseType="Resource"><stArea:x>0.7</stArea:x></mwg-rs:Area></rdf:li>
 </rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"""
MICROSOFT = """<MP:RegionInfo rdf:parseType="Resource" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
  xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
  xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"><MPRI:Regions><rdf:Bag>
  <rdf:li MPReg:Rectangle="0.1, 0.2, 0.3, 0.4" MPReg:PersonDisplayName="Ada"/>
</rdf:Bag></MPRI:Regions></MP:RegionInfo>"""


def test_face_regions_of_both_kinds() -> None:
    found = xmp.parse(packet(REGIONS + MICROSOFT))
    ada, grace = found.structs("mwg-rs:Regions", "mwg-rs:RegionList")
    assert (ada["mwg-rs:Name"], ada["mwg-rs:Type"]) == ("Ada", "Face")
    assert ada["mwg-rs:Area"] == {
        "stArea:x": "0.5",
        "stArea:y": "0.25",
        "stArea:w": "0.1",
        "stArea:h": "0.2",
        "stArea:unit": "normalized",
    }
    assert (grace["mwg-rs:Name"], grace["mwg-rs:Area"]) == ("Grace", {"stArea:x": "0.7"})
    size = found.structs("mwg-rs:Regions", "mwg-rs:AppliedToDimensions")
    assert size == [{"stDim:w": "4000", "stDim:h": "3000", "stDim:unit": "pixel"}]
    assert found.structs("MP:RegionInfo", "MPRI:Regions") == [
        {"MPReg:Rectangle": "0.1, 0.2, 0.3, 0.4", "MPReg:PersonDisplayName": "Ada"}
    ]
    assert found.structs("dc:subject", "x:y") == []


def test_values_with_qualifiers_and_resources() -> None:
    text = packet(
        '<xmp:Label rdf:parseType="Resource"><rdf:value>red</rdf:value><xmp:q>1</xmp:q></xmp:Label>'
        '<xmp:BaseURL rdf:resource="http://example.org/"/>'
    )
    assert xmp.parse(text).text("xmp:Label") == "red"
    assert xmp.parse(text).text("xmp:BaseURL") == "http://example.org/"


def test_what_stands_before_a_break_is_kept() -> None:
    cut = FULL[: FULL.index("<dc:title>") + 12]
    assert xmp.parse(cut).texts("dc:subject") == ["boat", "Jürgen & co"]
    assert xmp.parse(FULL.replace("boat", "bo\x00\x0bat")).texts("dc:subject")[0] == "bo at"


@pytest.mark.parametrize(
    "data", [b"", b"\0" * 100, b"<", "no packet", b"\xff\xfe", b"<x:xmpmeta", b"<rdf:RDF>"]
)
def test_what_is_no_packet_says_nothing(data: bytes | str) -> None:
    assert not xmp.parse(data)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + "]>"
)
OUTSIDE = '<!DOCTYPE r [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, OUTSIDE.lower()])
def test_entities_are_refused(head: str) -> None:
    name = "m" if head is LAUGHS else "secret"
    text = packet(f"<dc:title>&{name};</dc:title><dc:subject>kept</dc:subject>")
    began = time.monotonic()
    assert not xmp.parse(head + text)
    inner = text.replace("<x:xmpmeta", f"<x:xmpmeta><!-- --></x:xmpmeta>{head}<x:xmpmeta", 1)
    assert not xmp.parse(inner)
    assert time.monotonic() - began < 5


def test_depth_and_size_are_bounded() -> None:
    deep = packet("<dc:subject>" + "<rdf:Bag><rdf:li>" * 5_000)
    assert len(str(xmp.parse(deep).properties)) < 2_000
    many = packet("<dc:subject><rdf:Bag>" + "<rdf:li>word</rdf:li>" * 300_000)
    assert 0 < len(xmp.parse(many).texts("dc:subject")) <= 200_000


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.tif", "a.avif", "a.heic"])
def test_packets_inside_pictures(tmp_path, name: str) -> None:
    pillow_heif.register_heif_opener()
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", FULL)
    special = {"a.png": {"pnginfo": info}, "a.tif": {"tiffinfo": {700: FULL.encode()}}}
    options = special.get(name, {"xmp": FULL.encode()})
    Image.new("RGB", (16, 16)).save(tmp_path / name, **options)
    with Image.open(tmp_path / name) as image:
        assert xmp.of_picture(image).text("xmp:Rating") == "4"


def test_a_long_packet_of_a_jpeg_goes_on_elsewhere(tmp_path) -> None:
    rest = packet("<dc:description>the rest of it</dc:description>").encode()
    path = tmp_path / "a.jpg"
    Image.new("RGB", (16, 16)).save(path, xmp=FULL.encode())
    data = path.read_bytes()
    extra = b""
    for offset in (100, 0):  # in any order
        part = rest[:100] if offset == 0 else rest[100:]
        body = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32
        body += len(rest).to_bytes(4, "big") + offset.to_bytes(4, "big") + part
        extra += b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    path.write_bytes(data[:2] + extra + data[2:])
    with Image.open(path) as image:
        found = xmp.of_picture(image)
    assert (found.text("dc:description"), found.text("xmp:Rating")) == ("the rest of it", "4")


def test_sidecar_files(tmp_path) -> None:
    (tmp_path / "a.xmp").write_text(FULL, encoding="utf-8")
    assert xmp.of_file(tmp_path / "a.xmp").text("xmp:Rating") == "4"
    assert not xmp.of_file(tmp_path / "none.xmp")
    assert not xmp.of_file(tmp_path)
