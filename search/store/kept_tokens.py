"""The token vectors of the pages that were compared last, so that they need not be read again.

They are kept as they are compared, in float32: to make that of float16 takes as long as comparing them.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from search.spaces import Vector


class KeptTokens:
    """As many as there is room for, in bytes; those used last stay. Safe to use from several threads."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._guard = threading.Lock()
        self._known: OrderedDict[int, Vector] = OrderedDict()

    def of(self, ids: Sequence[int], read: Callable[[list[int]], Sequence[Vector]]) -> list[Vector]:
        """Return the token vectors of the pages with these row ids; `read` those that are not at hand."""
        with self._guard:
            found = {id_: self._known[id_] for id_ in ids if id_ in self._known}
            for id_ in found:
                self._known.move_to_end(id_)
        missing = [id_ for id_ in ids if id_ not in found]
        if missing:
            found |= zip(missing, read(missing), strict=True)
            self._keep({id_: found[id_] for id_ in missing})
        return [found[id_] for id_ in ids]

    def _keep(self, new: dict[int, Vector]) -> None:
        with self._guard:
            for id_, tokens in new.items():
                if id_ not in self._known:
                    self._room -= tokens.nbytes
                self._known[id_] = tokens
            while self._room < 0 and self._known:
                self._room += self._known.popitem(last=False)[1].nbytes
