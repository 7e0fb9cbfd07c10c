"""A backend that answers from memory and counts calls, pictures made on the spot, and a window over both."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from search.errors import CrossfindError
from search.pieces import Inside, Warm
from search.records import (
    Box,
    Content,
    Evidence,
    File,
    Hit,
    Locator,
    SearchResult,
    Suggestion,
    TimeSpan,
    Whole,
)
from ui.backend import IndexedFolder, LibraryState, SearchRequest
from ui.indexing.backend import Overview
from ui.kept.backend import Collection, Removed, SavedSearch
from ui.main_window import MainWindow
from ui.people.backend import Edited, Everybody, Face, Likeness, PeopleEdit
from ui.query.backend import Examined, Heard
from ui.results.backend import Alike, Clip, Written
from ui.settings.backend import (
    About,
    Component,
    Health,
    LibraryFacts,
    ModelOffer,
    Preferences,
    Reduced,
    Tended,
)
from ui.thumbnails import Thumbnails

MakeHit = Callable[..., Hit]
MakePicture = Callable[..., Path]


@dataclass
class FakeSettings:
    """Implements `ui.settings.backend.SettingsBackend`; `edits` says what was asked for, in order."""

    preferred: Preferences = field(default_factory=Preferences)
    preferences_trouble: str = ""
    facts: LibraryFacts = field(default_factory=lambda: LibraryFacts(Path("/library")))
    offered: tuple[ModelOffer, ...] = ()
    getting: Sequence[str] = ()
    health: Health = field(default_factory=Health)
    tended: Tended = field(default_factory=Tended)
    settings_error: Exception | None = None
    edits: list[tuple[object, ...]] = field(default_factory=list)

    def preferences(self) -> Preferences:
        return self.preferred

    def preferences_problem(self) -> str:
        return self.preferences_trouble

    def mend_preferences(self) -> Path:
        self._edit("mend")
        self.preferences_trouble = ""
        return Path("/settings/config.broken-1.toml")

    def save_preferences(self, changes: Mapping[str, Any]) -> Preferences:
        self._edit("save", dict(changes))
        self.preferred = replace(self.preferred, **changes)
        return self.preferred

    def library_facts(self) -> LibraryFacts:
        return self.facts

    def set_excludes(self, folder: Path, patterns: Sequence[str]) -> None:
        self._edit("excludes", folder, tuple(patterns))

    def forget_folder(self, folder: Path) -> int:
        self._edit("forget", folder)
        return 7

    def switch_learning(self, name: str, on: bool) -> None:
        self._edit("switch", name, on)

    def forget_passwords(self) -> None:
        self._edit("forget passwords")

    def delete_learned(self, names: Sequence[str]) -> int:
        self._edit("delete", *names)
        return 12

    def look_after(self) -> Health:
        self._edit("look after")
        return self.health

    def tend(self) -> Tended:
        self._edit("tend")
        return self.tended

    def models(self) -> tuple[ModelOffer, ...]:
        return self.offered

    def remove_model(self, id_: str) -> None:
        self._edit("remove", id_)

    def reduce_model(self, id_: str, dims: int) -> Reduced:
        self._edit("reduce", id_, dims)
        self.preferred = replace(
            self.preferred, models={**self.preferred.models, "page-look": f"{id_}-{dims}"}
        )
        return Reduced(f"{id_}-{dims}", 0.05, 0.93)

    def model_command(self, id_: str) -> Sequence[str]:
        self._edit("get", id_)
        return self.getting

    def about(self) -> About:
        return About("9.9", (Component("Qt", "6", "LGPL"),))

    def _edit(self, *what: object) -> None:
        self.edits.append(what)
        if self.settings_error is not None:
            raise self.settings_error


@dataclass
class FakePeople:
    """Implements `ui.people.backend.PeopleBackend`: tells what it is given, remembers every edit."""

    who: Everybody = field(default_factory=Everybody)
    faces: dict[int, tuple[Face, ...]] = field(default_factory=dict)
    alike: tuple[Likeness, ...] = ()
    people_edits: list[PeopleEdit] = field(default_factory=list)
    people_errors: list[Exception] = field(default_factory=list)
    portrait_jpeg: bytes = b""

    def everybody(self) -> Everybody:
        return self.who

    def faces_of(self, person: int) -> tuple[Face, ...]:
        return self.faces.get(person, ())

    def likenesses(self, limit: int) -> tuple[Likeness, ...]:
        return self.alike[:limit]

    def edit_people(self, edit: PeopleEdit) -> Edited:
        if self.people_errors:
            raise self.people_errors.pop(0)
        self.people_edits.append(edit)
        return Edited("Name Ada", undo="Name Ada")

    def portrait(self, face: int, edge: int) -> bytes:  # noqa: ARG002
        return self.portrait_jpeg


@dataclass
class FakeResults:
    """Implements `ui.results.backend.ResultsBackend`; `done` says what was asked for, in order."""

    sheet: Path | None = None
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    twice: tuple[Alike, ...] = ()
    written: Written = field(default_factory=lambda: Written(1))
    made_clips: tuple[Path, ...] = ()
    clips_error: Exception | None = None
    done: list[tuple[object, ...]] = field(default_factory=list)

    def storyboard(self, digest: str) -> Path | None:
        self.done.append(("storyboard", digest))
        return self.sheet

    def people_in(self, digests: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        self.done.append(("people", tuple(digests)))
        return self.people

    def copy_originals(self, hits: Sequence[Hit], folder: Path) -> Written:
        self.done.append(("copy", [hit.file.name for hit in hits], folder))
        return self.written

    def export(self, hits: Sequence[Hit], query: str, form: str) -> bytes:
        return f"{form} of {len(hits)} for {query}".encode()

    def cut(self, clips: Sequence[Clip], into: Path) -> Written:
        self.done.append(("cut", tuple(clips), into))
        return self.written

    def clips(self, clips: Sequence[Clip]) -> Sequence[Path]:
        self.done.append(("clips", tuple(clips)))
        if self.clips_error is not None:
            raise self.clips_error
        return self.made_clips

    def duplicates(self) -> Sequence[Alike]:
        self.done.append(("duplicates",))
        return self.twice


@dataclass
class FakeKept:
    """Implements `ui.kept.backend.KeptBackend` over lists in memory."""

    saved: dict[str, SavedSearch] = field(default_factory=dict)
    gathered: dict[str, list[Hit]] = field(default_factory=dict)
    looked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def saved_searches(self, counted: bool) -> Sequence[SavedSearch]:
        found = [self.saved[name] for name in sorted(self.saved)]
        return [one if counted else replace(one, found=None, new=None) for one in found]

    def save_search(self, name: str, query: str) -> None:
        if name in self.saved:
            raise CrossfindError(f"There is a saved search called {name} already.")
        self.saved[name] = SavedSearch(name, query, 1, 0)

    def rename_search(self, name: str, new_name: str) -> None:
        self.saved[new_name] = replace(self.saved.pop(name), name=new_name)

    def remove_search(self, name: str) -> Removed:
        return Removed(name, self.saved.pop(name))

    def look_at_search(self, name: str, digests: Sequence[str]) -> frozenset[str]:
        seen = {digest for one, some in self.looked if one == name for digest in some}
        self.looked.append((name, tuple(digests)))
        return frozenset(digests) - seen

    def collections(self) -> Sequence[Collection]:
        return [Collection(name, len(self.gathered[name])) for name in sorted(self.gathered)]

    def add_to_collection(self, name: str, hits: Sequence[Hit]) -> int:
        known = self.gathered.setdefault(name, [])
        known += (new := [hit for hit in hits if hit not in known])
        return len(new)

    def take_out_of_collection(self, name: str, digests: Sequence[str]) -> int:
        before = len(self.gathered[name])
        self.gathered[name] = [hit for hit in self.gathered[name] if hit.file.digest not in digests]
        return before - len(self.gathered[name])

    def rename_collection(self, name: str, new_name: str) -> None:
        self.gathered[new_name] = self.gathered.pop(name)

    def remove_collection(self, name: str) -> Removed:
        return Removed(name, self.gathered.pop(name))

    def restore_kept(self, removed: Removed) -> None:
        if isinstance(removed.content, SavedSearch):
            self.saved[removed.name] = removed.content
        else:
            self.gathered[removed.name] = removed.content


@dataclass
class FakeIndexing:
    """Implements the rest of `ui.indexing.backend.IndexingBackend`; `change` stands for the file system."""

    library: Overview = field(default_factory=lambda: Overview(Path("/library")))
    run_options: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    watched: list[tuple[Path, bool]] = field(default_factory=list)
    watching: list[tuple[Path, ...]] = field(default_factory=list)
    change: Callable[[Sequence[Path]], None] = lambda _: None
    watches_ended: int = 0
    opens: str = "secret"
    unlocked: list[tuple[Path, ...]] = field(default_factory=list)

    def unlock(self, paths: Sequence[Path], password: str) -> Sequence[Path]:
        if password != self.opens:
            raise CrossfindError("This password does not open this PDF.")
        self.unlocked.append(tuple(paths))
        return paths

    def overview(self) -> Overview:
        return self.library

    def set_watched(self, folder: Path, on: bool) -> None:
        self.watched.append((folder, on))

    def watch(self, folders: Sequence[Path], told: Callable[[Sequence[Path]], None]) -> Callable[[], None]:
        self.watching.append(tuple(folders))
        self.change = told

        def stop() -> None:
            self.watches_ended += 1

        return stop


@dataclass
class FakeBackend(FakeIndexing, FakeKept, FakePeople, FakeResults, FakeSettings):
    """Implements `ui.backend.Backend`."""

    hits: tuple[Hit, ...] = ()
    state: LibraryState = field(
        default_factory=lambda: LibraryState({"image": 2, "pdf": 1}, (IndexedFolder(Path("/pictures")),))
    )
    error: Exception | None = None
    command: Sequence[str] = ()
    page: bytes = b""
    texts: dict[int, str] = field(default_factory=dict)
    requests: list[SearchRequest] = field(default_factory=list)
    pages: list[tuple[Path, int]] = field(default_factory=list)
    enclosed: list[tuple[Path, int, int]] = field(default_factory=list)
    moments: list[tuple[Path, TimeSpan]] = field(default_factory=list)
    indexed: list[list[Path]] = field(default_factory=list)
    wave: tuple[float, ...] = ()
    within: Inside = field(default_factory=Inside)
    insides: list[tuple[Path, str, int | None]] = field(default_factory=list)
    warm: tuple[Warm, ...] = ()
    heats: list[tuple[Path, str, int]] = field(default_factory=list)
    status_calls: int = 0
    warmed_up: int = 0
    stopped: int = 0
    gate: threading.Event | None = None
    suggestions: tuple[Suggestion, ...] = ()
    typed: list[str] = field(default_factory=list)
    face_boxes: tuple[Box, ...] = ()
    examined: Examined = field(default_factory=Examined)
    repaired: dict[int, bytes] = field(default_factory=dict)
    known_passwords: tuple[str, ...] = ()
    heard: Heard | Exception = field(default_factory=lambda: Heard("", ()))
    listened: list[Path] = field(default_factory=list)

    @property
    def last_query(self) -> str:
        """What was asked last, "" before anything was."""
        return self.requests[-1].query if self.requests else ""

    def status(self) -> LibraryState:
        self.status_calls += 1
        return self.state

    def search(self, request: SearchRequest) -> SearchResult:
        self.requests.append(request)
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.error is not None:
            raise self.error
        floor = 0.3 if request.floor is None else request.floor
        hits = tuple(hit for hit in self.hits if hit.score >= floor)
        return SearchResult(request.query, 12.0, hits)

    def suggest(self, text: str, limit: int) -> Sequence[Suggestion]:
        self.typed.append(text)
        return self.suggestions[:limit]

    def faces_in(self, path: Path, page: int | None) -> Sequence[Box]:  # noqa: ARG002
        return self.face_boxes

    def examine(self, path: Path) -> Examined:  # noqa: ARG002
        return self.examined

    def repaired_image(self, path: Path, number: int, width: int) -> bytes:  # noqa: ARG002
        return self.repaired.get(number, self.page)

    def listen(self, path: Path) -> Heard:
        self.listened.append(path)
        if isinstance(self.heard, Exception):
            raise self.heard
        return self.heard

    def stop_search(self) -> None:
        self.stopped += 1

    def warm_up(self) -> None:
        self.warmed_up += 1

    def page_image(self, path: Path, page: int, width: int) -> bytes:  # noqa: ARG002
        self.pages.append((path, page))
        if self.error is not None:
            raise self.error
        return self.page

    def moment_image(self, path: Path, moment: TimeSpan, width: int) -> bytes:  # noqa: ARG002
        self.moments.append((path, moment))
        if self.error is not None:
            raise self.error
        return self.page

    def inside(self, path: Path, query: str, page: int | None = None) -> Inside:
        self.insides.append((path, query, page))
        return self.within

    def heat(self, path: Path, query: str, page: int) -> tuple[Warm, ...]:
        self.heats.append((path, query, page))
        if self.error is not None:
            raise self.error
        return self.warm

    def waveform(self, path: Path) -> tuple[float, ...]:  # noqa: ARG002
        return self.wave

    def enclosed_image(self, path: Path, page: int, picture: int, width: int) -> bytes:  # noqa: ARG002
        self.enclosed.append((path, page, picture))
        return self.page

    def document_text(self, path: Path, page: int) -> str:
        self.pages.append((path, page))
        return self.texts.get(page, "")

    def passwords(self) -> Sequence[str]:
        return self.known_passwords

    def transcript(self, path: Path, form: str) -> str:
        return f"{form} of {path.name}"

    def indexing_command(
        self, folders: Sequence[Path], only: Sequence[str] = (), retry: bool = False
    ) -> Sequence[str]:
        self.indexed.append(list(folders))
        self.run_options.append((tuple(only), retry))
        return self.command


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def make_picture(tmp_path: Path, qapp: object) -> MakePicture:
    """Save a picture of one colour and return its path."""

    def make(name: str, size: tuple[int, int] = (64, 48), color: str = "#3366cc") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = QImage(QSize(*size), QImage.Format.Format_RGB32)
        image.fill(QColor(color))
        assert image.save(str(path))
        return path

    return make


@pytest.fixture
def make_hit(tmp_path: Path) -> MakeHit:
    """Make a hit; the file need not exist."""

    def make(
        path: Path | str = "photo.jpg",
        *,
        score: float = 0.8,
        media_type: str = "image/jpeg",
        locator: Locator = Whole(),  # noqa: B008  (frozen)
        text: str | None = None,
        present: bool = True,
        thumbnail: Path | None = None,
        mtime_ns: int = 1_600_000_000 * 10**9,
        **content: object,
    ) -> Hit:
        whole = str(tmp_path / path)
        file = File(whole, f"digest of {path}", 12_345, mtime_ns, str(tmp_path), present)
        facts = Content(file.digest, media_type, file.size, **content)  # type: ignore[arg-type]
        evidence = (Evidence("scene", 1, 0.31, locator, None, score),)
        return Hit(1, score, file, facts, locator, text, evidence, thumbnail)

    return make


@pytest.fixture
def thumbnails(qapp: object) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.shutdown()


@pytest.fixture
def window(qtbot: QtBot, backend: FakeBackend) -> MainWindow:
    """A shown window that has heard what the library holds."""
    made = MainWindow(backend)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: backend.status_calls > 0 and not made.jobs.busy("status"))
    return made


@pytest.fixture
def search(qtbot: QtBot, window: MainWindow) -> Callable[[str], None]:
    """Ask in the window and wait for the answer."""

    def ask(words: str) -> None:
        with qtbot.waitSignal(window.flow.found):
            window.query.set_words(words)

    return ask
