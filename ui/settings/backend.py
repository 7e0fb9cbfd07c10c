"""What the settings ask of the program: what is chosen, what the library holds, which models there are.

All but `preferences`, `preferences_problem` and `model_command` may take their time and are called off the
GUI thread. A `CrossfindError` is shown as it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from search.records import MediaKind

Profile = Literal["fast", "balanced", "best"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """All that may stand in the settings file, each field as `app.config.Config` describes it."""

    library: str = ""
    profile: Profile = "balanced"
    models: Mapping[str, str] = field(default_factory=dict)
    models_dir: str = ""
    device: str = "auto"
    workers: int = 0
    exclude: tuple[str, ...] = ()
    service: bool = True
    service_idle_s: int = 600
    page_memory_mb: int = 512
    effort: int = 100
    on_power: bool = False
    when_idle: bool = False
    hear_subtitled: bool = False
    max_megapixels: int = 200
    max_text_mb: int = 20
    time_limit: int = 60
    memory_limit: int = 2048


@dataclass(frozen=True, slots=True)
class FolderRules:
    """An indexed folder, and the patterns of what is left out in it (as in `.gitignore`)."""

    path: Path
    excludes: tuple[str, ...] = ()
    present: bool = True


@dataclass(frozen=True, slots=True)
class Learnable:
    """Something that is learned from files of some kinds, unless it is off."""

    name: str
    on: bool
    reads: tuple[MediaKind, ...]


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """Where the library lies, how large it is, and all that is chosen for it. `faces` counts those found,
    `passwords` those of locked PDFs that are remembered."""

    folder: Path
    bytes: int = 0
    folders: tuple[FolderRules, ...] = ()
    learned: tuple[Learnable, ...] = ()
    faces: int = 0
    passwords: int = 0


ModelState = Literal["ready", "to be made", "available", "in a package", "cannot run"]
"""`to be made`: on first use, of installed packages; `in a package`: `how` installs it; `cannot run`: this
installation lacks what runs it, see `how`."""


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model that is there or can be had. `commercial_use` None: its licence does not say; `bytes` is its
    size or that of its download; `removable`: its files lie in the person's own models folder; `used`: it
    serves its task now; `wished`: it is what the profile wants for its task; `begun`: so many bytes are
    there, and getting it goes on from them; `dim`: so many numbers its vectors of pages have, where they can
    be made fewer, else 0."""

    id: str
    task: str
    description: str
    licence: str
    state: ModelState
    bytes: int = 0
    commercial_use: bool | None = None
    training: str = ""
    how: str = ""
    removable: bool = False
    used: bool = False
    wished: bool = False
    begun: int = 0
    dim: int = 0


@dataclass(frozen=True, slots=True)
class Reduced:
    """A model that was made smaller: what share of the room pages take with it, and what share of what their
    vectors say is left."""

    id: str
    room: float
    kept: float


Ailment = Literal[
    "unfinished batch", "missing table", "unreadable table", "unnamed table", "duplicate", "orphan",
    "unfinished", "bad vector", "missing index", "index behind", "thumbnail",
]  # fmt: skip
"""What may be wrong with a library, as `search.store.check` names it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a library; `detail` says it to who knows its insides. `mends`: it is mended with
    nothing lost."""

    kind: Ailment
    detail: str
    mends: bool


@dataclass(frozen=True, slots=True)
class Health:
    """What is wrong with a library, of how many files that are gone it still knows something, how many
    pictures it keeps of such, and about how many bytes it takes for nothing."""

    findings: tuple[Finding, ...] = ()
    gone: int = 0
    pictures: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Tended:
    """What was mended and tidied up, what could not be, and how many bytes are free now."""

    mended: tuple[Finding, ...] = ()
    left: tuple[Finding, ...] = ()
    gone: int = 0
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Component:
    """A library or model that Crossfind is made of, and its licence."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True, slots=True)
class About:
    """The program, what it is made of, and the models that are there."""

    version: str
    components: tuple[Component, ...] = ()
    settings_file: Path | None = None
    log_folder: Path | None = None


class SettingsBackend(Protocol):
    """The settings behind the window."""

    def preferences(self) -> Preferences:
        """Return what is in use now. Quick."""

    def preferences_problem(self) -> str:
        """Say why the settings file could not be read when the program started; "" where it could. Quick."""

    def mend_preferences(self) -> Path:
        """Write a settings file that can be read, and use it; return where the broken one is kept."""

    def save_preferences(self, changes: Mapping[str, Any]) -> Preferences:
        """Change some fields of `Preferences`, at once and in the file; return what is in use then."""

    def library_facts(self) -> LibraryFacts:
        """Say what is chosen for the library; one that is not there yet has no folders."""

    def set_excludes(self, folder: Path, patterns: Sequence[str]) -> None:
        """Choose what is left out in an indexed folder, from the next run on."""

    def forget_folder(self, folder: Path) -> int:
        """Take a folder out of the library, and its files; return how many those were."""

    def switch_learning(self, name: str, on: bool) -> None:
        """Learn something from the next run on, or leave it out."""

    def delete_learned(self, names: Sequence[str]) -> int:
        """Delete for good what was learned, but what others need, too; return how many pieces that were."""

    def forget_passwords(self) -> None:
        """Forget the passwords of locked PDFs; what was read with them stays findable."""

    def look_after(self) -> Health:
        """Go through all of the library and say how it is; changes nothing, may take minutes."""

    def tend(self) -> Tended:
        """Mend what loses nothing by it, and forget what belongs to no file any more; may take minutes."""

    def models(self) -> tuple[ModelOffer, ...]:
        """Return every model, those of one task together."""

    def remove_model(self, id_: str) -> None:
        """Delete a model that is `removable`, and choose it no more."""

    def reduce_model(self, id_: str, dims: int) -> Reduced:
        """Make of a model with a `dim` one whose vectors have `dims` numbers, fitted to the library's pages,
        and choose it; takes minutes."""

    def model_command(self, id_: str) -> Sequence[str]:
        """Return program and arguments of a process that gets a model. Quick.

        It writes `{"file": name, "done": bytes, "total": bytes or null}` in lines to standard output, says
        what went wrong on standard error, and leaves with 0 when the model is there. When its standard input
        is closed, or when it is killed, what is there is kept, and the next process goes on with it.
        """

    def about(self) -> About:
        """Say what the program is made of."""
