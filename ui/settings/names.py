"""The words of the settings: what is learned, what models are for, sizes, licences."""

from collections.abc import Mapping

from ui.language import mark, number, tr
from ui.saying import said
from ui.settings.backend import ModelOffer

LEARNED: Mapping[str, tuple[str, str]] = {
    "pictures": (
        mark("What pictures show"),
        mark("Finds pictures by what is in them, and pictures like another one."),
    ),
    "documents": (
        mark("What pages say"),
        mark("Finds pages of documents by their words, their meaning and their look."),
    ),
    "texts": (
        mark("What documents say"),
        mark("Reads texts, Office documents, web pages, e-books and mail."),
    ),
    "archives": (
        mark("What archives hold"),
        mark("Lists what is in ZIP and tar files; reads the documents in them."),
    ),
    "code": (
        mark("Source code and data files"),
        mark("Programs, logs, JSON and the like, by their words only."),
    ),
    "enclosed": (
        mark("Pictures in documents"),
        mark("Finds pictures on slides, in books, mail and archives by what is in them."),
    ),
    "figures": (
        mark("Figures on pages"),
        mark("Finds charts, diagrams and photos on pages of PDFs, and frames them."),
    ),
    "videos": (mark("What films show"), mark("Finds the moment of a film that shows it.")),
    "ocr": (mark("Text in pictures"), mark("Reads signs, screenshots and scanned pages.")),
    "objects": (mark("Things in pictures"), mark("Finds things, and frames them.")),
    "speech": (mark("What is said"), mark("Writes down speech in films and recordings.")),
    "sound": (mark("Sounds"), mark("Finds barking, music, rain and the like.")),
    "metadata": (mark("What files say"), mark("Date, place, camera, tags, stars.")),
    "faces": (mark("Faces"), mark("Finds people and groups them; you give the names.")),
    "pages": (
        mark("How pages look"),
        mark("Finds charts, tables and forms on pages; wants a model of its own."),
    ),
}
"""What an indexer learns: its name in the window, and a sentence."""

TASKS: Mapping[str, str] = {
    "scene": mark("What pictures show"),
    "meaning": mark("What text means"),
    "ocr": mark("Text in pictures"),
    "speech": mark("What is said"),
    "sound": mark("Sounds"),
    "object": mark("Things in pictures"),
    "face": mark("Faces"),
    "face-detect": mark("Small faces"),
    "rerank": mark("The best order"),
    "page": mark("What pages answer"),
    "page-look": mark("How pages look"),
}
"""What a model is for."""

NETWORK = mark(
    "Crossfind never goes online by itself. Getting a model is the one thing that does, "
    "and only when you click on it."
)

STATES = {
    "ready": mark("ready"),
    "to be made": mark("ready on first use"),
    "available": mark("can be got"),
    "in a package": mark("by command"),
    "cannot run": mark("does not run here"),
}
"""Whether a model is there."""


def learned_name(name: str) -> str:
    """Say what an indexer learns; one that the window has never heard of keeps its own name."""
    return tr(LEARNED[name][0]) if name in LEARNED else name.capitalize()


def task_name(task: str) -> str:
    """Say what a model is for."""
    return tr(TASKS[task]) if task in TASKS else task.replace("-", " ").capitalize()


def size(count: int) -> str:
    """Say a number of bytes as shops do."""
    if count < 1_000_000:
        return f"{number(max(count, 0) / 1000)} kB"
    return f"{number(count / 1e9, 1)} GB" if count >= 1e9 else f"{number(count / 1e6)} MB"


def getting(id_: str, done: int, total: int) -> str:
    """Say how much of a model is there; `total` 0 where nobody knows."""
    if not total:
        return tr("Getting {id}: {done}", id=id_, done=size(done))
    return tr("Getting {id}: {done} of {total}", id=id_, done=size(done), total=size(total))


def state_name(offer: ModelOffer) -> str:
    """Say whether a model is there, and whether it is the one that works."""
    if offer.begun:
        return tr("{size} there", size=size(offer.begun))
    return tr("in use") if offer.used and offer.state != "cannot run" else tr(STATES[offer.state])


def asked_size(offer: ModelOffer) -> str:
    """Say how its size comes to be known, "" where it is."""
    return "" if offer.bytes else tr("Its size is asked of the hub when you get it.")


def get_words(offer: ModelOffer) -> str:
    """Say what stands on the button that gets a model, or goes on with it."""
    if offer.begun:
        return (
            tr("Go on ({size} more)", size=size(max(offer.bytes - offer.begun, 0)))
            if offer.bytes
            else tr("Go on")
        )
    return tr("Get it ({size})", size=size(offer.bytes)) if offer.bytes else tr("Get it")


def ended_words(id_: str, how: str, message: str) -> str:
    """Say how getting a model ended."""
    if how != "done":
        return message
    return tr("{id} is there. Update your folders to use it for them.", id=id_)


def terms(offer: ModelOffer) -> str:
    """Say the licence, and what it forbids."""
    licence = said(offer.licence)
    if offer.commercial_use is False:
        return tr("{licence}, not for commercial use", licence=licence)
    return licence
