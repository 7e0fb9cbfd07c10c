"""What the query bar asks of the resident process."""

from collections.abc import Sequence

from app.window.link import Link
from search.records import Suggestion


class QueryLink(Link):
    """Implements `ui.query.backend.QueryBackend`."""

    def suggest(self, text: str, limit: int) -> Sequence[Suggestion]:
        """Return whole queries that may be meant by what is typed so far."""
        return self._client().suggest(text, limit)
