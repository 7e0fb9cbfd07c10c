from datetime import datetime

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from indexers.exif import read_facts
from indexers.facts import Facts


@pytest.fixture
def facts_of(tmp_path):
    """Save a picture with metadata and read its facts back."""

    def facts(main=None, detail=None, gps=None, suffix="jpg", **options) -> Facts:
        exif = Image.Exif()
        exif.update(main or {})
        exif.get_ifd(0x8769).update(detail or {})
        exif.get_ifd(0x8825).update(gps or {})
        path = tmp_path / f"a.{suffix}"
        Image.new("RGB", (8, 8)).save(path, exif=exif, **options)
        with Image.open(path) as image:
            return read_facts(image)

    return facts


def test_nothing_said(facts_of):
    assert facts_of() == Facts()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024:05:01 12:30:45", datetime(2024, 5, 1, 12, 30, 45)),
        ("2024-05-01T12:30", datetime(2024, 5, 1, 12, 30)),
        ("0000:00:00 00:00:00", None),
        ("2024:13:45 12:30:45", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates(facts_of, text, moment):
    assert facts_of(detail={36867: text}).taken_at == moment


def test_the_moment_of_the_picture_comes_before_that_of_the_file(facts_of):
    facts = facts_of(main={306: "2020:01:01 00:00:00"}, detail={36868: "2019:01:01 00:00:00"})
    assert facts.taken_at == datetime(2019, 1, 1)
    assert facts_of(main={306: "2020:01:01 00:00:00"}).taken_at == datetime(2020, 1, 1)


@pytest.mark.parametrize(
    ("gps", "place"),
    [
        ({1: "N", 2: (51.0, 30.0, 0.0), 3: "W", 4: (0.0, 7.5, 0.0)}, (51.5, -0.125)),
        ({1: "N", 2: (51.0, 99999.0, 0.0), 3: "W", 4: (0.0, 7.5, 0.0)}, (None, None)),
        ({1: "N", 2: (IFDRational(51, 0), 0.0, 0.0), 3: "W", 4: (0.0, 7.5, 0.0)}, (None, None)),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "W", 4: (IFDRational(1, 0), 7.5, 0.0)}, (None, None)),
        ({2: (51.0, 30.0, 0.0), 4: (7.0, 30.0, 0.0)}, (51.5, 7.5)),
        ({1: "S", 2: (33.0, 51.0, 36.0), 3: "E", 4: (151.0, 12.0, 0.0)}, (-33.86, 151.2)),
        ({1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (99.0, 0.0, 0.0), 3: "E", 4: (1.0, 0.0, 0.0)}, (None, None)),
        ({1: "N", 2: (51.0, 30.0, 0.0)}, (None, None)),
    ],
)
def test_places(facts_of, gps, place):
    facts = facts_of(gps=gps)
    assert (facts.latitude, facts.longitude) == pytest.approx(place) if place[0] else (None, None)


@pytest.mark.parametrize(
    ("gps", "latitude"),
    [
        ({1: "s", 2: (-33.0, 30.0, 0.0), 3: "E", 4: (151.0,)}, -32.5),
        ({1: b"S\0", 2: (33.5,), 3: "E", 4: 151.0}, -33.5),
        ({1: "N", 2: "51 30 0", 3: "W", 4: b"west"}, None),
        ({1: 7, 2: (1.0, 2.0, 3.0, 4.0), 3: None, 4: (1.0,)}, None),
        ({2: (float("inf"),), 4: (1.0,)}, None),
        ({2: (), 4: ()}, None),
    ],
)
def test_positions_that_no_camera_writes(gps, latitude):
    image = Image.new("RGB", (8, 8))
    image.getexif().get_ifd(0x8825).update(gps)
    assert read_facts(image).latitude == latitude


@pytest.mark.parametrize(
    ("tags", "rating"),
    [({18246: 4}, 4), ({18246: 0}, None), ({18249: 75}, 4), ({18249: 1}, 1), ({18246: 99}, 5)],
)
def test_ratings_of_cameras_and_windows(facts_of, tags, rating):
    assert facts_of(main=tags).rating == rating


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("NIKON CORPORATION", "NIKON D70", "NIKON D70"),
        ("Apple", "iPhone 14 Pro", "Apple iPhone 14 Pro"),
        ("Canon\0\0", "", "Canon"),
        ("", "", None),
    ],
)
def test_cameras(facts_of, make, model, camera):
    assert facts_of(main={271: make, 272: model}).camera == camera


def test_words_from_everywhere(facts_of):
    xmp = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description photoshop:City="Lagos">'
        "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Market &amp; sea</rdf:li></rdf:Alt></dc:title>"
        "<dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li>harbour</rdf:li></rdf:Bag></dc:subject>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    facts = facts_of(
        main={270: "A fine day", 315: "Ada", 40094: "sun;sand".encode("utf-16-le")},
        detail={37510: b"ASCII\0\0\0remember this", 42036: "50mm f/1.8"},
        xmp=xmp.encode(),
    )
    assert facts.title == "Market & sea"
    words = facts.words.split("\n")
    for word in (
        "Market & sea",
        "A fine day",
        "Ada",
        "remember this",
        "50mm f/1.8",
    ):
        assert word in words
    assert len(words) == len(set(words))
    assert facts.tags == ("sun", "sand", "boat", "harbour")
    assert facts.place == "Lagos"


def test_text_chunks_of_png(tmp_path):
    info = PngInfo()
    info.add_text("Description", "a drawing of an owl")
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png", pnginfo=info)
    with Image.open(tmp_path / "a.png") as image:
        assert read_facts(image).words == "a drawing of an owl"


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0" + b"\xff" * 40, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\x01" * 200, b"no"]
)
def test_bad_metadata_costs_only_itself(tmp_path, exif):
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(tmp_path / "a.jpg") as image:
            assert read_facts(image).camera is None
