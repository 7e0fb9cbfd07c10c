"""Whatever is typed, behind whatever prefix: an answer, or one sentence that says what is wrong."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import written
from search.engine import Engine, SearchOptions
from search.errors import CrossfindError
from search.parser import parse
from search.prefixes import known

PIECES = (
    *("'", "''", '"', '""', "\\", "%", "_", "*", "?", ";", "--", "/*", "*/", "#", "`", "\x00", "\n", "\t"),
    *("' OR '1'='1", "'); DROP TABLE files; --", "x' UNION SELECT * FROM files", "NEAR(a b)", "a^2", "+a -b"),
    *("words:a", "{!func}", "$where", "a~2", "[a TO b]", "<script>", "{}", "()", "(", ")", "a:b:c"),
    *("AND", "OR", "NOT", "THEN", "SAME", "boat", "bo*", "2024", "保証金", "é", "\u202e", "\ud800", "🏖", "ﬁ"),
)
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join)
PREFIXES = st.sampled_from(["", *(f"{name}:" for name in known())])
ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def engine(shelf: Any) -> Engine:
    shelf.pdf("O'Brien 100%.pdf", "a boat's 'quoted' words; DROP TABLE files --", "the boat")
    shelf.photo("boat_(2).jpg", "boat", tags=("it's", "a%b"))
    made: Engine = shelf.engine()
    return made


def answered(engine: Engine, query: str, **options: Any) -> int | None:
    """How many hits there are, None for an error that a person may see."""
    try:
        return len(engine.search(query, SearchOptions(**options)).hits)
    except CrossfindError as error:
        said = error.message
    assert re.fullmatch(r"[^\n]+[.?!]", said), said
    return None


@ANY
@given(prefix=PREFIXES, text=TEXTS, is_quoted=st.booleans(), fix=st.sampled_from(["auto", "suggest", "off"]))
def test_through_every_prefix(engine: Engine, prefix: str, text: str, is_quoted: bool, fix: str) -> None:
    value = '"' + text.replace('"', '""') + '"' if is_quoted else text
    answered(engine, f"{prefix}{value}", fix=fix)
    assert answered(engine, "type:pdf") == 1


@ANY
@given(text=TEXTS)
def test_suggestions_never_fail(engine: Engine, text: str) -> None:
    assert len(engine.suggest(text, 5)) <= 5


@given(prefix=PREFIXES, text=TEXTS)
def test_what_can_be_read_can_be_written(prefix: str, text: str) -> None:
    try:
        tree = parse(prefix + text)
    except CrossfindError:
        return
    assert parse(written.format(tree)) == tree


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        (" ".join(f"wort{n}" for n in range(1000)) + " boat", 0),
        ("boat " * 1000, 2),
        (" ".join(f"boat{n}*" for n in range(300)), 0),
        ("type:pdf type:image", 0),
        ("boat -boat", 0),
        ("date:2001..2002 date:2010..2011", 0),
        ("name:O'Brien", 1),
        ("name:%", 1),
        ("tag:it's", 1),
        ("\"'quoted' words\"", 1),
        ("tag:\"' OR '1'='1\"", 0),
    ],
)
def test_contradictions_long_queries_and_injections_are_answered(
    engine: Engine, query: str, hits: int
) -> None:
    assert answered(engine, query) == hits


def test_what_is_too_much_is_refused_in_a_sentence(engine: Engine) -> None:
    assert answered(engine, " OR ".join(f'"a{n}"' for n in range(50))) is None
    assert answered(engine, "a" * 30_000) is None
