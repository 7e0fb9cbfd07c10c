"""How a person who waits is told what takes a while."""

from collections.abc import Callable

Report = Callable[[str], None]
"""Takes one sentence for a person about something that takes a while."""


def silent(sentence: str) -> None:
    """A `Report` that says nothing."""
