"""Counts files in a folder by kind, quickly: by their endings, and no longer than a person likes to wait."""

import mimetypes
import os
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from search.records import MediaKind, media_kind

LONGEST_S = 2.0
_MORE = {".heic": "image/heic", ".heif": "image/heif", ".avif": "image/avif", ".jp2": "image/jp2"}
_TEXTS = frozenset(
    (
        *(".txt", ".md", ".rst", ".csv", ".tsv", ".html", ".htm", ".rtf", ".docx", ".xlsx", ".pptx", ".odt"),
        *(".ods", ".odp", ".epub", ".eml", ".mbox", ".msg", ".zip", ".tar", ".tgz"),
    )
)
"""Documents by their endings: what systems call text is mostly source code."""

_SKIPPED = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many files of each kind a folder holds; not `complete` when there was no time for all."""

    folder: Path
    kinds: Mapping[MediaKind, int] = field(default_factory=dict)
    complete: bool = True

    @property
    def total(self) -> int:
        """All files that Crossfind looks into."""
        return sum(self.kinds.values())


def count_files(folder: Path, longest_s: float = LONGEST_S) -> Counted:
    """Count what is below a folder, hidden folders left out; what may not be read counts nothing."""
    found: Counter[MediaKind] = Counter()
    deadline = time.monotonic() + longest_s
    for parent, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".") and name not in _SKIPPED]
        found.update(kind for file in files if (kind := _kind(file)) is not None)
        if time.monotonic() > deadline:
            return Counted(folder, dict(found), complete=not names and parent == str(folder))
    return Counted(folder, dict(found))


def _kind(name: str) -> MediaKind | None:
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 (a path object for each of 100,000 files is slow)
    if ending in _TEXTS:
        return "document"
    media_type = _MORE.get(ending) or mimetypes.guess_type(f"x{ending}")[0] or ""
    kind = media_kind(media_type) if media_type else "other"
    return None if kind in ("other", "document") else kind
