"""No filter ever loses a result, whatever share of the library it keeps."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.engine import Engine, SearchOptions
from search.records import Segment

COUNT = 300
BEGIN = datetime(2001, 1, 1)
QUERIES = ("scene:dog", "text:dog", "scene:dog text:dog", "-text:owl scene:dog", "scene:dog OR scene:owl")


@pytest.fixture
def papers(shelf: Any) -> Engine:
    """Papers of one day each, in an order that has nothing to do with what they say and show."""
    for n in range(COUNT):
        day = BEGIN + timedelta(days=n * 7 % COUNT)
        owl = " owl" if n % 5 == 0 else ""
        digest = shelf.pdf(f"{n:03}.pdf", "dog " * (n + 1) + "cat " * (COUNT - n) + owl, taken_at=day)
        shelf._row(Segment(digest, "scene", 0), shelf.captions.vector(f"dog w{n}{owl}"))
    return shelf.engine()


def asked(engine: Engine, query: str, limit: int) -> list[str]:
    return [hit.file.name for hit in engine.search(query, SearchOptions(limit=limit, floor=0.0, fix="off"))]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    max_examples=settings.default.max_examples // 7,
)
@given(
    st.sampled_from(QUERIES),
    st.integers(0, COUNT - 1),
    st.integers(1, COUNT),
    st.integers(1, 40),
)
@example("scene:dog", 0, 1, 1)
@example("scene:dog", 0, 3, 40)
@example("text:dog", 0, COUNT, 40)
def test_what_passes_comes_in_the_order_it_has_without(
    papers: Engine, query: str, first: int, days: int, limit: int
) -> None:
    begin, end = BEGIN + timedelta(days=first), BEGIN + timedelta(days=first + days - 1)
    passing = {f"{n:03}.pdf" for n in range(COUNT) if first <= n * 7 % COUNT < first + days}
    dates = f"date:{begin:%Y-%m-%d}..{end:%Y-%m-%d}"
    expected = [name for name in asked(papers, query, COUNT) if name in passing]
    assert sorted(asked(papers, f"({query}) {dates}", COUNT)) == sorted(expected)
    if query in QUERIES[:2]:  # scores of one leg keep their order; what is joined is weighed anew
        assert asked(papers, f"({query}) {dates}", limit) == expected[:limit]
