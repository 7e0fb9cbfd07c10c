"""From an installed model to the one that gives pages their vectors: by their words, or by how they look."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.col_vision import ColVision
from indexers.late_text import LateText


def build_late_text(model: InstalledModel, device: str = "auto") -> LateText:
    """Return the model; cheap, its weights are loaded when first used.

    Raises `ModelError` for files that are amiss and for facts that make no sense.
    """
    model = ready(model)
    require_whole(model.manifest, model.folder)
    return LateText(model.folder, model.manifest.facts, model.manifest.revision, device=device)


def build_page_looks(model: InstalledModel, device: str = "auto") -> ColVision:
    """Return the model that sees pages; cheap, its weights are loaded when first used.

    Raises `ModelError` for files that are amiss and for facts that make no sense.
    """
    require_whole(model.manifest, model.folder)
    return ColVision(model.folder, model.manifest.facts, model.manifest.revision, device=device)
