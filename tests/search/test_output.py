"""The stable JSON form of results."""

import json
from datetime import datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from search.output import explanation_from_json, explanation_to_json, from_json, to_json
from search.records import (
    Content,
    Evidence,
    File,
    Fix,
    Grouped,
    Hit,
    Locator,
    Missing,
    Page,
    Region,
    SearchResult,
    TimeSpan,
    Whole,
)
from search.watch import Explanation, LegReport, Step

texts = st.text(max_size=5)
numbers = st.floats(0, 1)
plain = st.one_of(
    st.just(Whole()),
    st.builds(Page, st.integers(1, 9), st.none() | st.integers(1, 9)),
    st.builds(TimeSpan, numbers, st.floats(1, 2)),
)
locators: st.SearchStrategy[Locator] = plain | st.builds(Region, plain, st.tuples(*[numbers] * 4))
contents = st.builds(
    Content,
    digest=st.just("d"),
    media_type=st.sampled_from(["image/jpeg", "application/pdf"]),
    size=st.integers(0),
    width=st.none() | st.integers(1),
    taken_at=st.none() | st.datetimes(),
    latitude=st.none() | numbers,
    camera=st.none() | texts,
    words=texts,
)
files = st.builds(
    File,
    path=st.sampled_from(["/a/b.jpg", "/a/\udcff.jpg"]),
    digest=st.just("d"),
    size=st.integers(0),
    mtime_ns=st.integers(0),
    root=st.just("/a"),
    present=st.booleans(),
)
evidence = st.builds(Evidence, texts, st.integers(1), numbers, locators, st.none() | texts, numbers)
hits = st.builds(
    Hit,
    st.integers(1),
    numbers,
    files,
    contents,
    locators,
    st.none() | texts,
    st.lists(evidence, max_size=2).map(tuple),
    st.none() | st.just(Path("/lib/thumbs/d.webp")),
    st.none() | st.builds(Grouped, texts, st.integers(1)),
)
results = st.builds(
    SearchResult,
    texts,
    numbers,
    st.lists(hits, max_size=2).map(tuple),
    st.lists(st.builds(Missing, texts, texts, st.none() | texts), max_size=1).map(tuple),
    st.lists(st.builds(Fix, texts, st.booleans(), texts, numbers), max_size=1).map(tuple),
)


@given(results)
def test_a_result_comes_back_as_it_was(result: SearchResult) -> None:
    assert from_json(json.loads(json.dumps(to_json(result)))) == result


reports = st.builds(
    LegReport,
    texts,
    texts,
    st.sampled_from(["vectors", "words", "people"]),
    numbers,
    st.integers(0),
    st.integers(0),
    st.none() | numbers,
    st.none() | texts,
)
explanations = st.builds(
    Explanation,
    st.lists(st.builds(Step, texts, numbers), max_size=2).map(tuple),
    st.lists(reports, max_size=2).map(tuple),
    numbers,
    results,
)


@given(explanations)
def test_an_explanation_comes_back_as_it_was(explanation: Explanation) -> None:
    written = json.loads(json.dumps(explanation_to_json(explanation)))
    assert explanation_from_json(written) == explanation


def test_the_form_that_programs_rely_on() -> None:
    hit = Hit(
        1,
        0.83,
        File("/abs/x.mp4", "d1", 10, 5, "/abs"),
        Content("d1", "video/mp4", 10, taken_at=datetime(2024, 5, 1)),
        Region(TimeSpan(12.0, 15.5), (0.1, 0.2, 0.5, 0.8)),
        "a word",
        (Evidence("scene", 1, 0.31, Whole(), None, 0.83),),
    )
    gap = Missing("sound", "model clap is not installed", "crossfind models pull clap")
    written = to_json(SearchResult("dog", 12.3, (hit,), (gap,), (Fix("rotate", True, "90°", 1.3),)))
    whole = {"kind": "whole", "start_s": None, "end_s": None, "box": None, "page": None, "picture": None}
    shown = written["hits"][0]
    assert {key: written[key] for key in ("query", "took_ms", "fixes", "missing")} == {
        "query": "dog",
        "took_ms": 12.3,
        "fixes": [{"kind": "rotate", "applied": True, "detail": "90°", "confidence_gain": 1.3}],
        "missing": [{"space": "sound", "reason": gap.reason, "remedy": gap.remedy}],
    }
    assert {key: shown[key] for key in ("rank", "score", "path", "type", "present", "text", "digest")} == {
        "rank": 1,
        "score": 0.83,
        "path": "/abs/x.mp4",
        "type": "video",
        "present": True,
        "text": "a word",
        "digest": "d1",
    }
    assert shown["locator"] == {
        "picture": None,
        "kind": "region",
        "start_s": 12.0,
        "end_s": 15.5,
        "box": [0.1, 0.2, 0.5, 0.8],
        "page": None,
    }
    assert shown["evidence"] == [
        {"space": "scene", "rank": 1, "score": 0.31, "locator": whole, "text": None, "calibrated": 0.83}
        | {"part": None, "path": None}
    ]
