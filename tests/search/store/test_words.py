"""Words: every exact word is found, in every script, in old rows and new; nothing else is."""

from typing import Any, get_args

import pytest

from search.store import Library, Words, indexes, words
from search.store.manifest import read_manifest, save_manifest, segment_table
from search.store.tables import Database, Tables
from search.store.text import fold
from search.store.types import WordMode

PAGES = [
    "The quick brown fox's den",
    "it's a café in Paris",
    "红色汽车在晚上停在路边",
    "東京タワーの夜景です",
    "รถสีแดงในเวลากลางคืน",
    "to be or not to be, that is the question",
    "a" * 80 + " is a long word",
    "party 😀 tonight",
    "O'Brien said \"hello\" -- '; DROP TABLE files",
    "invoice_2024-05.final ﬁnancial réport",
    "ガラス と カラス",
    "",
    "straße ΣΊΣΥΦΟΣ ＦＵＬＬ",
    "brown bears, quick foxes",
]


@pytest.fixture(params=["fresh", "indexed"])
def pages(library: Library, world: Any, request: pytest.FixtureRequest) -> Library:
    """The pages above as d0, d1 ...; the words must be found before and after they are in the index."""
    world.fill(library, world.batch(range(len(PAGES)), words=PAGES))
    if request.param == "indexed":
        tables = Tables(Database(library.folder))
        indexes.optimize_table("text", tables.get(segment_table("text", world.text)))
        save_manifest(library.folder, read_manifest(library.folder).committed(tables))
        assert indexes.unindexed_rows(tables.get(segment_table("text", world.text))) == 0
        library.refresh()
    return library


def numbers(library: Library, text: str, mode: WordMode, **more: Any) -> list[int]:
    found = library.find_words("text", Words(text, mode), more.pop("limit", 20), **more)
    return [int(one.segment.digest[1:]) for one in found]


@pytest.mark.parametrize(
    ("text", "mode", "expected"),
    [
        ("quick fox", "any", {0, 13}),
        ("quick fox", "all", {0}),
        ("quick brown", "phrase", {0}),
        ("brown quick", "phrase", set()),
        ("not to be", "phrase", {5}),
        ("the", "all", {0, 5}),
        ("foxes", "any", {13}),
        ("CAFE", "any", {1}),
        ("café", "phrase", {1}),
        ("汽车", "any", {2}),
        ("晚上停", "phrase", {2}),
        ("停", "any", {2}),
        ("夜景", "all", {3}),
        ("กลางคืน", "any", {4}),
        ("カラス", "any", {10}),
        ("ガラス", "phrase", {10}),
        ("a" * 80, "any", {6}),
        ("😀", "any", {7}),
        ("o'brien", "phrase", {8}),
        ("brien", "any", {8}),
        ("'; DROP TABLE files", "phrase", {8}),
        ("' OR 1=1 --", "part", set()),
        ("invoice_2024", "part", {9}),
        ("invoice", "any", {9}),
        ("2024", "any", {9}),
        ("financial report", "all", {9}),
        ("strasse", "any", {12}),
        ("σίσυφος", "any", {12}),
        ("full", "any", {12}),
        ("uick", "part", {0, 13}),
        ("ui", "part", {0, 13}),
        ("汽", "part", {2}),
        ("x's", "part", {0}),
        ("%", "part", set()),
        ("_", "part", set()),
        ("!!!", "any", set()),
        ("...", "phrase", set()),
        ('"', "all", set()),
        ("", "any", set()),
        ("   ", "part", set()),
        ("zebra", "any", set()),
        ("zebra", "part", set()),
        ("\x00", "any", set()),
        ("\ud800", "any", set()),
    ],
)
def test_finds(pages: Library, text: str, mode: WordMode, expected: set[int]) -> None:
    assert set(numbers(pages, text, mode)) == expected


@pytest.mark.parametrize("mode", get_args(WordMode))
@pytest.mark.parametrize(
    "text", ["' OR '1'='1", "\\", "a:b AND (c", "*", "~2", "+-", "%27", '"open', "{}[]^"]
)
def test_odd_queries_are_only_text(pages: Library, text: str, mode: WordMode) -> None:
    for field in ("text", "name", "metadata"):
        for hit in pages.find_words(field, Words(text, mode), 50):
            assert mode != "part" or fold(text) in fold(hit.segment.text or "") or field == "name"


@pytest.mark.parametrize("mode", get_args(WordMode))
@pytest.mark.parametrize("selective", [0, 1000])
def test_digests_keep_to_those(
    pages: Library, monkeypatch: pytest.MonkeyPatch, mode: WordMode, selective: int
) -> None:
    monkeypatch.setattr(words, "SELECTIVE", selective)
    assert numbers(pages, "quick", mode, digests={"d13", "d2", "unknown"}, limit=1) == [13]
    assert numbers(pages, "quick", mode, digests=set()) == []


def test_better_matches_come_first(pages: Library) -> None:
    assert numbers(pages, "quick brown fox", "any")[0] == 0
    scores = [hit.score for hit in pages.find_words("text", Words("quick brown fox"), 9)]
    assert scores == sorted(scores, reverse=True)


def test_hits_carry_their_page(pages: Library, world: Any) -> None:
    hit = pages.find_words("text", Words("fox"), 1)[0]
    assert hit.segment == pages.segments("text", "d0")[0]
    assert hit.segment.text == PAGES[0]
    assert hit.path is None


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("img 7", "all"),
        ("IMG_7.jpg", "phrase"),
        ("g_7.j", "part"),
        ("trip img_7", "all"),
        ("Pictures 7", "all"),
    ],
)
def test_names_are_found_with_their_folders(filled: Library, world: Any, text: str, mode: WordMode) -> None:
    hits = filled.find_words("name", Words(text, mode), 5)
    assert [hit.path for hit in hits] == [f"{world.root}/trip/IMG_7.jpg"]
    assert hits[0].segment.text == "IMG_7.jpg"


def test_folders_above_the_root_are_not_words(filled: Library) -> None:
    assert filled.find_words("name", Words("home ada"), 5) == []


def test_metadata_is_found(filled: Library) -> None:
    hits = filled.find_words("metadata", Words("EOS d7", "all"), 5)
    assert [(hit.segment.digest, hit.segment.text) for hit in hits] == [("d7", "Canon EOS d7")]


def test_deleted_rows_are_not_found(filled: Library, world: Any) -> None:
    with filled.writer() as writer:
        writer.optimize()
        writer.forget(f"{world.root}/trip/IMG_7.jpg")
    assert filled.find_words("text", Words("topic7"), 5) == []
    assert filled.find_words("text", Words("opic7", "part"), 5) == []
    assert filled.find_words("name", Words("img_7", "all"), 5) == []


def test_optimize_survives_a_word_index_that_cannot_be_merged(
    pages: Library, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LanceDB's merge of full-text indexes has aborted before; then the index is built again."""
    tables = Tables(Database(pages.folder))
    table = tables.get(segment_table("text", world.text))
    original, calls = type(table).optimize, []

    def fails_first(self: Any, **options: Any) -> None:
        calls.append(options)
        if len(calls) == 1:
            raise RuntimeError("lance error: merge failed")
        original(self, **options)

    monkeypatch.setattr(type(table), "optimize", fails_first)
    indexes.optimize_table("text", table)
    save_manifest(pages.folder, read_manifest(pages.folder).committed(tables))
    assert indexes.existing_indexes(table) == {indexes.WORDS}
    assert numbers(pages, "quick brown", "phrase") == [0]
