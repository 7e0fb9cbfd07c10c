"""From an installed model to the one that serves the space of sounds."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.clap import Clap
from indexers.clap_onnx import OnnxTowers
from indexers.clap_transformers import TransformersTowers
from indexers.sound_classes import Encode
from indexers.sound_model import SoundModel
from indexers.yamnet import Yamnet
from search.errors import ModelError
from search.kept_vectors import NOT_KEPT, KeptVectors
from search.reporting import Report, silent


def build_sounds(
    model: InstalledModel,
    device: str = "auto",
    encode: Encode | None = None,
    kept: KeptVectors = NOT_KEPT,
    report: Report = silent,
) -> SoundModel:
    """Return a model that hears; cheap, its weights are loaded when first used. Raises `ModelError`.

    `encode` is the meaning of texts, for models that know only the names of sounds, `kept` keeps what
    they make of it. `report` is told when the model has to be made ready.
    """
    model = ready(model, report)
    require_whole(model.manifest, model.folder)
    facts, revision = model.manifest.facts, model.manifest.revision
    match model.manifest.engine:
        case "onnx-yamnet":
            return Yamnet(model.folder, facts, revision, encode=encode, kept=kept, device=device)
        case "clap":
            return Clap(facts, revision, TransformersTowers(model.folder, facts, device=device))
        case "onnx-clap":
            return Clap(facts, revision, OnnxTowers(model.folder, facts, device=device))
        case engine:
            message = f"This version of Crossfind cannot run {model.id} (engine {engine})."
            raise ModelError(message, "Update Crossfind, or choose another model.")
