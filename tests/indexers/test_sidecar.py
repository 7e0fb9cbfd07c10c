"""Sidecars as others read them; what older ones say stays, what is broken is left alone."""

import pytest

from indexers import sidecar, xmp
from indexers.sidecar import Said
from indexers.xmp_facts import names_of_people, read_facts
from search.errors import MediaError

SAID = Said("Ein <Titel> & mehr", ("Places/Italy", "sea"), 4, (("Ada", (0.1, 0.2, 0.3, 0.6)),), (4000, 3000))
LIGHTROOM = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
  xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmp:Rating="2" crs:Exposure2012="+0.35">
  <dc:subject><rdf:Bag><rdf:li>boat</rdf:li></rdf:Bag></dc:subject>
  <dc:title><rdf:Alt>
   <rdf:li xml:lang="x-default">Boat</rdf:li><rdf:li xml:lang="de">Boot</rdf:li></rdf:Alt></dc:title>
  <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li></rdf:Seq></crs:ToneCurve>
 </rdf:Description></rdf:RDF></x:xmpmeta>"""


def test_what_is_written_is_read() -> None:
    data = sidecar.written(SAID)
    facts = read_facts(xmp.parse(data))
    assert (facts.title, facts.tags, facts.rating) == (SAID.title, SAID.tags, 4)
    packet = xmp.parse(data)
    assert packet.texts("dc:subject") == ["Italy", "sea"]
    assert packet.texts("lr:hierarchicalSubject") == ["Places|Italy"]
    (region,) = packet.structs("mwg-rs:Regions", "mwg-rs:RegionList")
    area = region["mwg-rs:Area"]
    assert isinstance(area, dict)
    assert [float(str(area[f"stArea:{key}"])) for key in "xywh"] == pytest.approx([0.2, 0.4, 0.2, 0.4])
    assert sidecar.is_ours(data)
    assert not sidecar.is_ours(LIGHTROOM)


def test_what_an_older_one_says_stays() -> None:
    data = sidecar.written(SAID, LIGHTROOM)
    packet = xmp.parse(data)
    assert set(read_facts(packet).tags) == {"boat", "Places/Italy", "sea"}
    assert (packet.text("xmp:Rating"), packet.text("dc:title")) == ("4", SAID.title)
    assert packet.text("crs:Exposure2012") == "+0.35"
    assert packet.texts("crs:ToneCurve") == ["0, 0"]
    assert sidecar.written(SAID, data) == sidecar.written(SAID, sidecar.written(SAID, data))
    only = xmp.parse(sidecar.written(Said(rating=5), LIGHTROOM))
    assert only.texts("dc:title") == ["Boat", "Boot"]
    assert only.texts("dc:subject") == ["boat"]


def test_regions_are_added_to_those_that_are_there() -> None:
    first = sidecar.written(SAID)
    grace = Said(people=(("Ada", (0, 0, 1, 1)), ("Grace", (0.5, 0.5, 0.6, 0.6))), size=(4000, 3000))
    assert list(names_of_people(xmp.parse(sidecar.written(grace, first)))) == ["Ada", "Grace"]


@pytest.mark.parametrize(
    "before",
    [
        b"<x:xmpmeta",
        b"<html/>",
        LIGHTROOM[:400],
        b'<!DOCTYPE a [<!ENTITY b "c">]>' + LIGHTROOM,
        b"\xff\xfe\0",
    ],
)
def test_what_cannot_be_read_is_left_alone(before: bytes) -> None:
    with pytest.raises(MediaError):
        sidecar.written(SAID, before)
