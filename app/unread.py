"""Files that are not searchable, or not all of them, as a library remembers it."""

from typing import Any

from search.store import Failure, LibraryStatus

Json = dict[str, Any]

_CALLED = {"failed": "failed", "skipped": "skipped", "done": "partly"}
"""What became of a file, the worst first."""


def listed(facts: LibraryStatus) -> list[Json]:
    """Return each file by its path, once, with the worst that any space met and why."""
    worst: dict[str, Failure] = {}
    for bad in sorted(facts.failures, key=lambda bad: [*_CALLED].index(bad.outcome), reverse=True):
        worst[bad.path] = bad
    return [
        {"path": path, "reason": bad.reason, "outcome": _CALLED[bad.outcome]}
        for path, bad in sorted(worst.items())
    ]


def counted(facts: LibraryStatus) -> str:
    """Say how many there are."""
    found = [one["outcome"] for one in listed(facts)]
    partly = found.count("partly")
    told = f"{len(found) - partly} could not be read"
    return f"{told}, {partly} not all of it" if partly else told
