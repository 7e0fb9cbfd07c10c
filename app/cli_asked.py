"""Who answers a search for the command line: the resident process, or this one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from app.config import Config
from search.errors import QuerySyntaxError
from search.records import SearchResult
from search.watch import Explanation


class Answering(Protocol):
    """Answers queries; `options` are the fields of `SearchOptions` that differ from their defaults."""

    def search(self, query: str, options: dict[str, Any]) -> SearchResult:
        """Answer a query. Raises what the engine raises."""

    def written(self, query: str, options: dict[str, Any], form: str) -> tuple[str, int]:
        """Answer a query in a form of `app.forms`; return that and how many hits there are."""

    def explain(self, query: str, options: dict[str, Any]) -> Explanation:
        """Answer a query, and tell how. Raises what the engine raises."""

    def heat(self, query: str, path: str, page: int) -> list[list[float]]:
        """Return which parts of a page answer a query, as `app.heat.to_json` has them. Raises
        `CrossfindError`."""


class InProcess:
    """Answers in this process; the database and the models are loaded with the first query."""

    def __init__(self, config: Config) -> None:
        from app.desk import Desk

        self._desk, self._config = Desk(), config

    def search(self, query: str, options: dict[str, Any]) -> SearchResult:
        """Answer a query. Raises what the engine raises."""
        from search.output import from_json

        return from_json(self._desk.search(self._config, query, options, report=_notice))

    def written(self, query: str, options: dict[str, Any], form: str) -> tuple[str, int]:
        """Answer a query in a form of `app.forms`. Raises what the engine raises."""
        text, count = self._desk.written(self._config, query, options, form, report=_notice)
        return text, count

    def explain(self, query: str, options: dict[str, Any]) -> Explanation:
        """Answer a query, and tell how. Raises what the engine raises."""
        from search.output import explanation_from_json

        return explanation_from_json(self._desk.explain(self._config, query, options, report=_notice))

    def heat(self, query: str, path: str, page: int) -> list[list[float]]:
        """Return which parts of a page answer a query. Raises `CrossfindError`."""
        return self._desk.heat(self._config, query, path, page)


def asked(config: Config, *, in_process: bool) -> Answering:
    """Return who answers; this process where the resident one cannot be had, which is told."""
    if not in_process:
        from app.client import Client, ServiceError

        client = Client(config, _notice)
        try:
            client.ask("ping")
        except ServiceError as error:
            print(f"crossfind: {error.message} Answering without it.", file=sys.stderr)
        else:
            return client
    return InProcess(config)


def _notice(sentence: str) -> None:
    """Tell a person at a terminal what is waited for; programs need not know."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)


@contextmanager
def pointing(text: str) -> Iterator[None]:
    """Show where in a query its fault is, when what is done here finds one."""
    try:
        yield
    except QuerySyntaxError as error:
        print(caret(text, error), file=sys.stderr)
        raise


def caret(text: str, error: QuerySyntaxError) -> str:
    """Return the query with its faulty place underlined, in two lines; letters may be two columns wide."""
    from rich.cells import cell_len

    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    before, wrong = cell_len(shown[: error.start]), cell_len(shown[error.start : error.end])
    return f"  {shown}\n  {' ' * before}{'^' * max(1, wrong)}"
