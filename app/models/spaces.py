"""From an installed model to the spaces it makes."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.onnx_space import OnnxSpace
from indexers.open_clip_space import OpenClipSpace
from indexers.sentences import SentenceSpace
from indexers.starter_space import starter_spaces
from search.errors import ModelError
from search.reporting import Report, silent
from search.spaces import Space


def build_spaces(
    model: InstalledModel, device: str = "auto", threads: int = 0, report: Report = silent
) -> list[Space]:
    """Return the spaces of a model; cheap, their weights are loaded when first used.

    But a model that a package carries is made ready first, if it is not yet; `report` is told.

    Raises `ModelError` when a file is missing or has another size than it should, when the manifest
    makes no sense to its engine, or when there is no such engine.
    """
    model = ready(model, report)
    require_whole(model.manifest, model.folder)
    facts, revision, task = model.manifest.facts, model.manifest.revision, model.manifest.task
    match model.manifest.engine:
        case "open-clip":
            return [OpenClipSpace(model.folder, facts, revision, device=device, name=task)]
        case "onnx-dual-encoder":
            return [OnnxSpace(model.folder, facts, revision, device=device, threads=threads, name=task)]
        case "starter":
            return starter_spaces(model.folder, facts, revision, device=device, threads=threads)
        case "sentence-onnx":
            return [SentenceSpace(model.folder, facts, revision, device=device, threads=threads, name=task)]
        case engine:
            message = f"This version of Crossfind cannot run {model.id} (engine {engine})."
            raise ModelError(message, "Update Crossfind, or choose another model.")
