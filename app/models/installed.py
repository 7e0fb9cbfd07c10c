"""Which models are there, and which of them serves a task."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import paths
from app.config import Profile
from app.models import manifest, packaged, prepare
from app.models.catalogue import Entry, shipped
from app.models.manifest import Manifest
from app.models.recipe import PackageSource
from search.errors import ModelError
from search.records import Missing

Origin = Literal["given", "own", "package"]
"""`given`: a folder named by --models-dir or CROSSFIND_MODELS; `own`: the person's models folder;
`package`: made of files that installed packages carry."""

ENGINES: Mapping[str, tuple[str, ...]] = {"scene": ("open-clip", "onnx-dual-encoder", "starter")}
"""The engines that can serve a task."""

_BEST_FIRST: tuple[Profile, ...] = ("best", "balanced", "fast")


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model that can be used. `unmade` is what its folder is yet to be made from (see `ready`)."""

    manifest: Manifest
    folder: Path
    origin: Origin
    unmade: Entry | None = None

    @property
    def id(self) -> str:
        """The model's id."""
        return self.manifest.id

    @property
    def bytes(self) -> int:
        """The size of all files, about, where they are yet to be made."""
        return self.unmade.bytes_about if self.unmade else self.manifest.bytes

    @property
    def packages(self) -> Mapping[str, str]:
        """The packages that carry it, with their versions; none for other models."""
        found = self.manifest.facts.table("source").table("packages").values
        return found if self.origin == "package" else {}

    @property
    def terms(self) -> str | None:
        """A sentence when the licence restricts use, else None."""
        if self.manifest.commercial_use is not False:
            return None
        why = self.manifest.training or self.manifest.licence
        return f"The model {self.id} is not for commercial use: {why}"


@dataclass(frozen=True, slots=True)
class BrokenModel:
    """A model that cannot be used, and why; for one of packages, also its id, its task and the way out."""

    folder: Path
    reason: str
    id: str = ""
    task: str = ""
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """Everything found, in the order in which it is looked for; the first of two with one id counts."""

    models: tuple[InstalledModel, ...] = ()
    broken: tuple[BrokenModel, ...] = ()

    def get(self, id_: str) -> InstalledModel | None:
        """Return the model with this id, however it is capitalised."""
        return next((model for model in self.models if model.id.lower() == id_.lower()), None)


def installed(
    given: str = "", own: Path | None = None, catalogue: Sequence[Entry] | None = None
) -> Installed:
    """Look through the given folder, the person's own, and the installed packages.

    Reads only manifests and sizes; never raises.
    """
    own = own or paths.models_dir()
    models: dict[str, InstalledModel] = {}
    broken: list[BrokenModel] = []
    for found in (
        *_in_folders(given, own),
        *_in_packages(own, shipped() if catalogue is None else catalogue),
    ):
        if isinstance(found, BrokenModel):
            broken.append(found)
        else:
            models.setdefault(found.id.lower(), found)
    return Installed((*models.values(), *_older(own, models)), tuple(broken))


def _in_folders(given: str, own: Path) -> Iterator[InstalledModel | BrokenModel]:
    for folder, origin in _folders(given, own):
        try:
            yield InstalledModel(manifest.read(folder), folder, origin)
        except ModelError as error:
            yield BrokenModel(folder, str(error))


def _in_packages(own: Path, entries: Sequence[Entry]) -> Iterator[InstalledModel | BrokenModel]:
    for entry in entries:
        if not isinstance(entry.source, PackageSource) or packaged.switched_off():
            continue
        folder = prepare.folder_of(entry, entry.source, own)
        if made := prepare.whole(folder):
            yield InstalledModel(made, folder, "package")
            continue
        try:
            if packaged.find(entry.id, entry.source) is not None:
                planned = manifest.parse(prepare.planned(entry, entry.source), entry.id, planned=True)
                yield InstalledModel(planned, folder, "package", entry)
        except ModelError as error:
            yield BrokenModel(folder, error.message, entry.id, entry.task, error.remedy)


