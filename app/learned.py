"""What a library holds and has learned, in the words of a person, for the command line."""

from collections.abc import Mapping
from typing import Any

LEARNED = {
    "text": "words of pages and texts",
    "layout": "how pages are laid out",
    "meaning": "what texts mean",
    "depicted": "what words in pictures mean",
    "spoken": "what is meant by what is said",
    "page": "pages, word by word",
    "page_look": "pages, by their look",
    "scene": "what pictures show",
    "look": "the same picture, changed",
    "phash": "near-duplicates",
    "ocr": "words in pictures",
    "speech": "what is said",
    "subtitles": "subtitles",
    "sound": "sounds",
    "face": "faces",
    "object": "things, by any name",
    "label": "things, by their usual names",
    "facts": "what files say of themselves",
    "regions": "names in photos",
    "figure": "photos and charts on pages",
    "links": "links between files",
}
"""What each space of a library is, which a person need not know by its own name."""

_NO_MODELS = frozenset(("words", "layout", "metadata", "regions", "imagehash"))
"""Made by the program itself."""

_KINDS = {
    "image": ("picture", "pictures"),
    "pdf": ("PDF", "PDFs"),
    "document": ("document", "documents"),
    "video": ("film", "films"),
    "audio": ("recording", "recordings"),
}


def counted(kinds: Mapping[str, int]) -> str:
    """Return how many files there are of each kind, the most first."""
    most = sorted(kinds.items(), key=lambda one: -one[1])
    return ", ".join(f"{count} {_KINDS.get(kind, (kind, kind))[count != 1]}" for kind, count in most)


def learned(name: str, space: Mapping[str, Any]) -> str:
    """Return what was learned in a space, from how much, and by which model; `space` is one of
    `app.reports.status`."""
    places, files = space["segments"], space["contents"]
    much = f"{places} place{'s' * (places != 1)}" if places else f"{files} file{'s' * (files != 1)}"
    told = f"{LEARNED.get(name, name)}: {much}"
    told += f", by {space['model']}" if space["model"] not in _NO_MODELS else ""
    if space["next_model"]:
        told += f"; {space['next_model']} still has {space['pending']} to go through"
    return told
