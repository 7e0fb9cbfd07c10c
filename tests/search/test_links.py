"""Links between files: which file a link means, and pairs of places that a link joins."""

from pathlib import Path
from typing import Any

import pytest

from search.engine import Engine, SearchOptions
from search.graph import LINKED, NEAR_A_LINK, NEXT
from search.links import Joint, Links
from search.output import from_json, to_json
from search.records import Page, SearchResult, Whole
from search.store import Words as WordQuery

QUESTION = "SAME pair (revenue AND auditor)"
FILLER = "Rain fell on most days of the month."


def names(result: SearchResult) -> list[str]:
    return [hit.file.name for hit in result]


def met(links: Links, digest: str) -> list[str]:
    return [Path(one.path).name for one in links.of_content(digest)]


class TestMeant:
    @pytest.mark.parametrize(
        ("target", "page"),
        [
            ("b.pdf", None),
            ("./b.pdf#page=2", 2),
            ("../docs/b.pdf", None),
            ("sub/../b.pdf#page=9", 9),
            ("B.PDF", None),
            ("elsewhere/b.pdf", None),
            ("C:/Users/ada/b.pdf#page=3", 3),
        ],
    )
    def test_a_file_is_found_where_the_link_says_or_where_it_was_moved(
        self, shelf: Any, target: str, page: int | None
    ) -> None:
        one, other = shelf.pdf("docs/a.pdf", "x", "y"), shelf.pdf("docs/b.pdf", "z")
        shelf.links(one, (2, target))
        links = Links.of(shelf.library())
        [found] = links.of_content(one)
        assert found.digest == other
        assert found.joints == (Joint(Page(2), Page(page) if page else Whole()),)
        [back] = links.of_content(other)
        assert (back.digest, back.joints) == (one, (Joint(found.joints[0].theirs, Page(2)),))
        assert links.near({one}) == {other}

    def test_the_file_that_lies_most_like_it_is_meant(self, shelf: Any) -> None:
        one = shelf.pdf("2024/notes.pdf", "x")
        shelf.pdf("2023/tables/b.pdf", "old")
        shelf.pdf("2024/tables/b.pdf", "new")
        shelf.pdf("b.pdf", "other")
        shelf.links(one, (1, "gone/tables/b.pdf"))
        [found] = Links.of(shelf.library()).of_content(one)
        assert found.path.replace("\\", "/").endswith("2024/tables/b.pdf")

    def test_of_two_that_lie_equally_so_none_is_meant(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "x")
        shelf.pdf("here/b.pdf", "1")
        shelf.pdf("there/b.pdf", "2")
        shelf.links(one, (1, "b.pdf"))
        assert met(Links.of(shelf.library()), one) == []

    def test_what_is_not_in_the_library_joins_nothing(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "x")
        shelf.links(one, (1, "b.pdf"), (1, "a.pdf"), (1, ""), (1, "#page=x"))
        assert met(Links.of(shelf.library()), one) == []

    def test_pages_of_one_file(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", *"abcdefg")
        shelf.links(one, (1, "#page=7"), (6, "a.pdf#page=2"), (3, "#page=3"))
        assert Links.of(shelf.library()).within(one) == {(1, 7), (2, 6)}

    def test_a_library_without_links(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "x")
        links = Links.of(shelf.library())
        assert not links
        assert (links.near({one}), links.of_content(one), links.within(one)) == (set(), (), frozenset())

    def test_what_links_say_is_no_word(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "x")
        shelf.links(one, (1, "submarine.pdf"))
        library = shelf.library()
        assert library.rows("links", ["words"])["words"].to_pylist() == [""]
        assert library.find_words("text", WordQuery("submarine"), 5) == []
        assert names(Engine(library, []).search("submarine")) == []


@pytest.fixture
def notes(shelf: Any) -> Any:
    """A file of notes that links to a report; each answers one part. Another report lies beside it."""
    one = shelf.pdf("notes.pdf", FILLER, "Our revenue rose.", FILLER)
    shelf.pdf("report.pdf", FILLER, FILLER, FILLER, "Miller is the auditor.")
    shelf.pdf("unrelated.pdf", FILLER, "Miller is the auditor.")
    for n in range(8):
        shelf.pdf(f"other {n}.pdf", FILLER)
    shelf.links(one, (2, "report.pdf#page=4"))
    return shelf


class TestPairs:
    def test_two_files_that_a_link_joins_are_one_hit(self, notes: Any) -> None:
        result = notes.engine().search(QUESTION)
        assert names(result) == ["notes.pdf"]
        hit = result.hits[0]
        assert hit.locator == Page(2)
        told = {one.part: (one.path and Path(one.path).name, one.locator) for one in reversed(hit.evidence)}
        assert told == {"revenue": (None, Page(2)), "auditor": ("report.pdf", Page(4))}
        assert hit.text == "Our revenue rose."

    def test_the_file_that_answers_first_leads_whichever_links(self, notes: Any) -> None:
        hit = notes.engine().search("SAME pair (auditor AND revenue)").hits[0]
        assert (hit.file.name, hit.locator) == ("report.pdf", Page(4))
        assert [one.path and Path(one.path).name for one in hit.evidence][:2] == [None, "notes.pdf"]

    def test_the_answer_can_be_written_and_read(self, notes: Any) -> None:
        result = notes.engine().search(QUESTION)
        data = to_json(result)
        assert from_json(data) == result
        assert any(one["path"] for one in data["hits"][0]["evidence"])

    def test_places_by_themselves(self, notes: Any) -> None:
        hits = notes.engine().search(QUESTION, SearchOptions(group="segment")).hits
        assert [(hit.file.name, hit.locator) for hit in hits] == [("notes.pdf", Page(2))]
        assert {one.part for one in hits[0].evidence} == {"revenue", "auditor"}

    def test_a_link_on_the_very_page_counts_more_than_one_elsewhere(self, shelf: Any) -> None:
        scores = {}
        for name, page in (("here", 2), ("elsewhere", 1)):
            one = shelf.pdf(f"{name}/notes.pdf", FILLER, "Our revenue rose.")
            shelf.pdf(f"{name}/report {name}.pdf", "Miller is the auditor.")
            shelf.links(one, (page, f"report {name}.pdf"))
        for hit in shelf.engine().search(QUESTION):
            scores[Path(hit.file.path).parent.name] = hit.score
        assert scores["elsewhere"] / scores["here"] == pytest.approx(NEAR_A_LINK / LINKED, abs=0.01)

    def test_one_file_that_answers_all_comes_before_two(self, notes: Any) -> None:
        notes.pdf("both.pdf", "Our revenue rose.", *[FILLER] * 4, "Miller is the auditor.")
        assert names(notes.engine().search(QUESTION)) == ["both.pdf", "notes.pdf"]

    def test_a_partner_that_adds_nothing_is_left_out(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "Our revenue rose. Miller is the auditor.")
        shelf.pdf("b.pdf", "Miller is the auditor.")
        shelf.links(one, (1, "b.pdf"))
        [hit] = shelf.engine().search(QUESTION).hits
        assert hit.file.name == "a.pdf"
        assert all(found.path is None for found in hit.evidence)

    def test_filters_hold_for_both(self, notes: Any) -> None:
        assert names(notes.engine().search(f"{QUESTION} name:notes")) == []
        assert names(notes.engine().search(f"{QUESTION} type:pdf")) == ["notes.pdf"]

    def test_three_parts_in_turn(self, shelf: Any) -> None:
        one = shelf.pdf("a.pdf", "revenue and harvest")
        shelf.pdf("b.pdf", "the auditor")
        shelf.pdf("c.pdf", "harvest")
        shelf.links(one, (1, "b.pdf"))
        assert names(shelf.engine().search("SAME pair (revenue AND auditor AND harvest)")) == ["a.pdf"]

    def test_a_link_within_a_file_makes_two_pages_neighbours(self, shelf: Any) -> None:
        for name in ("linked", "plain"):
            one = shelf.pdf(f"{name}.pdf", "Our revenue rose.", *[FILLER] * 4, "Miller is the auditor.")
            if name == "linked":
                shelf.links(one, (1, "#page=6"))
        hits = shelf.engine().search(QUESTION).hits
        assert [hit.file.name for hit in hits] == ["linked.pdf", "plain.pdf"]
        assert hits[0].score / NEXT > hits[1].score


class TestIsolation:
    def test_what_links_to_everything_lifts_one_file_and_not_all(self, shelf: Any) -> None:
        spam = shelf.pdf("spam.pdf", "auditor auditor auditor Miller is the auditor.")
        shelf.pdf("honest.pdf", "Our revenue rose.", *[FILLER] * 4, "Miller is the auditor.")
        for n in range(6):
            shelf.pdf(f"revenue {n}.pdf", "Our revenue rose.")
        shelf.links(spam, *((1, f"revenue {n}.pdf") for n in range(6)), (1, "honest.pdf"))
        result = shelf.engine().search(QUESTION)
        assert names(result)[0] == "honest.pdf"
        assert len(result.hits) == 2
        joined = [hit for hit in result if any(one.path for one in hit.evidence)]
        assert len(joined) == 1

    def test_links_change_nothing_for_simple_questions(self, notes: Any) -> None:
        engine = notes.engine()
        assert [one.path for hit in engine.search("revenue") for one in hit.evidence] == [None]
