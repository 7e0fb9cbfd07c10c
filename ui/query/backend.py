"""What the query bar asks of the program; see `ui.backend`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from search.records import Suggestion


class QueryBackend(Protocol):
    """Answers for the query bar. Every method may take its time and raises `CrossfindError`."""

    def suggest(self, text: str, limit: int) -> Sequence[Suggestion]:
        """Return whole queries that may be meant by what is typed so far, what is likeliest first."""

    def page_image(self, path: Path, page: int, width: int) -> bytes:
        """Draw page `page` (from 1) of a document `width` pixels wide: PNG bytes. Raises `MediaError`."""
