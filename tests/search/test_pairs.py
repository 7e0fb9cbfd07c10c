"""Questions with several parts, answered by pairs of places: the engine on a real library."""

import json
from typing import Any

import pytest

from search.engine import Engine, SearchOptions
from search.output import from_json, to_json
from search.records import Evidence, Hit, Page, SearchResult, TimeSpan, Whole

QUESTION = "the chart of revenue on the page that names the auditor"


def names(result: SearchResult) -> list[str]:
    return [hit.file.name for hit in result]


def told(hit: Hit) -> list[Evidence]:
    """The best evidence of each part."""
    first: dict[str, Evidence] = {}
    for one in hit.evidence:
        if one.part is not None:
            first.setdefault(one.part, one)
    return list(first.values())


@pytest.fixture
def reports(shelf: Any) -> Engine:
    """Reports that hold both things on one page, on two, one of them, none."""
    filler = "Rain fell on most days of the month."
    shelf.pdf("apart.pdf", "Our revenue rose.", filler, filler, filler, "Miller is the auditor.")
    shelf.pdf("next.pdf", filler, "Our revenue rose.", "Miller is the auditor.")
    shelf.pdf("same.pdf", filler, "Our revenue rose. Miller is the auditor.")
    shelf.pdf("revenue.pdf", "Our revenue rose.", "It is revenue.")
    shelf.pdf("auditor.pdf", "Miller is the auditor.")
    for n in range(12):
        shelf.pdf(f"other {n}.pdf", filler)
    return shelf.engine()


class TestOrder:
    def test_one_page_comes_before_two_and_neighbours_before_what_is_apart(self, reports: Engine) -> None:
        found = names(reports.search(QUESTION))
        assert found[:3] == ["same.pdf", "next.pdf", "apart.pdf"]
        assert set(found[3:]) <= {"revenue.pdf", "auditor.pdf"}

    def test_both_parts_in_different_files_are_no_pair(self, shelf: Any) -> None:
        shelf.pdf("revenue.pdf", "Our revenue rose.")
        shelf.pdf("auditor.pdf", "Miller is the auditor.")
        assert names(shelf.engine().search("SAME pair (revenue AND auditor)")) == []

    def test_a_part_that_nothing_answers_makes_no_pair(self, reports: Engine) -> None:
        assert names(reports.search("SAME pair (revenue AND submarine)")) == []

    def test_weights_count(self, shelf: Any) -> None:
        shelf.pdf("1.pdf", "cat", "x", "x", "a dog or a cow and a bird")
        shelf.pdf("2.pdf", "dog", "x", "x", "a cat or a cow and a bird")
        engine = shelf.engine()
        assert names(engine.search("SAME pair (cat^5 AND dog)"))[0] == "1.pdf"
        assert names(engine.search("SAME pair (cat AND dog^5)"))[0] == "2.pdf"


class TestEvidence:
    def test_both_ends_are_shown_each_with_its_part(self, reports: Engine) -> None:
        hit = reports.search(QUESTION).hits[1]
        assert hit.locator == Page(2)
        assert [(one.part, one.locator, one.text) for one in told(hit)] == [
            ("chart of revenue", Page(2), "Our revenue rose."),
            ("auditor", Page(3), "Miller is the auditor."),
        ]

    def test_one_page_that_answers_all_is_shown_alone(self, reports: Engine) -> None:
        hit = reports.search(QUESTION).hits[0]
        assert {one.locator for one in hit.evidence} == {Page(2)}

    def test_a_file_that_answers_one_part_shows_no_parts(self, reports: Engine) -> None:
        hits = reports.search(QUESTION, SearchOptions(floor=0.02)).hits
        single = [hit for hit in hits if hit.file.name in ("revenue.pdf", "auditor.pdf")]
        assert single
        assert all(one.part is None for hit in single for one in hit.evidence)

    def test_the_answer_can_be_written_and_read(self, reports: Engine) -> None:
        result = reports.search(QUESTION)
        data = json.loads(json.dumps(to_json(result)))
        assert from_json(data) == result
        assert data["hits"][1]["evidence"][0]["part"] == "chart of revenue"

    def test_places_are_grouped_once_for_each_beginning(self, reports: Engine) -> None:
        hits = reports.search("SAME pair (revenue AND auditor)", SearchOptions(group="segment")).hits
        assert [(hit.file.name, hit.locator) for hit in hits[:2]] == [
            ("same.pdf", Page(2)),
            ("next.pdf", Page(2)),
        ]
        assert {one.part for one in hits[1].evidence} == {"revenue", "auditor"}


class TestModalities:
    def test_a_moment_that_shows_and_one_where_it_is_said(self, shelf: Any) -> None:
        shelf.film("1.mp4", (0, 10, "sea"), (40, 45, "dog"), said="We talk about holidays")
        shelf.film("2.mp4", (0, 10, "sea"), (40, 45, "dog"), said="It is cold today")
        shelf.film("3.mp4", (0, 10, "sea"), (40, 45, "tree"), said="We talk about holidays")
        for n in range(12):
            shelf.photo(f"{n}.jpg", f"thing{n} other{n}")
        hit = shelf.engine().search("dog in the video where somebody talks about holidays").hits[0]
        assert (hit.file.name, hit.locator) == ("1.mp4", TimeSpan(40, 45))
        assert [(one.part, one.locator) for one in told(hit)] == [
            ("dog", TimeSpan(40, 45)),
            ("holidays", TimeSpan(0, 10)),
        ]

    def test_the_name_of_a_file_and_one_of_its_pages(self, shelf: Any) -> None:
        shelf.pdf("invoice acme.pdf", "Thank you.", "A total of 300 euros.")
        shelf.pdf("invoice other.pdf", "Thank you.", "A total of 300 euros.")
        shelf.pdf("letter acme.pdf", "Thank you.", "No money is asked for.")
        hit = shelf.engine().search("invoice from Acme with the total of 300 euros").hits[0]
        assert hit.file.name == "invoice acme.pdf"
        assert {one.locator for one in told(hit)} == {Whole(), Page(2)}

    def test_parts_may_be_anything(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "Lyon", "x", captions=("x", "map"))
        shelf.pdf("b.pdf", "Lyon", "x", captions=("x", "tree"))
        result = shelf.engine().search("SAME pair (scene:map AND text:Lyon type:pdf -text:Paris)")
        assert names(result) == ["a.pdf"]
        assert [one.part for one in told(result.hits[0])] == ["scene:map", "text:Lyon"]


class TestSimple:
    @pytest.mark.parametrize(
        "query",
        ["revenue rose", "revenue auditor", '"revenue rose"', "revenue AND auditor", "SAME page (revenue)"],
    )
    def test_a_simple_question_has_no_parts(self, reports: Engine, query: str) -> None:
        hits = reports.search(query).hits
        assert hits
        assert all(one.part is None for hit in hits for one in hit.evidence)

    def test_words_in_files_are_never_read_as_a_question(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "SAME pair (x AND y); revenue + auditor on the page that names -x OR NOT y")
        assert names(shelf.engine().search("revenue")) == ["a.pdf"]

    def test_a_filter_beside_a_question(self, reports: Engine) -> None:
        assert names(reports.search(f"{QUESTION} name:next")) == ["next.pdf"]
        assert names(reports.search(f"{QUESTION} type:image")) == []
