"""Which models are there, and which of them serves a task."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import paths
from app.config import Profile
from app.models import manifest
from app.models.catalogue import Entry, shipped
from app.models.manifest import Manifest
from search.errors import ModelError
from search.records import Missing

Origin = Literal["given", "own"]
"""`given`: a folder named by --models-dir or CROSSFIND_MODELS; `own`: the person's models folder."""

ENGINES: Mapping[str, tuple[str, ...]] = {"scene": ("open-clip", "onnx-dual-encoder")}
"""The engines that can serve a task."""

_BEST_FIRST: tuple[Profile, ...] = ("best", "balanced", "fast")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model folder that can be used."""

    manifest: Manifest
    folder: Path
    origin: Origin

    @property
    def id(self) -> str:
        """The model's id."""
        return self.manifest.id

    @property
    def terms(self) -> str | None:
        """A sentence when the licence restricts use, else None."""
        if self.manifest.commercial_use is not False:
            return None
        return f"The model {self.id} is not for commercial use: {self.manifest.licence}"


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A model folder that cannot be used, and why."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Installed:
    """Everything found, in the order in which it is looked for; the first of two with one id counts."""

    models: tuple[InstalledModel, ...] = ()
    broken: tuple[BrokenModel, ...] = ()

    def get(self, id_: str) -> InstalledModel | None:
        """Return the model with this id, however it is capitalised."""
        return next((model for model in self.models if model.id.lower() == id_.lower()), None)


def installed(given: str = "", own: Path | None = None) -> Installed:
    """Look through the given folder and the person's own. Reads only manifests; never raises."""
    models: dict[str, InstalledModel] = {}
    broken: list[BrokenModel] = []
    for folder, origin in _folders(given, own or paths.models_dir()):
        try:
            found = manifest.read(folder)
        except ModelError as error:
            broken.append(BrokenModel(folder, str(error)))
        else:
            models.setdefault(found.id.lower(), InstalledModel(found, folder, origin))
    return Installed(tuple(models.values()), tuple(broken))


def _folders(given: str, own: Path) -> Iterator[tuple[Path, Origin]]:
    if given:
        named = Path(given).expanduser()
        if (named / manifest.NAME).is_file():
            yield named, "given"
        yield from ((folder, "given") for folder in _with_manifest(named))
    yield from ((folder, "own") for folder in _with_manifest(own))


def _with_manifest(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
        return [item for item in inside if not item.name.startswith(".") and (item / manifest.NAME).is_file()]
    except OSError:  # no such folder, or one that this user may not enter: nothing is installed there
        return []


def choose(
    task: str,
    profile: Profile,
    models: Installed,
    wanted: str | None = None,
    catalogue: Sequence[Entry] | None = None,
) -> InstalledModel | Missing:
    """Return the model that serves a task, or what is missing and the command that gets it.

    A model that the settings name is used or reported; else the profile's if it is there, else the
    best there is: catalogue models by quality, then others as they were found.
    """
    entries = [entry for entry in (shipped() if catalogue is None else catalogue) if entry.task == task]
    if wanted:
        return _named(task, models, wanted, entries)
    able = [
        m for m in models.models if m.manifest.task == task and m.manifest.engine in ENGINES.get(task, ())
    ]
    quality = {entry.id: _quality(entry.profile, profile) for entry in entries}
    able.sort(key=lambda model: quality.get(model.id, len(_BEST_FIRST) + 1))
    if able:
        return able[0]
    entry = next((entry for entry in entries if entry.profile == profile), None)
    if entry is None:
        return Missing(task, f"no model for {task} search is installed", "crossfind models list")
    return Missing(task, f"the model {entry.id} is not installed", entry.command)


def better(current: InstalledModel | None, task: str, profile: Profile) -> Entry | None:
    """Return the profile's catalogue model when another one, or none, serves the task now."""
    entry = next((e for e in shipped() if e.task == task and e.profile == profile), None)
    return None if entry is None or (current is not None and current.id == entry.id) else entry


def _quality(profile: Profile | None, asked: Profile) -> int:
    """Where a catalogue model stands in line, first is 0."""
    if profile is None:
        return len(_BEST_FIRST)
    return 0 if profile == asked else 1 + _BEST_FIRST.index(profile)


def _named(task: str, models: Installed, wanted: str, entries: Sequence[Entry]) -> InstalledModel | Missing:
    model = models.get(wanted)
    if model is None:
        entry = next((entry for entry in entries if entry.id.lower() == wanted.lower()), None)
        remedy = entry.command if entry else "crossfind models list"
        return Missing(task, f"the model {wanted}, which the settings name, is not installed", remedy)
    if model.manifest.task != task or model.manifest.engine not in ENGINES.get(task, ()):
        reason = f"the model {wanted}, which the settings name, cannot do {task} search"
        return Missing(task, reason, "crossfind models list")
    return model


def remove(model: InstalledModel) -> None:
    """Delete a model from the person's own folder. Raises `ModelError` for models from elsewhere."""
    if model.origin != "own":
        message = f"{model.id} lies in {model.folder}, which is not your own models folder."
        raise ModelError(message, "Delete it there yourself if you mean it.")
    try:
        if model.folder.is_symlink():
            model.folder.unlink()
        else:
            shutil.rmtree(model.folder)
    except OSError as error:
        raise ModelError(
            f"{model.folder} cannot be removed: {error}.", "Close what still uses it."
        ) from error
