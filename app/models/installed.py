"""Which models are there."""

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from app import paths
from app.models import manifest, packaged, prepare
from app.models.catalogue import Entry, shipped
from app.models.manifest import Manifest
from app.models.recipe import PackageSource
from search.errors import ModelError
from search.reporting import Report, silent

Origin = Literal["given", "own", "package"]
"""`given`: a folder named by --models-dir or CROSSFIND_MODELS; `own`: the person's models folder;
`package`: made of files that installed packages carry."""


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
    for folder, origin in (*_folders(given, own), *_bundled()):
        try:
            yield InstalledModel(manifest.read(folder), folder, origin)
        except ModelError as error:
            yield BrokenModel(folder, str(error))


def _in_packages(own: Path, entries: Sequence[Entry]) -> Iterator[InstalledModel | BrokenModel]:
    for entry in entries:
        if not isinstance(entry.source, PackageSource) or packaged.switched_off():
            continue
        folder = prepare.folder_of(entry, entry.source, own)
        if made := prepare.made(entry, entry.source, own):
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


def ready(model: InstalledModel, report: Report = silent) -> InstalledModel:
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


def _bundled() -> Iterator[tuple[Path, Origin]]:
    """The models that a packaged program brings along, ready-made."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle and not packaged.switched_off():
        yield from ((folder, "package") for folder in _with_manifest(Path(bundle) / "models"))


def _with_manifest(folder: Path) -> list[Path]:
    try:
        inside = sorted(folder.iterdir())
        return [item for item in inside if not item.name.startswith(".") and (item / manifest.NAME).is_file()]
    except OSError:  # no such folder, or one that this user may not enter: nothing is installed there
        return []


def find(there: Installed, id_: str) -> InstalledModel:
    """Return an installed model by its id. Raises `ModelError` that names those there are."""
    if model := there.get(id_):
        return model
    if bad := next((bad for bad in there.broken if bad.id.lower() == id_.lower()), None):
        raise ModelError(bad.reason, bad.remedy)
    known = ", ".join(model.id for model in there.models) or "none"
    raise ModelError(f"No model {id_!r} is installed.", f"Installed: {known}.")


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
