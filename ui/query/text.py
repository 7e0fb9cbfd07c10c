"""How the window writes a query: the words a person typed and the picture they gave, as one text."""

from dataclasses import dataclass
from pathlib import Path

from search.query import Like
from search.written import format as written


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture, or a page of a document, as the query.

    `label` is what a person knows it by, `look` a picture file that shows it.
    """

    path: Path
    label: str
    page: int | None = None
    look: Path | None = None

    @property
    def query(self) -> str:
        """The leaf of the query language that searches by it."""
        return written(Like(str(self.path), self.page))


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the query bar."""

    words: str = ""
    picture: Reference | None = None

    @property
    def query(self) -> str:
        """The query language's form; empty when nothing is asked."""
        before, after = self._around
        return before + self.words + after

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map offsets in `query` to offsets in `words`, at least one character wide where there is one."""
        before, length = len(self._around[0]), len(self.words)
        first = min(max(start - before, 0), max(length - 1, 0))
        return first, min(max(end - before, first + 1), length)

    @property
    def _around(self) -> tuple[str, str]:
        """What the picture puts before and after the words."""
        if self.picture is None:
            return "", ""
        return (f"{self.picture.query} AND (", ")") if self.words else (self.picture.query, "")
