"""What is found, in which order, and why: the engine on a real library with foreseeable vectors."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from search.digests import Digests
from search.engine import Engine, SearchOptions
from search.errors import CancelledError, CrossfindError, MediaError, ModelError, QuerySyntaxError
from search.languages import Tongues
from search.output import from_json, to_json
from search.parser import parse
from search.records import Grouped, Missing, Page, SearchResult, Segment, TimeSpan, Whole
from search.tags import Tags

Draw = Callable[..., Image.Image]


def names(result: SearchResult) -> list[str]:
    return [hit.file.name for hit in result]


def found(engine: Engine, query: str, **options: Any) -> list[str]:
    return names(engine.search(query, SearchOptions(**options)))


@pytest.fixture
def mixed(shelf: Any) -> Engine:
    """Photos of several things, two reports, a diary."""
    for n, thing in enumerate(
        ["cat", "harbour", "bicycle", "lighthouse", "forest", "bridge", "market", "snow"]
    ):
        shelf.photo(f"Photos/IMG_{n}.jpg", f"{thing} {thing}s outdoors", taken_at=datetime(2023, 1 + n, 5))
    shelf.pdf("Work/report.pdf", "Sales of bicycles rose.", "Costs of the rowing boat harbour fell.")
    shelf.pdf("Work/plan.pdf", "The boat is rowing to the harbour.", words="Ada Lovelace")
    shelf.pdf("Home/diary.pdf", "We saw a cat today.", camera="Scanner 3")
    return shelf.engine()


class TestWords:
    def test_a_picture_is_found_by_what_it_shows(self, mixed: Engine) -> None:
        assert found(mixed, "lighthouse") == ["IMG_3.jpg"]

    def test_a_page_is_found_by_its_words(self, mixed: Engine) -> None:
        hit = mixed.search("costs fell").hits[0]
        assert (hit.file.name, hit.locator) == ("report.pdf", Page(2))
        assert hit.text == "Costs of the rowing boat harbour fell."
        assert hit.evidence[0].space == "text"

    def test_pictures_and_pages_come_together(self, mixed: Engine) -> None:
        assert set(found(mixed, "cat")) == {"IMG_0.jpg", "diary.pdf"}

    def test_an_absent_thing_finds_nothing(self, mixed: Engine) -> None:
        assert found(mixed, "submarine") == []

    def test_floor_zero_shows_everything_that_was_compared(self, mixed: Engine) -> None:
        assert len(found(mixed, "submarine", floor=0)) == 8

    def test_a_phrase_wants_its_order(self, mixed: Engine) -> None:
        assert found(mixed, '"rowing boat"') == ["report.pdf"]
        assert set(found(mixed, "rowing boat")) == {"report.pdf", "plan.pdf"}

    def test_words_side_by_side_rank_before_words_apart(self, mixed: Engine) -> None:
        assert found(mixed, "rowing boat")[0] == "report.pdf"

    def test_metadata_is_searched(self, mixed: Engine) -> None:
        assert found(mixed, "lovelace") == ["plan.pdf"]

    def test_a_part_of_a_word_is_found_when_no_whole_word_is(self, mixed: Engine) -> None:
        assert found(mixed, "icycle") == ["report.pdf"]

    def test_a_few_of_many_words_are_no_find(self, mixed: Engine) -> None:
        assert found(mixed, "today the weather forecast for mountains") == []

    def test_one_hit_shows_all_its_evidence(self, shelf: Any) -> None:
        shelf.pdf("boat.pdf", "A boat.", "No ship.", captions=("boat", "sea"))
        hit = shelf.engine().search("boat", SearchOptions(floor=0)).hits[0]
        assert hit.score == 1.0
        assert hit.locator == Page(1)
        assert {(e.space, e.locator) for e in hit.evidence} == {
            ("name", Whole()),
            ("text", Page(1)),
            ("scene", Page(1)),
            ("scene", Page(2)),
        }


class TestExactness:
    def test_an_exact_file_name_comes_first(self, shelf: Any) -> None:
        for n in range(20):
            shelf.photo(f"p{n}.jpg", "harbour at night")
        shelf.photo("harbour at night.jpg", "a dog")
        shelf.pdf("x.pdf", "harbour at night", "harbour at night again")
        assert found(shelf.engine(), "harbour at night")[0] == "harbour at night.jpg"

    def test_a_phrase_is_not_buried_under_pictures(self, shelf: Any) -> None:
        for n in range(40):
            shelf.photo(f"p{n}.jpg", f"harbour boat{n}")
        shelf.pdf("x.pdf", "a harbour boat")
        assert found(shelf.engine(), '"harbour boat"')[0] == "x.pdf"

    def test_a_number_in_a_name_is_found(self, mixed: Engine) -> None:
        assert found(mixed, "IMG_3")[0] == "IMG_3.jpg"


class TestFilters:
    def test_only_filters_list_the_newest_first(self, mixed: Engine) -> None:
        assert found(mixed, "type:image date:2023-03..2023-05") == ["IMG_4.jpg", "IMG_3.jpg", "IMG_2.jpg"]

    def test_a_filter_narrows_the_ranking(self, mixed: Engine) -> None:
        assert found(mixed, "cat type:pdf") == ["diary.pdf"]
        assert found(mixed, "cat", kind="image") == ["IMG_0.jpg"]

    def test_a_filter_beside_a_ranked_part_in_an_or(self, mixed: Engine) -> None:
        assert set(found(mixed, "lighthouse OR camera:scanner")) == {"IMG_3.jpg", "diary.pdf"}

    @pytest.mark.parametrize("share", [2, 60], ids=["keeps half", "keeps little"])
    def test_a_filter_loses_nothing(self, shelf: Any, share: int) -> None:
        for n in range(240):
            folder = "wanted" if n % share == 0 else "other"
            shelf.pdf(f"{folder}/{n}.pdf", "cat " * (n + 1) + "dog " * (240 - n))
        wanted = [f"{n}.pdf" for n in range(0, 240, share)][:10]
        assert found(shelf.engine(), "text:dog in:wanted", limit=10) == wanted

    def test_a_filter_that_nothing_passes(self, mixed: Engine) -> None:
        assert found(mixed, "cat in:Nowhere") == []

    def test_filters_decide_for_each_path(self, shelf: Any) -> None:
        digest = shelf.photo("Holidays/a.jpg", "beach")
        shelf.copy(digest, "Backup/a.jpg")
        engine = shelf.engine()
        for query in ("beach in:backup", "in:backup", "(beach OR cat) in:backup", "beach -in:holidays"):
            hits = engine.search(query, SearchOptions(floor=0)).hits
            assert [Path(hit.file.path).parent.name for hit in hits] == ["Backup"], query


class TestLogic:
    def test_and_wants_both_in_one_file(self, mixed: Engine) -> None:
        assert found(mixed, "boat AND bicycles") == ["report.pdf"]

    def test_or_wants_one(self, mixed: Engine) -> None:
        assert set(found(mixed, "lighthouse OR lovelace")) == {"IMG_3.jpg", "plan.pdf"}

    def test_not_takes_out(self, mixed: Engine) -> None:
        assert found(mixed, "text:harbour -costs") == ["plan.pdf"]

    def test_not_alone_lists_the_rest(self, mixed: Engine) -> None:
        assert set(found(mixed, "-harbour type:pdf")) == {"diary.pdf"}
        assert len(found(mixed, "NOT lighthouse")) == 10

    def test_what_a_not_looks_for_is_no_evidence(self, mixed: Engine) -> None:
        hit = mixed.search("text:harbour -rowing", SearchOptions(floor=0)).hits
        assert hit == ()
        hit = mixed.search("-cat text:boat type:pdf", SearchOptions(floor=0)).hits[0]
        assert {evidence.space for evidence in hit.evidence} == {"text"}

    def test_a_filter_in_an_or_ranks_between_good_and_weak(self, mixed: Engine) -> None:
        assert found(mixed, "lighthouse OR in:home") == ["IMG_3.jpg", "diary.pdf"]

    def test_too_many_parts_are_refused(self, mixed: Engine) -> None:
        text = " OR ".join(f"w{n}" for n in range(60))
        with pytest.raises(QuerySyntaxError, match="at once") as caught:
            mixed.search(text)
        assert text[caught.value.start : caught.value.end] == "w40"

    def test_not_of_a_vague_likeness_takes_nothing_out(self, mixed: Engine) -> None:
        assert len(found(mixed, "-submarine", floor=0)) == 11

    def test_brackets(self, mixed: Engine) -> None:
        assert set(found(mixed, "(cat OR lighthouse) -type:pdf")) == {"IMG_0.jpg", "IMG_3.jpg"}

    def test_the_same_words_twice_are_asked_in_their_own_place(self, mixed: Engine) -> None:
        assert set(found(mixed, "(text:boat AND text:costs) OR text:boat")) == {"report.pdf", "plan.pdf"}

    @pytest.mark.parametrize(("query", "first"), [("cat^3 OR boat", "cat"), ("cat OR boat^3", "boat")])
    def test_weights_turn_the_order(self, shelf: Any, query: str, first: str) -> None:
        shelf.pdf("1.pdf", "cat")
        shelf.pdf("2.pdf", "boat")
        assert shelf.engine().search(query).hits[0].text == first


class TestLike:
    def test_the_same_picture_in_another_size_is_beyond_doubt(
        self, shelf: Any, draw: Draw, tmp_path: Path
    ) -> None:
        for seed in range(12):
            shelf.photo(f"{seed}.png", picture=draw(seed))
        draw(7, size=200).save(tmp_path / "query.png")
        result = shelf.engine().search("like:@query.png", SearchOptions(base=tmp_path))
        assert names(result) == ["7.png"]
        assert result.hits[0].score == pytest.approx(1)

    def test_near_duplicates_and_likeness_agree(self, shelf: Any, tmp_path: Path) -> None:
        red = Image.new("RGB", (32, 32), (230, 20, 20))
        red.save(tmp_path / "my red.png")
        for n, caption in enumerate(["red", "green", "blue", "cat", "dog", "sea", "sun", "tree"]):
            shelf.photo(f"{caption}.png", caption, picture=red if not n else None)
        hit = shelf.engine().search('like:@"my red.png"', SearchOptions(base=tmp_path)).hits[0]
        assert hit.file.name == "red.png"
        assert {evidence.space for evidence in hit.evidence} == {"scene", "phash"}

    def test_a_turned_picture_is_found_by_the_view_that_sees_it_upright(
        self, shelf: Any, draw: Draw, tmp_path: Path, turning_encoder: Any
    ) -> None:
        for seed in range(12):
            shelf.photo(f"{seed}.png", picture=draw(seed))
        draw(7).rotate(-90, expand=True).save(tmp_path / "turned.png")
        options = SearchOptions(base=tmp_path, limit=3)
        result = shelf.engine(turning_encoder()).search("like:@turned.png", options)
        assert names(result) == ["7.png"]
        assert result.hits[0].score == pytest.approx(1)
        assert [(one.space, one.rank) for one in result.hits[0].evidence] == [("look", 1)]

    def test_each_picture_is_one_hit_with_one_reason_however_many_views_see_it(
        self, shelf: Any, draw: Draw, tmp_path: Path, turning_encoder: Any
    ) -> None:
        for seed in range(5):
            shelf.photo(f"{seed}.png", picture=draw(seed))
        draw(3).save(tmp_path / "query.png")
        options = SearchOptions(base=tmp_path, floor=0.0)
        hits = shelf.engine(turning_encoder()).search("like:@query.png", options).hits
        assert hits[0].file.name == "3.png"
        assert sorted(hit.file.name for hit in hits) == [f"{seed}.png" for seed in range(5)]
        assert [len(hit.evidence) for hit in hits] == [1] * 5
        scores = [hit.evidence[0].score for hit in hits]
        assert scores == sorted(scores, reverse=True)

    def test_a_picture_and_words(self, shelf: Any, draw: Draw, tmp_path: Path) -> None:
        draw(1).save(tmp_path / "q.png")
        shelf.photo("one.png", picture=draw(1))
        shelf.photo("two.png", picture=draw(1))
        assert found(shelf.engine(), "like:@q.png name:two", base=tmp_path) == ["two.png"]

    def test_an_unreadable_picture_says_so(self, mixed: Engine, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("no picture")
        with pytest.raises(MediaError, match=r"notes\.txt is not a picture"):
            mixed.search("cat OR like:@notes.txt", SearchOptions(base=tmp_path))
        with pytest.raises(MediaError, match="does not exist"):
            mixed.search("like:@nowhere.jpg", SearchOptions(base=tmp_path))


class TestMissing:
    def test_an_absent_model_is_told_and_the_rest_works(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "a cat")
        gap = Missing("scene", "model clip is not installed", "crossfind models pull clip")
        engine = Engine(shelf.library(), [], {"scene": gap})
        result = engine.search("cat")
        assert (names(result), result.missing) == (["a.pdf"], (gap,))
        assert engine.search("text:cat").missing == ()
        assert engine.search("type:pdf").missing == ()

    def test_a_part_that_cannot_be_asked_matches_nothing(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "a cat")
        engine = Engine(shelf.library(), [])
        assert found(engine, "scene:cat type:pdf") == []
        assert found(engine, "scene:cat OR text:cat") == ["a.pdf"]
        assert found(engine, "-scene:cat") == ["a.pdf"]

    def test_vectors_of_another_model_are_never_compared(self, shelf: Any, caption_encoder: Any) -> None:
        shelf.photo("cat.jpg", "cat")
        other = caption_encoder(model="another")
        result = shelf.engine(other).search("scene:cat", SearchOptions(floor=0))
        assert result.hits == ()
        assert result.missing[0].space == "scene"
        assert "captions" in result.missing[0].reason
        assert other.texts == []

    def test_a_space_that_was_not_indexed_is_told(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "a cat")
        result = shelf.engine().search("cat")
        assert names(result) == ["a.pdf"]
        assert result.missing[0].remedy == "crossfind index FOLDER"

    def test_a_model_that_cannot_be_loaded_is_told(self, shelf: Any, caption_encoder: Any) -> None:
        class Broken(caption_encoder):
            def encode_text(self, _: str) -> Any:
                raise ModelError("The model is damaged.", "crossfind models verify")

        shelf.photo("cat.jpg", "dog")
        result = shelf.engine(Broken()).search("cat")
        assert names(result) == ["cat.jpg"]
        assert result.missing == (Missing("scene", "The model is damaged.", "crossfind models verify"),)
        Engine(shelf.library(), [Broken()]).warm()


class TestGroups:
    def test_files_show_their_best_place(self, mixed: Engine) -> None:
        assert [hit.locator for hit in mixed.search("costs fell")] == [Page(2)]

    def test_segments(self, shelf: Any) -> None:
        shelf.pdf("a.pdf", "cat cat", "dog", "a cat")
        hits = shelf.engine().search("text:cat", SearchOptions(group="segment")).hits
        assert [hit.locator for hit in hits] == [Page(1), Page(3)]
        assert [len(hit.evidence) for hit in hits] == [1, 1]

    def test_days(self, shelf: Any) -> None:
        for n in range(4):
            shelf.photo(f"{n}.jpg", "cat", taken_at=datetime(2024, 1, 1 + n // 2))
        assert found(shelf.engine(), "type:image", group="day") == ["2.jpg", "0.jpg"]

    @pytest.mark.parametrize("query", ["cat", "type:image"], ids=["ranked", "listed"])
    def test_a_group_says_what_it_is_and_how_many_match(self, shelf: Any, query: str) -> None:
        for n in range(30):
            shelf.photo(f"{n % 3}/cat {n}.jpg", "dog", taken_at=datetime(2024, 1, 1 + n // 20))
        engine = shelf.engine()
        days = engine.search(query, SearchOptions(group="day", sort="date", limit=5)).hits
        assert [hit.group for hit in days] == [Grouped("2024-01-02", 10), Grouped("2024-01-01", 20)]
        folders = engine.search(query, SearchOptions(group="folder", sort="name", limit=2)).hits
        told = [(Path(hit.group.name).name, hit.group.files) for hit in folders if hit.group]
        assert told == [("0", 10), ("1", 10)]
        assert all(Path(hit.file.path).parent.name == hit.group.name[-1] for hit in folders if hit.group)

    def test_folders(self, shelf: Any) -> None:
        for path in ("a/1.jpg", "a/2.jpg", "b/3.jpg", "b/c/4.jpg"):
            shelf.photo(path, "cat")
        assert sorted(found(shelf.engine(), "type:image", group="folder", sort="name")) == [
            "1.jpg",
            "3.jpg",
            "4.jpg",
        ]

    def test_copies_are_hits_of_their_own_with_one_score(self, shelf: Any) -> None:
        digest = shelf.pdf("a/x.pdf", "a cat")
        shelf.copy(digest, "b/x.pdf")
        hits = shelf.engine().search("cat").hits
        assert [Path(hit.file.path).parent.name for hit in hits] == ["a", "b"]
        assert hits[0].score == hits[1].score

    def test_a_name_speaks_for_its_own_path_only(self, shelf: Any) -> None:
        digest = shelf.pdf("invoice.pdf", "nothing")
        shelf.copy(digest, "scan.pdf")
        assert found(shelf.engine(), "invoice") == ["invoice.pdf"]


class TestOrder:
    @pytest.fixture
    def three(self, shelf: Any) -> Engine:
        shelf.pdf("b.pdf", "cat " * 5, mtime=datetime(2024, 1, 1))
        shelf.pdf("C.pdf", "a cat and much else " * 5, mtime=datetime(2024, 1, 3))
        shelf.pdf("a.pdf", "much about other things, and a cat " * 9, mtime=datetime(2024, 1, 2))
        return shelf.engine()

    def test_by_relevance(self, three: Engine) -> None:
        result = three.search("cat")
        assert names(result)[0] == "b.pdf"
        assert [hit.rank for hit in result] == [1, 2, 3]
        assert sorted((hit.score for hit in result), reverse=True) == [hit.score for hit in result]

    def test_by_date_newest_first(self, three: Engine) -> None:
        assert found(three, "cat", sort="date") == ["C.pdf", "a.pdf", "b.pdf"]

    def test_by_name(self, three: Engine) -> None:
        assert found(three, "cat", sort="name") == ["a.pdf", "b.pdf", "C.pdf"]

    def test_limit(self, three: Engine) -> None:
        assert found(three, "cat", sort="name", limit=2) == ["a.pdf", "b.pdf"]
        assert found(three, "type:pdf", limit=1) == ["C.pdf"]

    def test_more_candidates_than_are_read_at_once(self, shelf: Any) -> None:
        for n in range(130):
            shelf.pdf(f"{n:03}.pdf", "cat " * (n + 1) + "dog " * (130 - n))
        engine = shelf.engine()
        few, all_ = (found(engine, "cat AND dog", limit=limit, floor=0) for limit in (3, 200))
        assert len(all_) == 130
        assert few == all_[:3]


class TestSmallLibraries:
    @pytest.mark.parametrize("others", [0, 1, 2, 5, 30])
    def test_the_right_picture_is_found_and_absent_ones_less(self, shelf: Any, others: int) -> None:
        shelf.photo("x.jpg", "lighthouse")
        for n in range(others):
            shelf.photo(f"{n}.jpg", f"thing{n} place{n}")
        engine = shelf.engine()
        right = engine.search("lighthouse").hits
        assert right[0].file.name == "x.jpg"
        absent = ["submarine", "volcano", "kangaroo", "penguin", "guitar", "tornado", "opera", "comet"]
        wrong = [hit for word in absent for hit in engine.search(word, SearchOptions(limit=1))]
        assert len(wrong) <= 0.75 * len(absent)
        assert all(hit.score < right[0].score for hit in wrong)

    def test_pictures_all_of_one_thing_are_all_found(self, shelf: Any) -> None:
        for n in range(6):
            shelf.photo(f"{n}.jpg", f"lighthouse lighthouse place{n}")
        assert len(found(shelf.engine(), "lighthouse")) == 6

    def test_an_empty_library(self, shelf: Any) -> None:
        engine = shelf.engine()
        for query in ("cat", "type:pdf", "-cat", '"a b"'):
            assert engine.search(query).hits == ()


class TestFreshness:
    def test_what_another_writer_added_is_found_at_once(self, shelf: Any) -> None:
        shelf.photo("cat.jpg", "cat")
        engine = shelf.engine()
        assert found(engine, "scene:lighthouse") == []
        shelf.photo("light.jpg", "lighthouse")
        shelf.library()
        assert found(engine, "scene:lighthouse") == ["light.jpg"]

    def test_probes_are_encoded_once(self, shelf: Any) -> None:
        shelf.photo("cat.jpg", "cat")
        engine = shelf.engine()
        engine.warm()
        before = len(shelf.captions.texts)
        engine.search("cat")
        engine.search("dog")
        assert shelf.captions.texts[before:] == ["cat", "dog"]


class TestOptions:
    @pytest.mark.parametrize(
        "options",
        [{"group": "page"}, {"sort": "size"}, {"kind": "jpeg"}, {"limit": 0}, {"floor": 2.0}],
        ids=lambda options: next(iter(options)),
    )
    def test_nonsense_is_refused(self, mixed: Engine, options: dict[str, Any]) -> None:
        with pytest.raises(CrossfindError):
            mixed.search("cat", SearchOptions(**options))

    def test_a_tree_is_searched_as_its_text(self, mixed: Engine) -> None:
        query = parse("lighthouse type:image")
        assert names(mixed.search(query)) == found(mixed, query.text)

    def test_a_query_that_cannot_be_read(self, mixed: Engine) -> None:
        with pytest.raises(QuerySyntaxError):
            mixed.search("(cat")

    @pytest.mark.parametrize(
        "query", ["O'Reilly", "100%", "a_b", "back\\slash", "😀", "…", "保証金", "*", "a\x00b"]
    )
    def test_odd_characters_are_searched_like_others(self, shelf: Any, query: str) -> None:
        shelf.pdf("a.pdf", "a cat")
        shelf.pdf(f"{query.replace(chr(0), '')} 2.pdf", f"It holds {query} here.")
        engine = Engine(shelf.library(), [])
        wanted = f"{query.replace(chr(0), '')} 2.pdf"
        assert found(engine, f'name:"{query}"') in ([wanted], [])
        for text in (query, f'"{query}"'):
            assert wanted in found(engine, text) or query in "*…", text
            assert "a.pdf" not in found(engine, text)


def test_a_result_survives_json(mixed: Engine) -> None:
    result = mixed.search("harbour", SearchOptions(floor=0))
    assert len(result.hits) > 3
    assert from_json(to_json(result)) == result


class TestDepth:
    """However few segments a leg brings at first, what is good enough takes part where all of it counts."""

    @pytest.fixture
    def papers(self, shelf: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
        monkeypatch.setattr("search.engine.WIDE", 10)
        for n in range(400):
            shelf.pdf(
                f"{n:03}.pdf", "cat " * (n + 1) + "dog " * (400 - n), taken_at=datetime(2000 + n % 20, 1, 1)
            )
        return shelf.engine()

    @pytest.mark.parametrize(
        "query",
        ["text:cat AND text:dog", "SAME page (text:cat text:dog)", "text:cat (text:dog OR text:cow)"],
    )
    def test_parts_that_each_match_much_come_together(self, papers: Engine, query: str) -> None:
        assert len(found(papers, query, limit=500)) == 400

    def test_a_not_takes_all_out(self, papers: Engine) -> None:
        assert found(papers, "type:pdf -text:cat") == []

    def test_an_order_that_is_no_ranking_is_of_all(self, papers: Engine) -> None:
        hits = papers.search("text:cat", SearchOptions(sort="date", limit=20)).hits
        assert {hit.content.taken_at for hit in hits} == {datetime(2019, 1, 1)}
        days = papers.search("text:cat", SearchOptions(group="day", limit=500)).hits
        assert [hit.group.files for hit in days if hit.group] == [20] * 20


class TestWatching:
    def test_nobody_waits_so_nothing_is_asked(self, mixed: Engine, shelf: Any) -> None:
        with pytest.raises(CancelledError):
            mixed.search("cat", stopped=lambda: True)
        assert shelf.captions.texts == []

    def test_a_query_can_be_stopped_at_any_step(self, mixed: Engine) -> None:
        """Whenever it is stopped it stops, and the next query is answered as if nothing had been."""
        calm = names(mixed.search("cat OR boat type:pdf"))
        for calls in range(200):
            left = iter(range(calls))
            try:
                mixed.search("cat OR boat type:pdf", stopped=lambda left=left: next(left, None) is None)
            except CancelledError:
                assert names(mixed.search("cat OR boat type:pdf")) == calm
            else:
                assert calls > 10
                return
        pytest.fail("it never came to an end")

    def test_what_each_leg_did_is_told(self, mixed: Engine) -> None:
        told = mixed.explain("(text:cat OR scene:lighthouse) type:image,pdf")
        legs = {(leg.part, leg.leg): leg for leg in told.legs}
        assert {part for part, _ in legs} == {"text:cat", "scene:lighthouse"}
        text = legs["text:cat", "text"]
        assert (text.kind, text.found, text.kept, text.missing) == ("words", 1, 1, None)
        assert text.best is not None
        assert text.best >= 0.96
        scene = legs["scene:lighthouse", "scene"]
        assert (scene.kind, scene.found, scene.kept) == ("vectors", 8, 1)
        assert (told.shown_by(scene), told.led_by(scene)) == (1, 1)
        assert "type:image,pdf" in told.steps[0].what
        assert names(told.result) == found(mixed, "(text:cat OR scene:lighthouse) type:image,pdf")

    def test_a_leg_that_cannot_be_asked_says_why(self, shelf: Any) -> None:
        shelf.photo("cat.jpg", "cat")
        told = Engine(shelf.library(), []).explain("scene:cat")
        assert [leg.missing for leg in told.legs] == [
            "No model for searching pictures by what they show is loaded."
        ]


class TestNeed:
    """A model is used only by queries that ask its space."""

    @pytest.mark.parametrize(
        ("query", "used"),
        [
            ("cat", {"scene", "meaning"}),
            ("scene:cat", {"scene"}),
            ("text:cat", {"meaning"}),
            ("name:cat", set()),
            ("said:cat", set()),
            ("object:cat", {"object"}),
            ("type:pdf", set()),
            ("like:@red.png", {"scene"}),
        ],
    )
    def test_only_what_is_asked(
        self, shelf: Any, caption_encoder: Any, tmp_path: Path, query: str, used: set[str]
    ) -> None:
        asked: set[str] = set()

        class Noting(caption_encoder):
            def vector(self, text: str) -> Any:
                asked.add(self.space)
                return super().vector(text)

        Image.new("RGB", (32, 32), (230, 20, 20)).save(tmp_path / "red.png")
        digest = shelf.photo("cat.jpg", "cat")
        encoders = [Noting() for _ in range(3)]
        for encoder, space in zip(encoders, ("scene", "meaning", "object"), strict=True):
            encoder.space = space
            shelf.spaces[space] = encoder.fingerprint
            if space != "scene":
                shelf._row(Segment(digest, space, 0), shelf.captions.vector("cat"))
        encoders[1].accepts = encoders[2].accepts = frozenset({"text"})
        shelf.engine(*encoders).search(query, SearchOptions(base=tmp_path))
        assert asked == used


@pytest.fixture
def films(shelf: Any) -> Engine:
    """Two films in which the same things are seen in another order, a photo and a paper beside them."""
    shelf.film(
        "A/day.mp4", (0, 5, "harbour"), (5, 20, "forest"), (40, 45, "cat"), (45, 50, "snow"), said="hello cat"
    )
    shelf.film("A/night.mp4", (0, 5, "cat"), (5, 20, "forest"), (40, 45, "harbour"), (45, 50, "bridge"))
    shelf.photo("A/IMG_1.jpg", "lighthouse")
    shelf.photo("B/IMG_2.jpg", "lighthouse")
    shelf.pdf("B/paper.pdf", "About a harbour.")
    for n, thing in enumerate(("bicycle", "market", "bottle", "violin", "desert", "castle")):
        shelf.photo(f"C/IMG_{n + 3}.jpg", f"{thing} {thing}s outdoors")
    return shelf.engine()


class TestInTimeAndTogether:
    def test_one_after_the_other(self, films: Engine) -> None:
        hit = films.search("scene:harbour THEN scene:cat").hits[0]
        assert (hit.file.name, hit.locator) == ("day.mp4", TimeSpan(0, 45))
        assert found(films, "scene:harbour THEN scene:cat") == ["day.mp4"]
        assert found(films, "scene:cat THEN scene:harbour") == ["night.mp4"]

    def test_soon_after(self, films: Engine) -> None:
        assert found(films, "scene:harbour THEN scene:forest WITHIN 1s") == ["day.mp4"]
        assert found(films, "scene:harbour THEN scene:cat WITHIN 30s") == []

    def test_three_in_turn_with_a_filter(self, films: Engine) -> None:
        query = "scene:cat THEN scene:forest THEN scene:harbour"
        assert found(films, f"{query} type:video") == ["night.mp4"]
        assert found(films, f"{query} type:image") == []

    def test_each_moment_of_a_film(self, films: Engine) -> None:
        hits = films.search("scene:harbour THEN scene:cat", SearchOptions(group="segment")).hits
        assert [hit.locator for hit in hits] == [TimeSpan(0, 45)]
        assert {one.locator for one in hits[0].evidence} == {TimeSpan(0, 5), TimeSpan(40, 45)}

    def test_at_the_same_moment(self, films: Engine) -> None:
        assert found(films, "SAME moment (said:hello scene:harbour)") == ["day.mp4"]
        assert found(films, "said:hello scene:cat") == ["day.mp4"]
        assert found(films, "SAME moment (said:hello scene:cat)") == []
        hit = films.search("SAME moment (said:hello scene:harbour)").hits[0]
        assert hit.locator in (TimeSpan(0, 5), TimeSpan(0, 10))

    def test_in_the_same_folder(self, films: Engine) -> None:
        together = "SAME folder (scene:lighthouse text:harbour)"
        assert set(found(films, together)) == {"IMG_2.jpg", "paper.pdf"}
        assert found(films, f"{together} type:image") == ["IMG_2.jpg"]  # the paper need not be a picture
        assert found(films, "SAME folder (scene:lighthouse -text:harbour)") == ["IMG_1.jpg"]

    def test_evidence_and_json(self, films: Engine) -> None:
        result = films.search("scene:harbour THEN scene:cat")
        assert from_json(to_json(result)) == result


class TestSums:
    @pytest.fixture
    def reds(self, shelf: Any, tmp_path: Path) -> Engine:
        for n, thing in enumerate(
            ("red car", "green car", "red boat", "green boat", "violin", "desert", "castle")
        ):
            shelf.photo(f"{n}.jpg", thing)
        for n, thing in enumerate(("bicycle", "market", "bottle", "forest", "harbour", "bridge")):
            shelf.photo(f"other {n}.jpg", thing)
        Image.new("RGB", (32, 32), (220, 30, 30)).save(tmp_path / "red.png")  # its caption is "red"
        Image.new("RGB", (32, 32), (30, 200, 40)).save(tmp_path / "green.png")
        return shelf.engine()

    def test_words_move_a_picture(self, reds: Engine, tmp_path: Path) -> None:
        assert set(found(reds, "like:@red.png", base=tmp_path)[:2]) == {"0.jpg", "2.jpg"}
        assert found(reds, "like:@red.png + boat", base=tmp_path)[0] == "2.jpg"
        assert found(reds, "like:@red.png + car", base=tmp_path)[0] == "0.jpg"

    def test_pictures_and_words_are_taken_away(self, reds: Engine, tmp_path: Path) -> None:
        query = "like:@red.png + boat - like:@red.png + like:@green.png"
        assert found(reds, query, base=tmp_path)[0] == "3.jpg"
        assert found(reds, "like:@red.png + boat + car - boat", base=tmp_path)[0] == "0.jpg"

    def test_weights(self, reds: Engine, tmp_path: Path) -> None:
        assert found(reds, "like:@red.png^0.1 + violin", base=tmp_path)[0] == "4.jpg"

    def test_only_the_scene_is_summed(self, reds: Engine, tmp_path: Path) -> None:
        hit = reds.search("like:@red.png + boat", SearchOptions(base=tmp_path)).hits[0]
        assert [one.space for one in hit.evidence] == ["scene"]

    def test_a_picture_that_is_not_there(self, reds: Engine, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="does not exist"):
            reds.search("like:@red.png + like:@gone.png", SearchOptions(base=tmp_path))


class TestChanges:
    """`like:@a.jpg but "..."`."""

    @pytest.fixture
    def engine(self, shelf: Any, tmp_path: Path) -> Engine:
        Image.new("RGB", (32, 32), (220, 30, 30)).save(tmp_path / "red.png")  # its caption is "red"
        original = Digests().digest(tmp_path / "red.png")
        shelf.photo("itself.png", "red", digest=original)
        shelf.copy(original, "copies/itself again.png")
        for n, thing in enumerate(("red car", "green car", "red boat", "green boat", "violin", "desert")):
            shelf.photo(f"{n}.jpg", thing)
        for n, thing in enumerate(("bicycle", "market", "bottle", "forest", "harbour", "bridge")):
            shelf.photo(f"other {n}.jpg", thing)
        return shelf.engine(shelf.captions, tags=Tags(("red", "car", "violin")))

    def test_the_change_is_made_and_the_rest_is_kept(self, engine: Engine, tmp_path: Path) -> None:
        assert found(engine, "like:@red.png but boat", base=tmp_path)[0] == "2.jpg"
        assert found(engine, "like:@red.png but a car", base=tmp_path)[0] == "0.jpg"

    def test_the_picture_and_its_copies_are_left_out(self, engine: Engine, tmp_path: Path) -> None:
        assert {"itself.png", "itself again.png"} <= set(found(engine, "like:@red.png", base=tmp_path))
        names_of = found(engine, "like:@red.png but boat keep:1", base=tmp_path, floor=0)
        assert len(names_of) == 12
        assert not {"itself.png", "itself again.png"} & set(names_of)

    def test_what_is_not_wanted_counts_against(self, engine: Engine, tmp_path: Path) -> None:
        assert found(engine, "like:@red.png but not car", base=tmp_path)[0] == "2.jpg"
        assert found(engine, "like:@red.png but -boat", base=tmp_path)[0] == "0.jpg"
        assert found(engine, 'like:@red.png but "boat instead of car"', base=tmp_path)[0] == "2.jpg"

    def test_keep_goes_from_the_words_to_the_picture(self, engine: Engine, tmp_path: Path) -> None:
        assert found(engine, "like:@red.png but violin keep:0", base=tmp_path)[0] == "4.jpg"
        assert set(found(engine, "like:@red.png but violin keep:100%", base=tmp_path)[:2]) == {
            "0.jpg",
            "2.jpg",
        }

    def test_the_answer_says_how_the_picture_was_taken(self, engine: Engine, tmp_path: Path) -> None:
        (fix,) = engine.search("like:@red.png but boat", SearchOptions(base=tmp_path)).fixes
        assert (fix.kind, fix.applied) == ("description", True)
        assert fix.detail.startswith('Looked for: "boat", keep:0.4 insist:0.35.')

    def test_tags_describe_the_picture(self, engine: Engine, tmp_path: Path) -> None:
        result = engine.search("like:@red.png but boat as:tags", SearchOptions(base=tmp_path))
        assert result.hits[0].file.name == "2.jpg"
        (fix,) = result.fixes
        assert fix.detail.startswith('red.png seems to show red. Looked for: "a photo of red, boat"')
        without = "like:@red.png but violin instead of red as:tags"
        (fix,) = engine.search(without, SearchOptions(base=tmp_path)).fixes
        assert "Left out of it: red." in fix.detail
        assert "Avoided: red." in fix.detail

    def test_the_users_own_words_describe_it(self, engine: Engine, tmp_path: Path) -> None:
        query = 'like:@red.png but boat as:"green boat" keep:0'
        result = engine.search(query, SearchOptions(base=tmp_path))
        assert result.hits[0].file.name == "3.jpg"
        assert 'Looked for: "green boat"' in result.fixes[0].detail

    def test_scores_are_on_the_common_scale(self, engine: Engine, tmp_path: Path) -> None:
        hits = engine.search("like:@red.png but boat", SearchOptions(base=tmp_path, floor=0)).hits
        assert 0.5 < hits[0].score <= 1
        assert hits[-1].score < 0.25

    def test_errors(self, engine: Engine, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="does not exist"):
            engine.search("like:@gone.png but boat", SearchOptions(base=tmp_path))

    def test_it_survives_json(self, engine: Engine, tmp_path: Path) -> None:
        result = engine.search("like:@red.png but boat", SearchOptions(base=tmp_path))
        assert from_json(to_json(result)) == result


def test_a_model_is_not_asked_in_a_language_it_does_not_understand(shelf: Any) -> None:
    shelf.photo("a.jpg", "ein hund am strand")
    shelf.pdf("b.pdf", "Ein Hund am Strand.")
    engine = shelf.engine(tongues={"captions": Tongues(("en",), "crossfind models pull many")})
    found = engine.search("ein Hund am Strand")
    assert [hit.file.name for hit in found.hits] == ["b.pdf"]
    (gap,) = found.missing
    assert gap.space == "scene"
    assert gap.reason == "The model captions understands English, and the query seems to be German."
    assert gap.remedy == "crossfind models pull many"
    assert shelf.captions.texts == []
    assert not engine.search("hund strand").missing
