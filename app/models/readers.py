"""From an installed model to the reader it makes: one that finds sentences in sound, say."""

from app.models.installed import InstalledModel, ready
from app.models.prepare import Report, silent
from app.models.verify import require_whole
from indexers.reader import Reader
from indexers.speech_reader import SpeechReader
from indexers.transcript import Transcriber
from indexers.whisper_speech import WhisperSpeech
from search.errors import ModelError


def build_reader(
    model: InstalledModel, device: str = "auto", threads: int = 0, report: Report = silent
) -> Reader:
    """Return the reader of a speech model. Nothing is loaded, or made ready, before there is sound to read.

    What is wrong with the model is then raised by `read`. `report` is told when it is made ready.
    """

    def load() -> Transcriber:
        made = ready(model, report)
        require_whole(made.manifest, made.folder)
        match made.manifest.engine:
            case "faster-whisper":
                return WhisperSpeech(made.folder, made.manifest.facts, device=device, threads=threads)
            case engine:
                message = f"This version of Crossfind cannot run {made.id} (engine {engine})."
                raise ModelError(message, "Update Crossfind, or choose another model.")

    return SpeechReader(load, model.id, model.manifest.revision)
