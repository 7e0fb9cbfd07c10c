"""What passes a filter."""

from collections.abc import Iterator, Set
from functools import cached_property

import pyarrow as pa

from search.store.text import text_to_path


class Matching(Set[str]):
    """The digests whose files pass a filter, and the paths of those files."""

    def __init__(self, rows: pa.Table) -> None:
        self._rows = rows

    @cached_property
    def digests(self) -> frozenset[str]:
        """Digests of the matching files."""
        return frozenset(self._rows["digest"].to_pylist())

    @cached_property
    def paths(self) -> frozenset[str]:
        """Paths of the matching files."""
        return frozenset(map(text_to_path, self._rows["path"].to_pylist()))

    def __contains__(self, digest: object) -> bool:
        return digest in self.digests

    def __iter__(self) -> Iterator[str]:
        return iter(self.digests)

    def __len__(self) -> int:
        return len(self.digests)
