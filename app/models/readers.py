"""From an installed model to the reader it makes: one that finds sentences in sound, say."""

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers.ocr_reader import OcrReader
from indexers.rapid_ocr import RapidOcr
from indexers.reader import Reader
from indexers.speech_reader import SpeechReader
from indexers.text_lines import LineFinder
from indexers.transcript import Transcriber
from indexers.whisper_speech import WhisperSpeech
from search.errors import ModelError
from search.reporting import Report, silent


def build_reader(
    model: InstalledModel, device: str = "auto", threads: int = 0, report: Report = silent
) -> Reader:
    """Return the reader of a model. Nothing is loaded, or made ready, before there is something to read.

    What is wrong with the model is then raised by `read`. `report` is told when it is made ready.
    """

    def hearing() -> Transcriber:
        return transcriber(model, device, threads, report)

    match model.manifest.task:
        case "ocr":
            return OcrReader(lambda: line_finder(model, threads, report), model.id, model.manifest.revision)
        case _:
            return SpeechReader(hearing, model.id, model.manifest.revision)


def transcriber(
    model: InstalledModel, device: str = "auto", threads: int = 0, report: Report = silent
) -> WhisperSpeech:
    """Return what writes down speech. Raises `ModelError`."""
    whole = ready(model, report)
    require_whole(whole.manifest, whole.folder)
    if whole.manifest.engine != "faster-whisper":
        raise _unknown(whole)
    return WhisperSpeech(whole.folder, whole.manifest.facts, device=device, threads=threads)


def line_finder(model: InstalledModel, threads: int = 0, report: Report = silent) -> LineFinder:
    """Return what reads text in pictures. Raises `ModelError`."""
    whole = ready(model, report)
    require_whole(whole.manifest, whole.folder)
    if whole.manifest.engine != "rapidocr":
        raise _unknown(whole)
    return RapidOcr(whole.folder, whole.manifest.facts, threads=threads)


def _unknown(model: InstalledModel) -> ModelError:
    message = f"This version of Crossfind cannot run {model.id} (engine {model.manifest.engine})."
    return ModelError(message, "Update Crossfind, or choose another model.")
