"""What each kind of search is called in a sentence, as in "No model for searching sounds is installed."

Nobody need know the names that spaces and tasks have.
"""

from collections.abc import Mapping

SEARCHING: Mapping[str, str] = {
    "scene": "searching pictures by what they show",
    "meaning": "searching texts by meaning",
    "text": "searching words on pages",
    "ocr": "reading words in pictures",
    "speech": "searching what is said",
    "sound": "searching sounds",
    "object": "searching things in pictures",
    "label": "searching things by their usual names",
    "face": "searching faces",
    "face_detect": "finding small faces",
    "figure": "searching photos and charts on pages",
    "page": "searching pages word by word",
    "page_look": "searching pages by their look",
    "depicted": "searching words in pictures by meaning",
    "spoken": "searching what is said by meaning",
    "look": "finding copies of pictures",
    "phash": "finding near-duplicates",
    "subtitles": "searching subtitles",
    "rerank": "putting the best hits first",
}
"""By the name of a space, or of the task of a model."""


def searching(name: str) -> str:
    """Say what a space or a model is for, to be put into a sentence; its own name if that is not known."""
    return SEARCHING.get(name.replace("-", "_"), name)
