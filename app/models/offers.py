"""What there is to choose from for each task: every model that is there or can be had."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from app import launch, paths
from app.config import Config
from app.models.catalogue import Entry, shipped
from app.models.choice import choose, task_of
from app.models.incoming import begun_bytes
from app.models.installed import Installed, InstalledModel, installed
from app.models.recipe import PackageSource
from indexers import projection

State = Literal["ready", "to be made", "available", "in a package", "cannot run"]

TASKS = (
    *("scene", "meaning", "ocr", "speech", "sound", "object", "face", "face-detect", "rerank"),
    *("page", "page-look"),
)
"""In the order in which they are shown."""

_RUN_BY = {
    "open-clip": ("open_clip", "torch"),
    "owlv2": ("transformers", "torch"),
    "clap": ("transformers", "torch"),
    "cross-encoder": ("torch",),
    "col-vision": ("transformers", "torch"),
    "faster-whisper": ("faster_whisper",),
    "dlib": ("_dlib_pybind11",),
    "rapidocr": ("rapidocr",),
}
"""Engines that need a library which is an extra, or is left out of the packaged program."""

_GET = {
    "transformers": 'pip install "crossfind[transformers]"',
    "faster_whisper": 'pip install "crossfind[speech]"',
    "_dlib_pybind11": 'pip install "crossfind[starter]"',
    "rapidocr": 'pip install "crossfind[starter]"',
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One model; `how` is what a person can do where the program cannot. `bytes` is its size or that of its
    download. Of each task at most one is `used`; `wished` is what the profile names.
    `begun`: so many bytes of it are there, from a download that was interrupted. `dim`: so many numbers its
    vectors of pages have, where they can be made fewer (`app.models.reducing`), else 0."""

    id: str
    task: str
    description: str
    licence: str
    state: State
    bytes: int
    commercial_use: bool | None
    training: str
    how: str
    removable: bool
    used: bool
    wished: bool
    begun: int = 0
    dim: int = 0


def offers(config: Config) -> tuple[Offer, ...]:
    """Return the catalogue and what else is installed, by task. Reads manifests only."""
    there = installed(config.models_dir)
    used = {_used(task, config, there) for task in TASKS}
    found = [*_of_catalogue(config, there, used), *_others(there, used)]
    return tuple(sorted(found, key=lambda offer: (_place(offer.task), not offer.used, not offer.wished)))


def lacking(engine: str) -> str:
    """Say what runs an engine and is not installed, and how to get it; "" where all is there."""
    missing = [name for name in _RUN_BY.get(engine, ()) if find_spec(name) is None]
    if not missing:
        return ""
    name = missing[0].removeprefix("_").removesuffix("_pybind11")
    if launch.is_packaged():
        return f"it needs {name}, which this program does not bring; Crossfind installed with pip runs it."
    return f"it needs {name}, which is not installed. " + _GET.get(
        missing[0], "Install Crossfind with pip to use it."
    )


def reducible(model: InstalledModel | None) -> int:
    """Return how many numbers a model's vectors of pages have, where they can be made fewer; else 0."""
    if model is None or model.origin == "package" or projection.FILE in model.manifest.files:
        return 0
    dim = model.manifest.raw.get("dim")  # what is wrong with it is said when the model is used
    return dim if task_of(model) in ("page", "page-look") and isinstance(dim, int) else 0


def _used(task: str, config: Config, there: Installed) -> str:
    chosen = choose(task, config.profile, there, config.models.get(task))
    return chosen.id if isinstance(chosen, InstalledModel) else ""


def _of_catalogue(config: Config, there: Installed, used: set[str]) -> Iterator[Offer]:
    for entry in shipped():
        model = there.get(entry.id)
        state, how = _state(entry, model)
        yield Offer(
            entry.id,
            entry.task,
            entry.description,
            entry.licence,
            state,
            model.bytes if model else entry.bytes_about,
            entry.commercial_use,
            entry.training,
            how,
            bool(model and model.origin == "own"),
            entry.id in used,
            entry.profile == config.profile,
            begun_bytes(paths.models_dir(), entry.id) if state == "available" else 0,
            reducible(model),
        )


def _state(entry: Entry, model: InstalledModel | None) -> tuple[State, str]:
    if gap := lacking(entry.engine):
        return "cannot run", gap
    if model:
        return ("to be made" if model.unmade else "ready"), ""
    if isinstance(entry.source, PackageSource):
        return "in a package", entry.command
    return "available", ""


def _others(there: Installed, used: set[str]) -> Iterator[Offer]:
    known = {entry.id.lower() for entry in shipped()}
    for model in there.models:
        facts = model.manifest
        if model.id.lower() not in known:
            gap = lacking(facts.engine)
            yield Offer(
                model.id,
                task_of(model),
                facts.description,
                facts.licence,
                "cannot run" if gap else "ready",
                model.bytes,
                facts.commercial_use,
                facts.training,
                gap,
                model.origin == "own",
                model.id in used,
                False,
                dim=reducible(model),
            )


def _place(task: str) -> tuple[int, str]:
    return (TASKS.index(task) if task in TASKS else len(TASKS), task)
