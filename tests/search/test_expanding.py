"""Saved searches and collections inside queries."""

from pathlib import Path
from typing import Any

import pytest

from search.errors import QuerySyntaxError
from search.expanding import anchored, expanded, rewritten
from search.kept import Kept, Pick
from search.parser import parse
from search.query import And, Kinds, Node, Query, Words
from search.records import Whole


@pytest.fixture
def kept(shelf: Any) -> Kept:
    for path, caption in (
        ("a/dog.jpg", "dog snow"),
        ("b/cat.jpg", "cat sofa"),
        ("b/dog two.jpg", "dog grass"),
    ):
        shelf.photo(path, caption)
    return Kept(shelf.library().folder)


def names(engine: Any, query: str) -> set[str]:
    return {Path(hit.file.path).name for hit in engine.search(query)}


def test_a_saved_search_stands_for_its_query(kept: Kept) -> None:
    kept.save("work", "invoice OR bill")
    tree = expanded(parse("saved:Work^2 type:pdf"), kept)
    inner = parse("(invoice OR bill)^2").root
    assert tree == Query(And((inner, Kinds(("pdf",)))))


def test_saved_searches_may_hold_each_other_but_not_themselves(kept: Kept) -> None:
    kept.save("inner", "dog")
    kept.save("outer", "saved:inner type:image")
    assert expanded(parse("saved:outer"), kept) == parse("dog type:image")
    kept.save("inner", "saved:outer", replace=True)
    with pytest.raises(QuerySyntaxError, match="holds itself") as stop:
        expanded(parse("cat saved:outer"), kept)
    assert (stop.value.start, stop.value.end) == (4, 15)


def test_an_unknown_name_is_pointed_at(kept: Kept) -> None:
    for text in ("dog saved:none", "dog collection:none"):
        with pytest.raises(QuerySyntaxError, match="called none") as stop:
            expanded(parse(text), kept)
        assert stop.value.start == 4


def test_a_saved_filter_has_no_place_in_time(kept: Kept) -> None:
    kept.save("films", "type:video")
    with pytest.raises(QuerySyntaxError, match="no place or time"):
        expanded(parse("said:hello THEN saved:films"), kept)


def test_a_query_without_names_is_left_alone(kept: Kept) -> None:
    query = parse("dog -cat type:image")
    assert expanded(query, kept) is query


def test_the_engine_answers_both(shelf: Any) -> None:
    first = shelf.photo("a/dog.jpg", "dog snow")
    shelf.photo("b/dog two.jpg", "dog grass")
    cat = shelf.photo("b/cat.jpg", "cat sofa")
    engine = shelf.engine()
    kept = Kept(shelf.opened[0].folder)
    kept.add("Best of", [Pick(first, Whole(), ""), Pick(cat, Whole(), ""), Pick("gone", Whole(), "")])
    kept.add("empty", [])
    kept.save("dogs", "name:dog")
    assert names(engine, 'collection:"best of"') == {"dog.jpg", "cat.jpg"}
    assert names(engine, 'saved:dogs collection:"Best of"') == {"dog.jpg"}
    assert names(engine, 'saved:dogs -collection:"Best of"') == {"dog two.jpg"}
    assert names(engine, "collection:empty") == set()
    assert names(engine, 'cat OR (saved:dogs -collection:"Best of")') == {"cat.jpg", "dog two.jpg"}


def test_files_of_a_query_get_their_full_path(tmp_path: Path) -> None:
    text = 'like:@a.jpg + "in snow" - like:@b.jpg -sound:@c.wav (face:@"my d.jpg"#2[0.0,0.0,1.0,0.5] OR cat)'
    moved = anchored(text, tmp_path)
    assert parse(moved) == parse(anchored(moved, Path("elsewhere").absolute()))
    for name in ("a.jpg", "b.jpg", "c.wav", "my d.jpg"):
        assert str(tmp_path / name) in moved
    assert anchored("dog  in snow", tmp_path) == "dog  in snow"


def test_rewriting_reaches_every_node_and_keeps_what_does_not_change() -> None:
    root = parse("a SAME moment (said:x THEN (b OR c)) type:pdf").root
    assert rewritten(root, lambda node: node) is root
    seen: list[str] = []

    def note(node: Node) -> Node:
        if isinstance(node, Words):
            seen.append(node.text)
        return node

    rewritten(root, note)
    assert sorted(seen) == ["a", "b", "c"]
