"""How the program starts itself again: from Python, or as a packaged program that is one executable.

A packaged program (PyInstaller) has no `python -m`: what it is to be, it reads from its first argument.
"""

import hashlib
import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from app import __version__

SERVICE = "resident-search-process"
"""The first argument that makes a packaged program the resident search process."""

SERVES = ("app", "indexers", "search")
"""Where the code of the resident search process lies."""


def is_packaged() -> bool:
    """Whether this is a packaged program and no Python with modules."""
    return bool(getattr(sys, "frozen", False))


def command(*arguments: str) -> list[str]:
    """Return the command line of `crossfind ARGUMENTS`."""
    return [sys.executable, *([] if is_packaged() else ["-m", "app"]), *arguments]


def service_command(idle_s: int) -> list[str]:
    """Return the command line of the resident search process."""
    return [sys.executable, *([SERVICE] if is_packaged() else ["-m", "app.service"]), str(idle_s)]


def program(folder: Path = Path(__file__).parents[1]) -> str:
    """Tell which program a process started now would be: its version, and a stamp of its code below `folder`.

    The stamp is made of names, sizes and times alone, so that a search can afford it.
    """
    if is_packaged():
        code: Iterator[os.DirEntry[str] | Path] = iter((Path(sys.executable),))
    else:
        code = (file for room in SERVES for file in _sources(folder / room))
    stamps = sorted((os.fspath(file), (told := file.stat()).st_size, told.st_mtime_ns) for file in code)
    return f"{__version__}+{hashlib.blake2b(repr(stamps).encode(), digest_size=8).hexdigest()}"


def _sources(folder: str | Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                yield entry
            elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                yield from _sources(entry.path)


def main() -> None:
    """Entry point of the packaged program: the window without arguments, else what they say."""
    multiprocessing.freeze_support()
    match sys.argv[1:]:
        case []:
            from app import gui

            gui.main()
        case [first, *rest] if first == SERVICE:
            from app import service

            sys.argv[1:] = rest
            service.main()
        case _:
            from app import cli

            cli.main()
