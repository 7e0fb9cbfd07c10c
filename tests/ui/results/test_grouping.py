from collections.abc import Callable
from datetime import datetime

from search.records import Hit, Page
from ui.results.grouping import FEW, NOBODY, PLACES, Arrangement, Heading, More, arranged, ordered

MakeHit = Callable[..., Hit]


def told(hits: list[Hit], wanted: Arrangement) -> list[str]:
    """The rows as words: headings in brackets with their note."""
    return [
        row.file.name
        if isinstance(row, Hit)
        else f"[{row.title}: {row.note}]"
        if isinstance(row, Heading)
        else row.title
        for row in arranged(hits, wanted).rows
    ]


def test_orders_and_their_reverse(make_hit: MakeHit) -> None:
    first, second = (
        make_hit("b/A.jpg", taken_at=datetime(2020, 1, 1)),
        make_hit("a/b.pdf", media_type="application/pdf"),
    )
    third = make_hit("c/c.jpg", taken_at=datetime(2022, 1, 1))
    hits = [first, second, third]
    assert ordered(hits, "relevance") == hits
    assert ordered(hits, "date") == [third, second, first]
    assert ordered(hits, "name") == [first, second, third]
    assert ordered(hits, "folder") == [second, first, third]
    assert ordered(hits, "kind") == [first, third, second]
    assert ordered(hits, "date", backwards=True) == [first, second, third]
    assert ordered(hits, "relevance", backwards=True) == [third, second, first]


def test_weak_hits_are_left_out(make_hit: MakeHit) -> None:
    hits = [make_hit("a.jpg", score=0.9), make_hit("b.jpg", score=0.3)]
    assert told(hits, Arrangement(least=0.5)) == ["a.jpg"]
    assert told(hits, Arrangement(least=0.3)) == ["a.jpg", "b.jpg"]


def test_days_and_folders_have_headings_with_counts(make_hit: MakeHit) -> None:
    first, second = datetime(2024, 5, 1, 10), datetime(2024, 5, 2)
    hits = [
        make_hit("x/a.jpg", taken_at=first),
        make_hit("y/b.jpg", taken_at=second),
        make_hit("x/c.jpg", taken_at=first),
    ]
    assert told(hits, Arrangement(grouping="day")) == [
        "[1 May 2024: 2 files]", "a.jpg", "c.jpg", "[2 May 2024: 1 file]", "b.jpg",
    ]  # fmt: skip
    rows = told(hits, Arrangement(grouping="folder"))
    assert [row for row in rows if not row.startswith("[")] == ["a.jpg", "c.jpg", "b.jpg"]
    assert rows[0].endswith("x: 2 files]")


def test_a_file_with_many_places_shows_a_few_until_one_asks_for_more(make_hit: MakeHit) -> None:
    hits = [make_hit("a.pdf", media_type="application/pdf", locator=Page(n)) for n in range(1, FEW + 4)]
    made = arranged(hits, Arrangement(grouping="file"))
    assert isinstance(made.rows[-1], More)
    assert made.rows[-1].title == "3 more in this file"
    assert len(made.rows) == 1 + FEW + 1
    opened = Arrangement(grouping="file", opened=frozenset({hits[0].file.path}))
    assert arranged(hits, opened).rows[1:] == hits


def test_somebody_in_two_groups_and_those_nobody_knows_last(make_hit: MakeHit) -> None:
    nobody, both, one = make_hit("n.jpg"), make_hit("b.jpg"), make_hit("o.jpg")
    people = {both.file.digest: ("Ada", "Grace"), one.file.digest: ("Ada",)}
    assert told([nobody, both, one], Arrangement(grouping="person", people=people)) == [
        "[Ada: 2 files]", "b.jpg", "o.jpg", "[Grace: 1 file]", "b.jpg", f"[{NOBODY}: 1 file]", "n.jpg",
    ]  # fmt: skip


def test_a_folded_group_is_its_heading(make_hit: MakeHit) -> None:
    hits = [make_hit("a.jpg"), make_hit("b.jpg")]
    folded = Arrangement(grouping="person", folded=frozenset({NOBODY}))
    assert told(hits, folded) == [f"[{NOBODY}: 2 files]"]


def test_a_file_with_many_places_leaves_room_for_others(make_hit: MakeHit) -> None:
    many = [make_hit("/a/flood.pdf") for _ in range(PLACES + 12)]
    others = [make_hit(f"/a/{n}.pdf") for n in range(3)]
    hits = [*many[:5], others[0], *many[5:], *others[1:]]
    made = arranged(hits, Arrangement())
    assert made.rows == [
        *many[:5],
        others[0],
        *many[5:PLACES],
        More("/a/flood.pdf", tuple(many[PLACES:])),
        *others[1:],
    ]
    assert made.others == [PLACES + 1]
    assert made.rows[PLACES + 1].title == "12 more in this file"
    assert arranged(hits, Arrangement(opened=frozenset(("/a/flood.pdf",)))).rows == hits
    few = [*many[: PLACES + 1], *others]
    assert arranged(few, Arrangement()).rows == few
