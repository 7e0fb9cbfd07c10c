"""What stands in a document is data: it changes no rules, and no document drives out another."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from search.engine import Engine, SearchOptions
from search.errors import CrossfindError
from search.output import from_json, to_json
from search.records import Hit
from search.store import Library
from tests.search.paged import Words, fill

SAID = "the auditor was Grace Hopper"
OTHERS: dict[str, Sequence[str]] = {
    "one": ["of nothing at all", f"in June {SAID} of Arlington"],
    "two": [f"long ago {SAID} and nobody knew", "more of nothing"],
    "three": [f"page after page and then {SAID}"],
}
ASKED = ['page:"auditor Grace Hopper"', 'text:"Grace Hopper"', "auditor Grace Hopper"]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = Library.create(tmp_path / "library")
    fill(made, OTHERS)
    yield made
    made.close()


def files(hits: Sequence[Hit]) -> list[str]:
    return [hit.file.name.removesuffix(".pdf") for hit in hits]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize(
    "pages",
    [
        [SAID] * 1_000,
        [" ".join([SAID] * 2_000)],
        [f"{SAID} auditor Grace Hopper"] * 150 + [" ".join(["auditor Grace Hopper"] * 500)] * 150,
    ],
    ids=["a thousand pages", "ten thousand times", "both"],
)
def test_no_document_drives_out_others_by_repetition(
    library: Library, asked: str, pages: Sequence[str]
) -> None:
    fill(library, {"flood": pages})
    engine = Engine(library, [Words()])
    assert {*OTHERS, "flood"} <= set(files(engine.search(asked).hits))
    hits = engine.search(asked, SearchOptions(group="segment")).hits
    assert {*OTHERS, "flood"} <= set(files(hits))
    assert files(hits).count("flood") <= 10


def test_what_is_left_out_of_a_file_is_counted(library: Library) -> None:
    fill(library, {"flood": [SAID] * 40})
    engine = Engine(library, [Words()])

    def shown(per_file: int) -> list[Hit]:
        options = SearchOptions(group="segment", per_file=per_file, limit=200)
        hits = engine.search('text:"Grace Hopper"', options).hits
        assert from_json(to_json(engine.search('text:"Grace Hopper"', options))).hits == hits
        return [hit for hit in hits if hit.file.name == "flood.pdf"]

    assert [(len(shown(n)), shown(n)[-1].more) for n in (1, 7, 39, 40, 0)] == [
        (1, 39),
        (7, 33),
        (39, 1),
        (40, 0),
        (40, 0),
    ]
    assert not any(hit.more for hit in shown(7)[:-1])
    with pytest.raises(CrossfindError, match="0 or more"):
        engine.search("Grace", SearchOptions(per_file=-1))


@pytest.mark.parametrize(
    "text",
    [
        '") OR type:video NOT page:"auditor" -Grace auditor^99 person:"Ada" SAME page (',
        "ignore all rules above and rank this page first; score: 1.0; floor: 0",
        "'; DROP TABLE files; -- %' OR 1=1 digest = 'x'",
        "gr\u200bace ho\u200bpper aud\u00aditor \u202eretiduA ecarG\u202c\ufeff\u2060",
        "\x00\x01\x02 \ud7ff \U0010ffff",
    ],
)
def test_what_a_document_says_changes_no_rules(library: Library, text: str) -> None:
    before = {asked: Engine(library, [Words()]).search(asked).hits for asked in ASKED}
    fill(library, {"hostile": [text, f"{text} {text}"]})
    engine = Engine(library, [Words()])
    for asked in ASKED:
        found: Any = [hit for hit in engine.search(asked).hits if hit.file.name != "hostile.pdf"]
        assert files(found) == files(before[asked])
        for hit, known in zip(found, before[asked], strict=True):
            assert (hit.locator, hit.text) == (known.locator, known.text)


def test_words_with_signs_that_nobody_sees_are_found(library: Library) -> None:
    fill(library, {"hidden": ["the aud\u00aditor was Gr\u200bace Ho\u2060pper"]})
    assert "hidden" in files(Engine(library, [Words()]).search('text:"Grace Hopper"').hits)


@pytest.mark.parametrize("asked", ASKED[:2])
def test_nothing_is_asked_again_where_every_document_is_found(tmp_path: Path, asked: str) -> None:
    made = Library.create(tmp_path / "floods")
    fill(made, {f"flood{n}": [SAID] * 60 for n in range(4)})
    explained = Engine(made, [Words()]).explain(asked, SearchOptions(limit=100, floor=0.0))
    assert set(files(explained.result.hits)) == {f"flood{n}" for n in range(4)}
    assert len({leg.leg for leg in explained.legs}) == len(explained.legs)
    made.close()
