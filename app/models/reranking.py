"""From an installed model to the one that puts the best hits into their final order."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.cross_encoder import CrossEncoder

RERANK = "rerank"
"""The task. Its models are used where the best quality is asked for."""

GRAPH, WEIGHTS = "cross-encoder-onnx", "cross-encoder"
"""The engines."""


def build_reranker(model: InstalledModel, device: str = "auto") -> CrossEncoder:
    """Return a model that compares texts with a question; cheap, its weights are loaded when first used.

    Raises `ModelError` for files that are amiss and for facts that make no sense.
    """
    model = ready(model)
    require_whole(model.manifest, model.folder)
    is_graph = model.manifest.engine == GRAPH
    return CrossEncoder(model.folder, model.manifest.facts, is_graph=is_graph, device=device)