def _older(own: Path, models: Mapping[str, InstalledModel]) -> Iterator[InstalledModel]:
    """What another version of Crossfind made of packages: a library may still hold its vectors."""
    known = {model.folder for model in models.values()}
    for folder in () if packaged.switched_off() else _with_manifest(own / prepare.FOLDER):
        if folder not in known and (made := prepare.whole(folder)):
            yield InstalledModel(made, folder, "package")


def ready(model: InstalledModel, report: prepare.Report = prepare.silent) -> InstalledModel:
    """Return the model with its folder made, a few seconds the first time. Raises `ModelError`."""
    if model.unmade is None or not isinstance(model.unmade.source, PackageSource):
        return model
    made, folder = prepare.prepare(model.unmade, model.unmade.source, model.folder.parents[1], report)
    return InstalledModel(made, folder, "package")


def check_packages(model: InstalledModel) -> Iterator[str]:
    """Yield a sentence when the packages that a model is yet to be made of are not what they should be."""
    if model.unmade and isinstance(model.unmade.source, PackageSource):
        try:
            packaged.checked(model.id, model.unmade.source)
        except ModelError as error:
            yield str(error)


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
    best there is: catalogue models by quality, then others as they were found, then what packages carry.
    """
    entries = [entry for entry in (shipped() if catalogue is None else catalogue) if entry.task == task]
    if wanted:
        return _named(task, models, wanted, entries)
    able = [
        m for m in models.models if m.manifest.task == task and m.manifest.engine in ENGINES.get(task, ())
    ]
    quality = {entry.id: _quality(entry.profile, profile) for entry in entries}
    able.sort(key=lambda m: (m.origin == "package", quality.get(m.id, len(_BEST_FIRST) + 1)))
    return able[0] if able else _nothing(task, profile, models, entries)


def _nothing(task: str, profile: Profile, models: Installed, entries: Sequence[Entry]) -> Missing:
    """Say why no model serves a task, and every command that would get one, the simplest first."""
    if bad := next((bad for bad in models.broken if bad.task == task), None):
        return Missing(task, bad.reason.rstrip("."), bad.remedy)
    offered = [e for e in entries if isinstance(e.source, PackageSource) or e.profile == profile]
    offered.sort(key=lambda entry: not isinstance(entry.source, PackageSource))
    remedy = " or ".join(entry.command for entry in offered) or "crossfind models list"
    return Missing(task, f"no model for {task} search is installed", remedy)


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
        if bad := next((bad for bad in models.broken if bad.id.lower() == wanted.lower()), None):
            return Missing(task, bad.reason.rstrip("."), bad.remedy)
        entry = next((entry for entry in entries if entry.id.lower() == wanted.lower()), None)
        remedy = entry.command if entry else "crossfind models list"
        return Missing(task, f"the model {wanted}, which the settings name, is not installed", remedy)
    if model.manifest.task != task or model.manifest.engine not in ENGINES.get(task, ()):
        reason = f"the model {wanted}, which the settings name, cannot do {task} search"
        return Missing(task, reason, "crossfind models list")
    return model


def remove(model: InstalledModel) -> None:
    """Delete a model from the person's own folder, or everything that was made of packages for it.

    Raises `ModelError` for models from elsewhere.
    """
    if model.origin == "package":
        for folder in model.folder.parent.glob(f"{model.id}-????????"):
            _delete(folder)
    elif model.origin == "own":
        _delete(model.folder)
    else:
        message = f"{model.id} lies in {model.folder}, which is not your own models folder."
        raise ModelError(message, "Delete it there yourself if you mean it.")


def _delete(folder: Path) -> None:
    try:
        if folder.is_symlink():
            folder.unlink()
        else:
            shutil.rmtree(folder)
    except OSError as error:
        raise ModelError(f"{folder} cannot be removed: {error}.", "Close what still uses it.") from error
