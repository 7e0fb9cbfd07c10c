"""The queries that were asked lately, kept in the window's settings unless a person wants none kept."""

import json
import tempfile
from pathlib import Path

from PySide6.QtCore import QSettings

from search.mentions import mentions

KEEP = "history/keep"
QUERIES = "history/queries"
MOST = 60


class History:
    """The newest first. Without settings it lasts as long as the window."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings
        self._queries = _read(settings)

    @property
    def queries(self) -> tuple[str, ...]:
        """What was asked lately."""
        return tuple(self._queries) if self._is_kept() else ()

    def add(self, query: str) -> None:
        """Remember a query, unless none is to be kept or it names a picture that will soon be gone."""
        if not query or not self._is_kept() or _is_passing(query):
            return
        self._queries = [query, *(one for one in self._queries if one != query)][:MOST]
        self._write()

    def forget(self) -> None:
        """Forget all queries."""
        self._queries = []
        self._write()

    def _is_kept(self) -> bool:
        return self._settings is None or str(self._settings.value(KEEP, "true")).lower() != "false"

    def _write(self) -> None:
        if self._settings is not None:
            self._settings.setValue(QUERIES, json.dumps(self._queries))


def _read(settings: QSettings | None) -> list[str]:
    """Read what was written; what somebody else wrote there is nothing."""
    try:
        found = json.loads(str(settings.value(QUERIES, "[]"))) if settings is not None else []
    except ValueError:
        return []
    return [one for one in found if isinstance(one, str)][:MOST] if isinstance(found, list) else []


def _is_passing(query: str) -> bool:
    """Whether a query names a file that was made for it and is deleted with the window."""
    passing = Path(tempfile.gettempdir()).absolute()
    return any(Path(one.path).is_relative_to(passing) and "crossfind-" in one.path for one in mentions(query))
