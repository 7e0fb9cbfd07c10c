from datetime import date, datetime
from typing import Any

from search.facets import MOST_VALUES, facets
from search.filters import facts_of, matches
from search.query import Camera, Dates, Kinds, Tag
from search.records import Content, File, Hit, Whole


def hit(path: str, media_type: str = "image/jpeg", **facts: Any) -> Hit:
    content = Content(f"digest of {path}", media_type, 1, **facts)
    file = File(path, content.digest, 1, 1_600_000_000 * 10**9, "/r")
    return Hit(1, 0.5, file, content, Whole(), None, ())


def told(hits: list[Hit]) -> dict[str, dict[str, int]]:
    return {facet.name: {value.label: value.files for value in facet.values} for facet in facets(hits)}


def test_files_are_counted_once_and_what_all_share_is_not_told() -> None:
    hits = [hit("/r/a/1.jpg", camera="Nikon"), hit("/r/a/1.jpg", camera="Nikon"), hit("/r/b/2.jpg")]
    assert told(hits) == {"folder": {"a": 1, "b": 1}, "camera": {"Nikon": 1}}
    assert facets([]) == ()
    assert facets(hits[:2]) == ()


def test_dates_are_years_or_the_months_of_one() -> None:
    days = [datetime(2023, 5, 1), datetime(2024, 2, 3), datetime(2024, 2, 4), datetime(2024, 7, 1)]
    hits = [hit(f"/r/{n}.jpg", taken_at=day) for n, day in enumerate(days)]
    assert list(told(hits)["date"].items()) == [("2024", 3), ("2023", 1)]
    assert list(told(hits[1:])["date"].items()) == [("2024-07", 1), ("2024-02", 2)]
    (months,) = (facet for facet in facets(hits[1:]) if facet.name == "date")
    assert months.values[1].filter == Dates(date(2024, 2, 1), date(2024, 2, 29))


def test_the_commonest_come_first_and_not_too_many() -> None:
    hits = [hit(f"/r/{n}.jpg", tags=tuple(f"t{i}" for i in range(n + 1))) for n in range(12)]
    tags = told(hits)["tag"]
    assert list(tags)[:2] == ["t0", "t1"]
    assert len(tags) == MOST_VALUES


def test_the_filter_of_a_value_keeps_just_its_files() -> None:
    hits = [
        hit("/r/a/1.jpg", camera="NIKON D90", tags=("Trip/Rome",), place="Rome, Italy", language="en"),
        hit("/r/b b/2.pdf", "application/pdf", taken_at=datetime(2020, 1, 1), tags=("x",)),
        hit("/r/a/3.mp4", "video/mp4", camera="Canon", taken_at=datetime(2021, 6, 1), language="de"),
    ]
    seen = set()
    for facet in facets(hits):
        for value in facet.values:
            kept = [one for one in hits if matches(value.filter, facts_of(one.file, one.content))]
            assert len(kept) == value.files, value
            seen.add(type(value.filter))
    assert {Camera, Dates, Kinds, Tag} <= seen
