"""What the query bar asks of the resident process."""

import base64
from collections.abc import Sequence
from pathlib import Path

from app.window.link import Link
from search.records import Box, Suggestion
from ui.query.backend import Examined, Heard, HeardWord, Repair

PARTS = frozenset(("panels", "parts", "tight"))
"""Defects whose boxes are things of which one may be meant."""


class QueryLink(Link):
    """Implements `ui.query.backend.QueryBackend`, but for the page images that other areas ask for, too."""

    def suggest(self, text: str, limit: int) -> Sequence[Suggestion]:
        """Return whole queries that may be meant by what is typed so far."""
        return self._client().suggest(text, limit)

    def faces_in(self, path: Path, page: int | None) -> Sequence[Box]:
        """Return where the faces in a picture or page are."""
        return [_box(edges) for edges in self._ask("faces", path=str(path), page=page)]

    def examine(self, path: Path) -> Examined:
        """Say what may be wrong with a picture."""
        found = self._ask("examine", path=str(path))
        exif = [f"turned by {found['exif']}, as its EXIF says"] if found["exif"] else []
        return Examined(
            (*exif, *(defect["evidence"] for defect in found["defects"])),
            tuple(
                Repair(number, one["kind"], one["told"], one["improved"])
                for number, one in enumerate(found["candidates"], 1)
            ),
            tuple(
                _box(box) for defect in found["defects"] if defect["kind"] in PARTS for box in defect["boxes"]
            ),
        )

    def repaired_image(self, path: Path, number: int, width: int) -> bytes:
        """Draw a picture or one of its repairs."""
        return base64.b64decode(self._ask("repaired_image", path=str(path), number=number, width=width))

    def listen(self, path: Path) -> Heard:
        """Write down what is said in a recording."""
        heard = self._ask("listen", path=str(path))
        return Heard(heard["query"], tuple(HeardWord(w["text"], w["unsure"]) for w in heard["words"]))


def _box(edges: Sequence[float]) -> Box:
    left, top, right, bottom = edges
    return left, top, right, bottom
