"""What the stages of a run hand to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from indexers.base import Part
from search.records import Content, Failed, File, Outcome, Segment, Skipped
from search.spaces import PictureInput, Vector
from search.store.types import MarkOutcome
from search.storyboard import Shown


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a content could not be used. What is `transient` is not remembered: the next run tries again."""

    outcome: Literal["skipped", "failed"]
    reason: str
    transient: bool = False

    def as_outcome(self, path: str) -> Outcome:
        """Say it of one file."""
        return Skipped(path, self.reason) if self.outcome == "skipped" else Failed(path, self.reason)


def trouble_of(outcome: MarkOutcome, reason: str | None) -> Trouble:
    """Return what a mark remembers of it."""
    return Trouble("skipped" if outcome == "skipped" else "failed", reason or "It could not be read before.")


@dataclass(slots=True)
class Item:
    """A content on its way through the run, with every path it was seen at so far.

    `before` maps a new path to the one it was moved from. The scout adds files, the writer writes them
    when `works` (how many indexers are still at it) is down to 0; both do it under the run's lock.
    `content` is what the indexers have learned of it by now; `is_known` says that the library has it already.
    `notes` say what of it they left out.
    """

    digest: str
    media_type: str
    size: int
    mtime_ns: int
    path: str
    files: list[File]
    works: int
    before: dict[str, str] = field(default_factory=dict)
    segments: int = 0
    trouble: Trouble | None = None
    content: Content | None = None
    is_known: bool = False
    notes: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Work:
    """One indexer's job on one content: the spaces that miss it, and how they take pictures.

    Of a content that is new to the indexer (`is_new`) the facts and small pictures are kept as well.
    """

    item: Item
    indexer: str
    spaces: Mapping[str, PictureInput | None]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Decoded:
    """A part that came out of a worker, or the trouble that ended the work; `last` ends it too."""

    work: Work
    answer: Part | Trouble
    last: bool


@dataclass(frozen=True, slots=True)
class Finished:
    """A work that is done: what is to be written. `rows` has an entry for every space that was served.

    `trouble` is what kept it from being read, `troubles` what kept single spaces from encoding it;
    `language` is the one that models heard or read most of. `tokens` belong to `rows`, as in `SegmentRows`;
    `before` is how many segments of a space were written ahead, see `Portion`; `notes` say what was left out.
    """

    work: Work
    content: Content | None = None
    rows: Mapping[str, tuple[Sequence[Segment], Vector | None]] = field(default_factory=dict)
    trouble: Trouble | None = None
    troubles: Mapping[str, Trouble] = field(default_factory=dict)
    thumbnails: Sequence[tuple[Shown, bytes]] = ()
    notes: Sequence[str] = ()
    language: str | None = None
    tokens: Mapping[str, Sequence[Vector | None]] = field(default_factory=dict)
    before: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of the rows of a work that goes on, so that those of a long document need not be held at once."""

    work: Work
    space: str
    segments: Sequence[Segment]
    vectors: Vector | None
    tokens: Sequence[Vector | None]


@dataclass(frozen=True, slots=True)
class Relocated:
    """Files whose content the library knows: only their rows change. `gone` are paths to remove."""

    files: Sequence[File] = ()
    gone: Sequence[str] = ()
    outcomes: Sequence[Outcome] = ()


@dataclass(frozen=True, slots=True)
class Presence:
    """A root whose drive came or went."""

    root: str
    present: bool


Write = Finished | Portion | Relocated | Presence
