"""The library on disk: the only code that knows LanceDB, which it imports when a table is first opened."""

from search.store.known import LastSeen, Marked, Seen
from search.store.library import Library
from search.store.matching import Matching
from search.store.prune import PruneReport
from search.store.rows import folder_text
from search.store.text import fold, path_to_text, text_to_path
from search.store.types import (
    Batch,
    Failure,
    Found,
    KnownFile,
    LibraryStatus,
    Mark,
    Root,
    SegmentRows,
    SpaceStatus,
    Thumbnail,
    Words,
)
from search.store.writer import Writer

__all__ = [
    "Batch",
    "Failure",
    "Found",
    "KnownFile",
    "LastSeen",
    "Library",
    "LibraryStatus",
    "Mark",
    "Marked",
    "Matching",
    "PruneReport",
    "Root",
    "Seen",
    "SegmentRows",
    "SpaceStatus",
    "Thumbnail",
    "Words",
    "Writer",
    "fold",
    "folder_text",
    "path_to_text",
    "text_to_path",
]
