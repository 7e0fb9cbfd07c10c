"""From an installed model to the one that gives the words of pages their vectors."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.late_text import LateText


def build_late_text(model: InstalledModel, device: str = "auto") -> LateText:
    """Return the model; cheap, its weights are loaded when first used.

    Raises `ModelError` for files that are amiss and for facts that make no sense.
    """
    model = ready(model)
    require_whole(model.manifest, model.folder)
    return LateText(model.folder, model.manifest.facts, model.manifest.revision, device=device)
