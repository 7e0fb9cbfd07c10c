"""Asks the program for what a person may be about to type; the newest question wins."""

from collections.abc import Callable, Sequence

from search import prefixes
from search.records import Suggestion
from ui.jobs import Jobs
from ui.query.backend import QueryBackend

CHANNEL = "suggest"
MOST = 12


class Proposals:
    """Suggestions for a text, and values for one prefix. What goes wrong with them is nobody's trouble."""

    def __init__(self, backend: QueryBackend, jobs: Jobs) -> None:
        self._backend, self._jobs = backend, jobs

    def ask(self, text: str, done: Callable[[Sequence[Suggestion]], None]) -> None:
        """Ask what may be meant by a text that is not yet complete."""
        self._jobs.submit(CHANNEL, lambda: self._backend.suggest(text, MOST), done, lambda _: done(()))

    def forget(self) -> None:
        """Nobody waits for the answer any more."""
        self._jobs.cancel(CHANNEL)

    def values(self, prefix: str, start: str, done: Callable[[Sequence[str]], None]) -> None:
        """Ask what of the library may stand behind a prefix and begins so."""
        prefix = "person" if prefix == "only" else prefix
        text = f'{prefix}:"{start}' if start else f"{prefix}:"

        def taken(found: Sequence[Suggestion]) -> None:
            wanted = (one.text for one in found if one.text.startswith(f"{prefix}:"))
            done([prefixes.unquoted(one.partition(":")[2]) for one in wanted])

        self._jobs.submit(
            f"{CHANNEL} values", lambda: self._backend.suggest(text, 50), taken, lambda _: done(())
        )
