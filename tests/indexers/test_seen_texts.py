"""What a film shows for a while is one text."""

from indexers.base import Piece
from indexers.seen_texts import merged
from search.records import Region, TimeSpan

BOX = (0.1, 0.8, 0.6, 0.9)
ELSEWHERE = (0.7, 0.1, 0.9, 0.2)


def seen(text, start_s, end_s, box=BOX, parent=None):
    return Piece("ocr", Region(TimeSpan(start_s, end_s), box), text, parent=parent)


def told(texts):
    return [(text[0].text, text[0].locator.of.start_s, text[0].locator.of.end_s) for text in texts]


def test_a_text_lasts_from_first_to_last_sight():
    found = merged([[seen("OPEN 24 h", 0, 2)], [seen("OPEN 24 h", 2, 4)], [], [seen("OPEN 24 h", 6, 8)]])
    assert told(found) == [("OPEN 24 h", 0, 8)]


def test_the_most_usual_reading_is_kept():
    readings = [
        [seen(text, 2 * n, 2 * n + 2)] for n, text in enumerate(("0PEN 24 h", "OPEN 24 h", "OPEN 24 h"))
    ]
    assert told(merged(readings)) == [("OPEN 24 h", 0, 6)]


def test_what_comes_back_later_stands_elsewhere_or_says_other_things_is_another_text():
    readings = [
        [seen("Kittiwake", 0, 2), seen("Kittiwake", 0, 2, ELSEWHERE)],
        [seen("Boat hire", 2, 4)],
        [seen("Kittiwake", 30, 32)],
    ]
    assert told(merged(readings)) == [
        ("Kittiwake", 0, 2),
        ("Kittiwake", 0, 2),
        ("Boat hire", 2, 4),
        ("Kittiwake", 30, 32),
    ]


def test_lines_stay_with_their_block():
    reading = [
        seen("other", 0, 2, ELSEWHERE),
        seen("nine until five", 0, 2),
        seen("nine until", 0, 2, parent=1),
        seen("five", 0, 2, parent=1),
    ]
    _, block = merged([reading, [seen("nine until five", 2, 4)]])
    assert [(piece.text, piece.parent, piece.locator.of) for piece in block] == [
        ("nine until five", None, TimeSpan(0, 4)),
        ("nine until", 0, TimeSpan(0, 4)),
        ("five", 0, TimeSpan(0, 4)),
    ]
