"""Files that ship with Crossfind: catalogue, icons, style, sample media. No logic."""

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """Return the path of a shipped file or folder, `name` relative to this package."""
    return Path(str(files("resources"))) / name
