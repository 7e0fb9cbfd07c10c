"""Puts the parts together: settings in, a library, an engine or an indexing run out."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

import resources
from app import passwords, paths
from app.config import Config
from app.limits import limits_of, query_limits
from app.models import prepare
from app.models.choice import better, choose, serves, tongues
from app.models.faces import FaceModels, face_models, serving
from app.models.installed import Installed, InstalledModel, installed
from app.models.late import build_late_text, build_page_looks
from app.models.objects import ObjectModels, object_models
from app.models.readers import build_reader
from app.models.reranking import RERANK, build_reranker
from app.models.sounds import build_sounds
from app.models.spaces import build_spaces
from indexers.base import load
from indexers.cross_encoder import CrossEncoder
from indexers.derived import Maker
from indexers.faces import FACE
from indexers.film_query import FilmSpaceEncoder
from indexers.fixes.repairer import Repairer
from indexers.late_text import LateQueries
from indexers.objects import OBJECT
from indexers.ocr import OCR
from indexers.pace import Effort, Throttle
from indexers.page_figures import FIGURE, FigureSpace
from indexers.page_looks import PageLookQueries, PageLooks
from indexers.paged import PageMaker
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import Event, IndexOptions, index
from indexers.query_encoder import SpaceEncoder
from indexers.reader import Reader
from indexers.sound_classes import Encode
from indexers.sound_model import SoundModel
from indexers.sound_query import SoundQueries
from indexers.sound_reader import SoundReader
from search.engine import Engine
from search.errors import CrossfindError, LibraryBusyError, LibraryReadOnlyError, ModelError
from search.kept_vectors import KeptVectors
from search.people.book import PATIENCE_S
from search.people.refresh import Refreshed, refresh
from search.plan import DEPICTED, MEANING, PAGE, SPOKEN
from search.records import Missing
from search.reporting import Report, silent
from search.searching import searching
from search.spaces import Fingerprint, QueryEncoder, Space, Thresholds
from search.store import Library
from search.tags import Tags

T = TypeVar("T")

SCENE = "scene"
TASKS = (SCENE, "meaning")
"""What models are needed for; each is a space of that name."""

READING_TASKS = (OCR, "speech")
"""What models are needed for to index, but not to search; each is a space of that name, too."""

FACES = "faces"
"""The modality that finds faces; where it is switched off, nothing is learned of people."""

PAGE_LOOKS = "page-look"
"""The task of models that see pages as pictures."""

SOUND = "sound"
"""The task, and the space, of sounds: its model reads when indexing and encodes what is asked."""


@dataclass(frozen=True, slots=True)
class IndexWishes:
    """What one run is to do. No folders means all that were indexed before."""

    folders: tuple[Path, ...]
    exclude: tuple[str, ...] = ()
    only: frozenset[str] | None = None
    passwords: tuple[str, ...] = ()
    retry: bool = False
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class IndexRun:
    """A run over `folders` that starts when its events are read; `notices` are worth telling before."""

    folders: tuple[Path, ...]
    notices: tuple[str, ...]
    events: Iterator[Event]


class Equipment:
    """The spaces that settings and installed models lead to, and what is missing. Loads no weights.

    A model that a package carries is made ready first, and `report` told; without `make`, it is left out.
    """

    def __init__(self, config: Config, report: Report = silent, *, make: bool = True) -> None:
        self._config, self._report, self._make = config, report, make
        self._kept = KeptVectors(paths.cache_dir(), report)
        self.passwords = passwords.remembered(config.library_folder)
        self.installed: Installed = installed(config.models_dir)
        self.spaces: list[Space] = [PerceptualSpace()]
        self.models: list[InstalledModel] = []
        self.missing: list[Missing] = []
        for task in TASKS:
            self._equip(task)
        self._reading = [model for task in READING_TASKS if (model := self._chosen(task))]
        self.models += self._reading
        self.sounds = self._sounding()
        self.faces = self._face_models()
        self.objects = self._object_models()
        self.late = self._page_model(PAGE, build_late_text)
        self.looks = self._page_model(PAGE_LOOKS, build_page_looks)

    def _equip(self, task: str) -> None:
        chosen = self._chosen(task)
        if chosen is None or (chosen.unmade and not self._make):
            return
        try:
            self.spaces += build_spaces(chosen, self._config.device, report=self._report)
        except ModelError as error:
            self.missing.append(Missing(task, error.message, error.remedy))
        else:
            self.models.append(chosen)

    def _sounding(self) -> SoundModel | None:
        chosen = self._chosen(SOUND)
        if chosen is None:
            return None
        try:
            made = self._built(chosen)
        except ModelError as error:
            self.missing.append(Missing(SOUND, error.message, error.remedy))
            return None
        self.models.append(chosen)
        return made

    def _built(self, model: InstalledModel) -> SoundModel:
        meaning = next((space for space in self.spaces if space.name == MEANING), None)
        encode = Encode(meaning.fingerprint.key, meaning.encode) if meaning else None
        return build_sounds(model, self._config.device, encode, self._kept, self._report)

    def _chosen(self, task: str) -> InstalledModel | None:
        chosen = choose(task, self._config.profile, self.installed, self._config.models.get(task))
        if isinstance(chosen, Missing):
            self.missing.append(chosen)
            return None
        return chosen

    def _face_models(self) -> FaceModels | None:
        config = self._config
        found = face_models(self.installed, config.profile, config.models, config.device)
        if isinstance(found, Missing):
            self.missing.append(found)
            return None
        self.models += [model for model in (found.embedder, found.detector) if model]
        return found

    def _object_models(self) -> ObjectModels | None:
        detector = self._chosen(OBJECT)
        if detector is None:
            return None
        try:
            made = self._seeing(detector)
        except ModelError as error:
            self.missing.append(Missing(OBJECT, error.message, error.remedy))
            return None
        self.models += [detector] if made else []
        return made

    def _seeing(self, detector: InstalledModel) -> ObjectModels | None:
        scene = next((space for space in self.spaces if space.name == SCENE), None)
        return object_models(detector, scene, self._config.device)

    def _page_model(self, task: str, build: Callable[[InstalledModel, str], T]) -> T | None:
        """A model of pages, by their words or their looks. Without one, pages are found by all else that is
        known of them."""
        config = self._config
        chosen = choose(task, config.profile, self.installed, config.models.get(task))
        if isinstance(chosen, Missing):
            self.missing += [chosen] if task in config.models else []
            return None
        try:
            made = build(chosen, config.device)
        except ModelError as error:
            self.missing.append(Missing(task.replace("-", "_"), error.message, error.remedy))
            return None
        self.models.append(chosen)
        return made

    def makers(self) -> list[Maker]:
        """Who makes more of what an indexing run reads; loads no weights."""
        return [PageMaker(self.late)] if self.late else []

    def figures(self) -> list[FigureSpace]:
        """The space of figures, which the model of pictures serves, where there is one."""
        return [FigureSpace(space) for space in self.spaces if space.name == SCENE]

    def readers(self) -> list[Reader]:
        """The readers of an indexing run; makes nothing ready and loads no weights."""
        found: list[Reader] = [
            build_reader(model, self._config.device, report=self._report) for model in self._reading
        ]
        found += [SoundReader(self.sounds)] if self.sounds else []
        found += [PageLooks(self.looks)] if self.looks else []
        found += self.objects.readers(self._report) if self.objects else []
        return [*found, self.faces.reader(self._report)] if self.faces else found

    def serving(self, stored: Mapping[str, object]) -> list[QueryEncoder]:
        """Who answers queries: while a new model re-embeds the library, the old one still does."""
        found: list[QueryEncoder] = [
            (FilmSpaceEncoder if space.name == SCENE else SpaceEncoder)(
                self._serving(space, stored.get(space.name)),
                query_limits(self._config),
                passwords=self.passwords,
            )
            for space in self.spaces
        ]
        found += [
            SpaceEncoder(self._serving(space, stored.get(name)), name=name)
            for space in self.spaces
            for name in (SPOKEN, DEPICTED)
            if space.name == MEANING
        ]
        found += [
            SpaceEncoder(
                FigureSpace(self._serving(one.scene, stored.get(FIGURE))),
                query_limits(self._config),
                passwords=self.passwords,
            )
            for one in self.figures()
        ]
        if self.sounds:
            found.append(SoundQueries(self._serving_sounds(stored.get(SOUND))))
        if self.objects:
            found.append(self._serving_objects(self.objects, stored.get(OBJECT)).encoder())
        if self.late:
            found.append(LateQueries(self.late))
        if self.looks:
            found.append(PageLookQueries(self.looks))
        if self.faces:
            found.append(
                serving(self.faces, self.installed, stored.get(FACE)).encoder(query_limits(self._config))
            )
        return found

    def reranker(self) -> CrossEncoder | Missing:
        """The model for the best order, or why there is none: only searches that want it need to know."""
        config = self._config
        chosen = choose(RERANK, config.profile, self.installed, config.models.get(RERANK))
        if isinstance(chosen, Missing):
            return chosen
        try:
            return build_reranker(chosen, config.device)
        except ModelError as error:
            return Missing(RERANK, error.message, error.remedy)

    def _serving_sounds(self, stored: object) -> SoundModel:
        assert self.sounds is not None
        for model in self.installed.models:
            if isinstance(stored, Fingerprint) and model.id == stored.model and serves(model, SOUND):
                with suppress(ModelError):
                    older = self._built(model)
                    if older.fingerprint == stored:
                        return older
        return self.sounds

    def _serving_objects(self, current: ObjectModels, stored: object) -> ObjectModels:
        for model in self.installed.models:
            if stored != current.fingerprint and serves(model, OBJECT):
                with suppress(ModelError):
                    older = self._seeing(model)
                    if older and older.fingerprint == stored:
                        return older
        return current

    def _serving(self, space: Space, stored: object) -> Space:
        if not isinstance(stored, Fingerprint) or stored == space.fingerprint:
            return space
        for model in self.installed.models:
            if model.id == stored.model:
                older = self._same(model, stored)
                if older is not None:
                    return older
        return space

    def _same(self, model: InstalledModel, stored: Fingerprint) -> Space | None:
        try:
            made = build_spaces(model, self._config.device)
        except ModelError:
            return None
        return next((space for space in made if space.fingerprint == stored), None)

    def face_thresholds(self, stored: object) -> Thresholds | None:
        """What the cosines of the faces in a library mean; None without the model that made them."""
        found = serving(self.faces, self.installed, stored) if self.faces else None
        return found.thresholds if found and found.fingerprint == stored else None

    def notices(self) -> list[str]:
        """One line per model in use about its terms, and one about a better model if there is one."""
        told = [model.terms for model in self.models if model.terms]
        for task in (*TASKS, *READING_TASKS, SOUND, OBJECT, FACE):
            current = next((model for model in self.models if serves(model, task)), None)
            if current and (entry := better(current, task, self._config.profile)):
                basic = ", a basic model" if current.origin == "package" else ""
                now = f"{_sentence(searching(task))} uses {current.id}{basic}"
                told.append(f"{now}; a better model: {entry.command}  ({_size(entry.bytes_about)})")
        return told


class Searcher:
    """An open library with the engine over it, and whether it is still up to date.

    `report` is told, also by later searches, what has to be made ready first.
    """

    def __init__(self, config: Config, report: Report = silent) -> None:
        self._config = config
        self.library = open_library(config)
        self.equipment = Equipment(config, report)
        self._stamp = self._now()
        reranker = self.equipment.reranker()
        gaps = (*self.equipment.missing, *([reranker] if isinstance(reranker, Missing) else []))
        self.engine = Engine(
            self.library,
            self.equipment.serving(self.library.spaces()),
            {gap.space: gap for gap in gaps},
            None if isinstance(reranker, Missing) else reranker,
            Tags(
                resources.path("tags.txt").read_text(encoding="utf-8").splitlines(),
                KeptVectors(paths.cache_dir(), report),
            ),
            Repairer(),
            tongues(self.equipment.installed),
        )

    def is_current(self) -> bool:
        """Whether the library is still there and its vectors and the installed models are the same."""
        try:
            return self._now() == self._stamp
        except CrossfindError:
            return False

    def _now(self) -> object:
        own = paths.models_dir()
        folders = (own, own / prepare.FOLDER, Path(self._config.models_dir or own))
        changed = tuple(folder.stat().st_mtime_ns if folder.is_dir() else 0 for folder in folders)
        return dict(self.library.spaces()), changed, passwords.remembered(self._config.library_folder)

    def close(self) -> None:
        """Let go of the tables."""
        self.library.close()


def open_library(config: Config) -> Library:
    """Open the library for reading. Raises `LibraryError`."""
    return Library.open(config.library_folder, max(config.page_memory_mb, 0) << 20)


def start_indexing(
    config: Config,
    wishes: IndexWishes,
    cancelled: threading.Event,
    report: Report = silent,
    throttle: Throttle | None = None,
) -> IndexRun:
    """Prepare a run; nothing is read before its events are. Raises `CrossfindError`, `LibraryError`.

    `report` is told when a model has to be made ready first. By `throttle`, which wins over the settings, the
    run can be slowed while it goes on.
    """
    _check_names(wishes.only or frozenset())
    library = Library.create(config.library_folder) if wishes.folders else open_library(config)
    folders = wishes.folders or tuple(Path(root.path) for root in library.roots)
    if not folders:
        raise CrossfindError("No folder was indexed before.", "Name one: crossfind index ~/Pictures")
    equipment = Equipment(config, report)
    options = IndexOptions(
        places=resources.path("places/places.npz"),
        exclude=wishes.exclude,
        only=wishes.only,
        workers=config.workers or None,
        limits=replace(limits_of(config), **wishes.limits),
        passwords=wishes.passwords,
        remembered=equipment.passwords,
        hear_subtitled=config.hear_subtitled,
        retry=wishes.retry,
        throttle=throttle or Throttle(effort_of(config)),
    )
    gaps = [gap for gap in equipment.missing if gap.space not in _unwanted_spaces(library)]
    off = [_off(name) for name in sorted(library.switched_off & (wishes.only or frozenset()))]
    notices = (*equipment.notices(), *map(_gap, gaps), *off)
    return IndexRun(folders, notices, _events(folders, library, equipment, options, cancelled))


def roots_of(config: Config, folders: Iterable[Path]) -> list[Path]:
    """Return which of some folders are indexed as a whole. Raises `LibraryError`."""
    with closing(open_library(config)) as library:
        roots = {root.path for root in library.roots}
    return [folder for folder in folders if str(folder) in roots]


def effort_of(config: Config) -> Effort:
    """Return how hard a run may work by the settings."""
    return Effort(min(max(config.effort, 1), 100) / 100, config.on_power, config.when_idle)


def _check_names(only: frozenset[str]) -> None:
    """Raise `CrossfindError` for a name that is no modality and no kind of file."""
    known = load().names
    if unknown := sorted(only - known):
        near = get_close_matches(unknown[0], known, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        message = f"There is no modality and no kind of file called {unknown[0]}.{meant}"
        raise CrossfindError(message, "crossfind modalities lists them.")


def _unwanted_spaces(library: Library) -> frozenset[str]:
    """Return the spaces that only indexers fill which the library has switched off."""
    on = load().without(library.switched_off).indexers
    filled = {space for indexer in on for space in indexer.spaces}
    return frozenset(space for indexer in load().indexers for space in indexer.spaces) - filled


def _off(name: str) -> str:
    return f"{name} is switched off for this library. Switch it on with: crossfind modalities on {name}"


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def know_people(library: Library, equipment: Equipment, patience_s: float = 0.0) -> Refreshed | None:
    """Bring what is known of people up to date with the faces in a library; see `search.people.refresh`.

    None, and nothing done, while somebody else writes, for longer than `patience_s`, where nobody may write,
    or where faces are switched off. Raises `LibraryError`.
    """
    with suppress(LibraryBusyError, LibraryReadOnlyError):
        if FACES not in library.switched_off:
            return refresh(library, equipment.face_thresholds(library.spaces().get(FACE)), patience_s)
    return None


def _gap(gap: Missing) -> str:
    return f"{_sentence(searching(gap.space))} is left out. {gap.told}"


def _sentence(words: str) -> str:
    """Begin a sentence with these words."""
    return words[:1].upper() + words[1:]


def _events(
    folders: tuple[Path, ...],
    library: Library,
    equipment: Equipment,
    options: IndexOptions,
    cancelled: threading.Event,
) -> Iterator[Event]:
    readers = equipment.readers()
    try:
        makers = equipment.makers()
        spaces = [*equipment.spaces, *equipment.figures()]
        yield from index(folders, library, spaces, options, cancelled, readers, makers)
        if not cancelled.is_set():
            know_people(library, equipment, PATIENCE_S)
    finally:
        servers: list[Space | Reader] = [*equipment.spaces, *readers]
        for server in servers:
            server.close()
        if equipment.late:
            equipment.late.close()
        library.close()
