"""What a person can do in the window about what went wrong: the program's own advice names commands.

Errors and missing parts say what mends them as the command line would, because most of them come from parts
of the program that know of no window. Here that advice becomes a button, or a sentence that fits.
"""

import re
from dataclasses import dataclass
from typing import Literal

from search.errors import CrossfindError
from ui.language import mark, tr
from ui.saying import said

Way = Literal["", "models", "update", "add folder", "password", "settings", "library"]
"""Where the way out is: the page of models, an update of all folders, a folder to be chosen, the password of
a document, the settings, those of the library."""

_WAYS: tuple[tuple[str, Way, str], ...] = (
    ("--password", "password", ""),
    (
        "--max-megapixels",
        "settings",
        mark("Search by a smaller copy of it, or allow larger ones in the settings."),
    ),
    ("crossfind models|pip install", "models", ""),
    ("--library", "library", ""),
    ("crossfind doctor", "library", mark("Update the library; where that fails, use another one.")),
    ("crossfind index (FOLDER|~)", "add folder", ""),
    ("crossfind index", "update", ""),
    ("--device", "settings", mark("Choose another device in the settings.")),
    ("--no-service", "", mark("Close Crossfind and open it anew.")),
    ("crossfind people", "", ""),
    ("(^|\\s)--[a-z]|crossfind [a-z]", "", ""),
)
BUTTONS: dict[Way, str] = {
    "models": mark("Models …"),
    "update": mark("Update all folders"),
    "add folder": mark("Add a folder …"),
    "password": mark("Give the password …"),
    "settings": mark("Settings …"),
    "library": mark("Settings …"),
}
_AGAIN = re.compile(r"run the same command again", re.IGNORECASE)
_COMMAND = re.compile(r"(?<=[.!?])\s+[^.!?]*(:|\bor) crossfind [a-z].*$")
_OPTIONS = re.compile(r"\s*(Give it|Give its password) with --[^.]*\.")
_LIMIT = re.compile(r"\.? (Raise it|Have it read all the same) with --[^.]*\.|\s*\(--[a-z-]+\)\.?")
ALLOWED = ". Settings, Running, allows more."


@dataclass(frozen=True, slots=True)
class Advice:
    """What to say, and what a button beside it leads to."""

    text: str
    way: Way = ""

    @property
    def button(self) -> str:
        """What stands on the button; "" for none."""
        return tr(BUTTONS.get(self.way, ""))


def in_window(text: str) -> str:
    """Return what the window shows of what the program said, still in English: no commands, no options."""
    again = _AGAIN.sub(lambda found: "Try again" if found[0][0].isupper() else "try again", text)
    return _COMMAND.sub("", _LIMIT.sub(ALLOWED, _OPTIONS.sub("", again))).strip()


def is_command(text: str) -> bool:
    """Whether a way out is one for the command line; the window has its own."""
    return any(re.search(pattern, text) for pattern, _, _ in _WAYS)


def advice(message: str, remedy: str | None) -> Advice:
    """Say a problem as the window does: what a command would mend, a button does."""
    message = reason_in_window(message)
    if not remedy:
        return Advice(message)
    for pattern, way, instead in _WAYS:
        if re.search(pattern, remedy):
            return Advice(f"{message} {tr(instead)}".rstrip(), way)
    return Advice(f"{message} {reason_in_window(remedy)}".rstrip())


def advice_on(error: CrossfindError) -> Advice:
    """Say an error as the window does."""
    return advice(error.message, error.remedy)


def reason_in_window(reason: str) -> str:
    """Say why something was not done, without the commands and options that stand in it."""
    return said(in_window(reason))


def is_locked(reason: str) -> bool:
    """Whether a file was not read for want of a password."""
    return "--password" in reason


def told(error: BaseException, otherwise: str) -> str:
    """Say an error as the window does; `otherwise` for a fault of ours."""
    return advice_on(error).text if isinstance(error, CrossfindError) else otherwise
