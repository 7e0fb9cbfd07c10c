"""What tags, ratings, places and dates in XMP mean, program by program."""

from datetime import datetime

import pytest

from indexers import xmp
from indexers.facts import Facts
from indexers.xmp_facts import moment, read_facts


def facts(**properties: xmp.Value) -> Facts:
    return read_facts(xmp.Packet({name.replace("__", ":"): value for name, value in properties.items()}))


def test_nothing_said() -> None:
    assert facts() == Facts()


def test_tags_of_digikam() -> None:
    found = facts(
        digiKam__TagsList=["Places/Italy/Rome", "Holiday", "_Digikam_Internal_Tags_/Pick Label None"],
        dc__subject=["Rome", "Holiday", "Sea"],
    )
    assert found.tags == ("Places/Italy/Rome", "Holiday", "Sea")


def test_tags_of_lightroom_and_windows() -> None:
    found = facts(
        lr__hierarchicalSubject=["Animals|Dog"], MicrosoftPhoto__LastKeywordXMP=["animals/dog", "2024"]
    )
    assert found.tags == ("animals/dog", "2024")


def test_tags_without_bounds_are_bounded() -> None:
    found = facts(dc__subject=[f"tag {n}" for n in range(50_000)] + ["x" * 10_000_000])
    assert len(found.tags) == 1_000
    assert facts(dc__subject=["x" * 10_000_000]).tags == ("x" * 200,)
    assert facts(dc__subject=["/", " ", "a//b/"]).tags == ("a/b",)


@pytest.mark.parametrize(
    ("rating", "percent", "stars"),
    [
        ("4", None, 4),
        ("4.0", None, 4),
        ("0", "75", 4),
        (None, "1", 1),
        (None, "25", 2),
        (None, "50", 3),
        (None, "99", 5),
        ("-1", None, -1),
        ("17", None, 5),
        ("nan", None, None),
        ("inf", "-5", None),
        ("many", "1e999", None),
    ],
)
def test_ratings(rating: str | None, percent: str | None, stars: int | None) -> None:
    given = {"xmp__Rating": rating, "MicrosoftPhoto__Rating": percent}
    assert facts(**{name: text for name, text in given.items() if text}).rating == stars


def test_places() -> None:
    assert facts(photoshop__City="Lagos", photoshop__Country="Nigeria").place == "Lagos, Nigeria"
    created = {"Iptc4xmpExt:City": "Kyoto", "Iptc4xmpExt:CountryName": ["Japan", "日本"]}
    assert facts(Iptc4xmpExt__LocationCreated=[created]).place == "Kyoto, Japan"
    assert facts(Iptc4xmpExt__LocationCreated=["nowhere"]).place is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "position"),
    [
        ("51,30.6N", "0,7.5W", (51.51, -0.125)),
        ("33,51,36S", "151,12,0E", (-33.86, 151.2)),
        ("-33.86", "151.2", (-33.86, 151.2)),
        ("91,0N", "0,7.5W", (None, None)),
        ("51,30.6N", None, (None, None)),
        ("51,,N", "west", (None, None)),
        ("9" * 400 + "N", "1E", (None, None)),
    ],
)
def test_positions(latitude: str, longitude: str | None, position: tuple[float | None, float | None]) -> None:
    given = {"exif__GPSLatitude": latitude} | ({"exif__GPSLongitude": longitude} if longitude else {})
    found = facts(**given)
    expected = position if position[0] is None else pytest.approx(position)
    assert (found.latitude, found.longitude) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-01T12:30:45+02:00", datetime(2024, 5, 1, 12, 30, 45)),
        ("2024-05-01T12:30", datetime(2024, 5, 1, 12, 30)),
        ("1943", datetime(1943, 1, 1)),
        ("1943-07", datetime(1943, 7, 1)),
        ("0000-00-00", None),
        ("2024-13-01", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_dates(text: str | None, expected: datetime | None) -> None:
    assert moment(text) == expected


def test_words_and_people() -> None:
    found = facts(
        dc__title=["Market", "Markt"],
        dc__description="A fine day",
        **{
            "mwg-rs:Regions": {
                "mwg-rs:RegionList": [{"mwg-rs:Name": "Ada", "mwg-rs:Type": "Face"}, {"mwg-rs:Type": "Pet"}]
            }
        },
    )
    assert found.title == "Market"
    assert found.words.split("\n") == ["Market", "A fine day", "Ada"]
