"""Names of places: towns, the city around them, the date line, the sea, and photos found by them."""

import time
from pathlib import Path

import pytest
from PIL import Image

from indexers.places import Places, settled
from search.engine import Engine
from search.records import Content

TABLE = Path(__file__).parents[2] / "resources" / "places" / "places.npz"


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(TABLE)


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        (48.2082, 16.3738, "Vienna, Austria"),
        (51.4787, -0.2956, "Kew, London, England, United Kingdom"),
        (-33.8568, 151.2153, "The Rocks, Sydney, New South Wales, Australia"),
        (46.5763, 7.9904, "Grindelwald, Bern, Switzerland"),
        (64.1466, -21.9426, "Reykjavík, Capital Region, Iceland"),
        (-16.8, 179.99, "Northern, Fiji"),
        (-16.8, -179.98, "Northern, Fiji"),
    ],
)
def test_a_point_has_a_name(places: Places, latitude: float, longitude: float, place: str) -> None:
    found = places.named(latitude, longitude)
    assert found is not None
    assert found.place == place


@pytest.mark.parametrize("point", [(30, -40), (-90, 0), (90, 180), (0, -180), (-48.87, -123.39)])
def test_the_sea_and_the_ice_have_none(places: Places, point: tuple[float, float]) -> None:
    assert places.named(*point) is None


def test_other_names(places: Places) -> None:
    vienna = places.named(48.2082, 16.3738)
    assert vienna is not None
    assert {"Wien", "Viyana", "Österreich"} <= set(vienna.names)
    assert not {"VIE", "wynh"} & set(vienna.names)


def test_what_the_file_says_comes_first(places: Places) -> None:
    kew = Content("d", "image/jpeg", 1, latitude=51.4787, longitude=-0.2956, place="Palm House")
    found = settled(kew, places)
    assert found.place == "Palm House"
    assert {"Kew", "London", "United Kingdom"} <= set(found.place_names)
    assert settled(found, None).place_names == ()
    assert settled(Content("d", "image/jpeg", 1), places) == Content("d", "image/jpeg", 1)


def test_a_name_takes_milliseconds(places: Places) -> None:
    places.named(0, 0)
    began = time.process_time()
    for number in range(20):
        places.named(number, number)
    assert time.process_time() - began < 2


def test_photos_are_found_by_where_they_were_taken(folder, run_index, library) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 12.0, 30.0), 3: "E", 4: (16.0, 22.0, 26.0)})
    exif[271], exif[272] = "NIKON", "NIKON D750"
    exif.get_ifd(0x8769)[36867] = "2024:05:01 12:30:45"
    Image.new("RGB", (64, 48), "red").save(folder / "a.jpg", exif=exif)
    Image.new("RGB", (64, 48), "blue").save(folder / "b.jpg")
    run_index(folder, places=TABLE)
    engine = Engine(library)
    whole = 'place:wien camera:nikon date:2024-05-01 near:48.2,16.37,3km -place:"vienna, virginia"'
    for query in (
        "place:vienna",
        'place:"Wien, Österreich"',
        "place:austria",
        "Wien",
        "vienna austria",
        whole,
    ):
        assert [hit.file.name for hit in engine.search(query).hits] == ["a.jpg"], query
    (hit,) = engine.search("wien").hits
    assert hit.text == "NIKON D750 Vienna, Austria, Wien"
    (hit,) = engine.search("place:wien").hits
    assert hit.content.place == "Vienna, Austria"
