"""What the preview says and offers: marks, facts, words, what can be searched from a hit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from pytestqt.qtbot import QtBot

from search.parser import parse
from search.pieces import Inside, Piece
from search.query import Camera, InFolder, Somebody, Tag
from search.records import Hit, Page, Region, TimeSpan, Whole
from ui.preview.asked import asked_words
from ui.preview.details import Details
from ui.preview.facts import Facts
from ui.preview.marks import Mark, marks
from ui.preview.similar import region_query, ways

BOX, OTHER = (0.1, 0.2, 0.3, 0.4), (0.5, 0.5, 0.75, 1.0)
MakeHit = Callable[..., Hit]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("red car at night", ("red", "car", "night")),
        ('said:"climate change" -boat type:video', ("climate change",)),
        ("text:invoice scene:beach like:@a.jpg", ("invoice",)),
        ("to be", ("to", "be")),
        ("(broken", ()),
        ("", ()),
    ],
)
def test_words_that_are_pointed_out(query: str, expected: tuple[str, ...]) -> None:
    assert asked_words(query) == expected


def test_marks_of_a_hit_and_of_all_that_is_there(make_hit: MakeHit) -> None:
    hit = replace(make_hit("a.jpg"), locator=Region(Whole(), BOX))
    pieces = (
        Piece("object", Region(Whole(), BOX), "dog", 0.9),
        Piece("face", Region(Whole(), OTHER), "Ada"),
        Piece("object", Region(TimeSpan(0, 1), OTHER), "cat", 0.9),
        Piece("scene", Whole(), None, 0.9),
    )
    assert marks(hit, pieces) == (
        Mark(BOX, "dog", True, Region(Whole(), BOX)),
        Mark(OTHER, "Ada", False, Region(Whole(), OTHER), face=True),
    )
    assert marks(hit, (), [OTHER])[1] == Mark(OTHER, word=True)


def queries(hit: Hit, mark: Mark | None = None, second: float | None = None) -> list[str]:
    found = [way.query for way in ways(hit, mark, second)]
    for query in found:
        parse(query)
    return found


def test_what_can_be_searched_from_a_picture(make_hit: MakeHit) -> None:
    hit = make_hit("my photo.jpg")
    path = hit.file.path
    assert queries(hit) == [f'like:@"{path}"']
    face = Mark(BOX, "face", face=True)
    assert queries(hit, face)[0] == f'face:@"{path}"[0.1,0.2,0.3,0.4]'
    named = queries(hit, replace(face, label="Ada Byron"))
    assert named[0] == 'person:"Ada Byron"'
    assert queries(hit, Mark(BOX, "dog"))[0] == f'like:@"{path}"[0.1,0.2,0.3,0.4]'
    assert region_query(hit, (0.123456, 0, 1, 1)) == f'like:@"{path}"[0.1235,0,1,1]'


def test_what_can_be_searched_from_a_page(make_hit: MakeHit) -> None:
    hit = make_hit("a.pdf", media_type="application/pdf", locator=Page(3))
    assert queries(hit) == [f'like:@"{hit.file.path}"#3']


def test_what_can_be_searched_from_a_film(make_hit: MakeHit) -> None:
    hit = make_hit("a.mp4", media_type="video/mp4", locator=TimeSpan(10.0, 14.5), duration_s=60)
    here, film, sound = queries(hit, None, 12.0)
    assert here.endswith("[10.0s..14.5s]")
    assert film.startswith("clip:@")
    assert sound.startswith("sound:@")
    assert queries(hit, None, 30.0)[0].endswith("[27.0s..33.0s]")
    stranger = Mark(BOX, "face", face=True, person=12)
    assert queries(hit, stranger, 12.0)[0] == "person:12"
    assert queries(hit, replace(stranger, label="Ada"), 12.0)[0] == "person:Ada"
    assert [way.text for way in ways(make_hit("a.ogg", media_type="audio/ogg"))] == [
        "Find what sounds like this"
    ]


def test_facts_lead_to_a_narrower_query(make_hit: MakeHit, qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    hit = make_hit(
        "a.jpg", taken_at=datetime(2024, 5, 1, 9), camera="Canon <5D>", tags=("Trips/Rome",), rating=3
    )
    facts.show_hit(hit)
    assert "1 May 2024, 09:00 · " in facts.text()
    assert "Canon <5D> · ★★★ · Trips/Rome" in facts.text()
    parts: list[object] = []
    facts.narrow_wanted.connect(parts.append)
    facts.show_inside(hit, Inside((), 0, ("Ada",), (hit.file.path, "/backup/b/a.jpg")))
    for number in range(len(facts._parts)):
        facts.about.linkActivated.emit(str(number))
    assert Camera("Canon <5D>") in parts
    assert Tag("Trips/Rome") in parts
    assert Somebody("Ada") in parts
    assert InFolder("/backup/b") in parts
    assert "The same file is also here" in facts.text()
    assert hit.file.path not in facts.copies.text()


def test_a_file_that_is_alone_says_nothing_of_others(make_hit: MakeHit, qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    hit = make_hit("a.jpg")
    facts.show_hit(hit)
    facts.show_inside(hit, Inside((), 0, (), (hit.file.path,)))
    assert facts.copies.isHidden()
    assert facts.people.isHidden()


def test_what_could_not_be_read_is_said_once(make_hit: MakeHit, qtbot: QtBot) -> None:
    details = Details(())
    qtbot.addWidget(details)
    details.show()
    hit = make_hit("a.pdf", media_type="application/pdf")
    details.show_hit(hit)
    details.remark("The PDF needs a password.")
    assert details.note.isVisible()
    details.show_inside(hit, Inside(remarks=("The PDF needs a password.",)), ())
    assert not details.note.isVisible()
    details.remark("It plays without sound.")
    assert details.note.isVisible()
