"""How the window writes a query: the text in the field, in which files go by short names."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from search.mentions import mentions, quoted, renamed
from search.query import Clip, Face, Like, Part, SoundLike
from search.records import Box
from search.written import format as written
from ui.wording import readable

Fixing = Literal["auto", "off"]
"""Whether a query picture may be repaired, or is searched by as it is."""

How = Literal["like", "face", "sound", "clip"]
"""What is searched for with a file: its like, the face in it, such sounds, the same film."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A file, or a page or part of it, as the query.

    `label` is what a person knows it by, `look` a picture file that shows it.
    """

    path: Path
    label: str
    page: int | None = None
    look: Path | None = None
    how: How = "like"
    box: Box | None = None

    def leaf(self, path: str | None = None) -> Part:
        """The leaf of the query language that searches by it, with its path or what stands for it."""
        path = str(self.path) if path is None else path
        match self.how:
            case "like":
                return Like(path, self.page, self.box)
            case "face":
                return Face(path, self.page, self.box)
            case "sound":
                return SoundLike(path)
            case "clip":
                return Clip(path)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file under the short name by which a query names it, and a picture that shows it."""

    label: str
    path: Path
    look: Path | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """The files that went by short names since the window opened."""

    entries: tuple[NamedFile, ...] = ()

    def with_file(self, path: Path, label: str, look: Path | None = None) -> tuple["Files", NamedFile]:
        """Give a file a short name that no other has."""
        for entry in self.entries:
            if (entry.path, entry.look) == (path, look):
                return self, entry
        name = " ".join(readable(label).split()) or "file"
        taken = {entry.label for entry in self.entries}
        stem, dot, ending = name.rpartition(".")
        forms = (name if n == 1 else f"{stem or name} ({n}){dot}{ending if stem else ''}" for n in _FROM_ONE)
        entry = NamedFile(next(form for form in forms if form not in taken), path, look)
        return Files((*self.entries, entry)), entry

    def called(self, label: str) -> NamedFile | None:
        """Return the file that goes by a name."""
        return next((entry for entry in self.entries if entry.label == label), None)

    def path_of(self, label: str) -> str | None:
        """Return the path of the file that goes by a name."""
        entry = self.called(label)
        return None if entry is None else str(entry.path)

    def shortened(self, text: str) -> tuple["Files", str]:
        """Give all files that a text names by their whole paths short names."""
        files = self
        short: dict[str, str] = {}
        for one in mentions(text):
            path = Path(one.path)
            if path.is_absolute():
                files, entry = files.with_file(path, path.name)
                short[one.path] = entry.label
        return files, renamed(text, short.get)


_FROM_ONE = range(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the query bar; `fixing` says what becomes of a query picture that seems wrong."""

    words: str = ""
    files: Files = field(default=Files(), compare=False)
    fixing: Fixing = "auto"

    @property
    def query(self) -> str:
        """The query as the program is asked it, with whole paths; empty when nothing is asked."""
        return renamed(self.words, self.files.path_of)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map offsets in `query` to offsets in `words`, at least one character wide where there is one."""
        length = len(self.words)
        first = min(self._offset(start, of_start=True), max(length - 1, 0))
        return first, min(max(self._offset(end, of_start=False), first + 1), length)

    def _offset(self, offset: int, *, of_start: bool) -> int:
        longer = 0
        for begin, end, long in self._exchanged():
            if offset <= begin + longer:
                break
            if offset < begin + longer + long:
                return begin if of_start else end
            longer += long - (end - begin)
        return max(offset - longer, 0)

    def _exchanged(self) -> Iterator[tuple[int, int, int]]:
        """Yield first and last offset of each short name in `words`, and how long its path is."""
        for one in mentions(self.words):
            if (path := self.files.path_of(one.path)) is not None:
                yield one.start, one.end, len(quoted(path))


def text_of(part: Part) -> str:
    """Write a part of a query."""
    return written(part)
