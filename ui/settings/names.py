"""The words of the settings: what is learned, what models are for, sizes, licences."""

from collections.abc import Mapping

from ui.settings.backend import ModelOffer

LEARNED: Mapping[str, tuple[str, str]] = {
    "pictures": ("What pictures show", "Finds pictures by what is in them, and pictures like another one."),
    "documents": ("What pages say", "Finds pages of documents by their words, their meaning and their look."),
    "texts": ("What documents say", "Reads texts, Office documents, web pages, e-books and mail."),
    "archives": (
        "What archives hold",
        "Lists what is in ZIP and tar files; reads the documents in them.",
    ),
    "code": ("Source code and data files", "Programs, logs, JSON and the like, by their words only."),
    "videos": ("What films show", "Finds the moment of a film that shows it."),
    "ocr": ("Text in pictures", "Reads signs, screenshots and scanned pages."),
    "objects": ("Things in pictures", "Finds things, and frames them."),
    "speech": ("What is said", "Writes down speech in films and recordings."),
    "sound": ("Sounds", "Finds barking, music, rain and the like."),
    "metadata": ("What files say", "Date, place, camera, tags, stars."),
    "faces": ("Faces", "Finds people and groups them; you give the names."),
    "pages": ("How pages look", "Finds charts, tables and forms on pages; wants a model of its own."),
}
"""What an indexer learns: its name in the window, and a sentence."""

TASKS: Mapping[str, str] = {
    "scene": "What pictures show",
    "meaning": "What text means",
    "ocr": "Text in pictures",
    "speech": "What is said",
    "sound": "Sounds",
    "object": "Things in pictures",
    "face": "Faces",
    "face-detect": "Small faces",
    "rerank": "The best order",
    "page": "What pages answer",
    "page-look": "How pages look",
}
"""What a model is for."""

NETWORK = (
    "Crossfind never goes online by itself. Getting a model is the one thing that does, "
    "and only when you click on it."
)

_STATES = {
    "ready": "ready",
    "to be made": "ready on first use",
    "available": "can be got",
    "in a package": "by command",
    "cannot run": "does not run here",
}


def learned_name(name: str) -> str:
    """Say what an indexer learns; one that the window has never heard of keeps its own name."""
    return LEARNED.get(name, (name.capitalize(), ""))[0]


def task_name(task: str) -> str:
    """Say what a model is for."""
    return TASKS.get(task, task.replace("-", " ").capitalize())


def size(count: int) -> str:
    """Say a number of bytes as shops do."""
    if count < 1_000_000:
        return f"{max(count, 0) / 1000:.0f} kB"
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def state_name(offer: ModelOffer) -> str:
    """Say whether a model is there, and whether it is the one that works."""
    return "in use" if offer.used and offer.state != "cannot run" else _STATES[offer.state]


def terms(offer: ModelOffer) -> str:
    """Say the licence, and what it forbids."""
    return f"{offer.licence}, not for commercial use" if offer.commercial_use is False else offer.licence
