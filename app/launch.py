"""How the program starts itself again: from Python, or as a packaged program that is one executable.

A packaged program (PyInstaller) has no `python -m`: what it is to be, it reads from its first argument.
"""

import multiprocessing
import sys

SERVICE = "resident-search-process"
"""The first argument that makes a packaged program the resident search process."""


def is_packaged() -> bool:
    """Whether this is a packaged program and no Python with modules."""
    return bool(getattr(sys, "frozen", False))


def command(*arguments: str) -> list[str]:
    """Return the command line of `crossfind ARGUMENTS`."""
    return [sys.executable, *([] if is_packaged() else ["-m", "app"]), *arguments]


def service_command(idle_s: int) -> list[str]:
    """Return the command line of the resident search process."""
    return [sys.executable, *([SERVICE] if is_packaged() else ["-m", "app.service"]), str(idle_s)]


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
