"""The programs of this computer that open a kind of file, as the desktop knows them."""

import configparser
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QDir, QProcess

_CODES = {"%f", "%F", "%u", "%U"}
MOST = 12


@dataclass(frozen=True, slots=True)
class Program:
    """A program and how it is started; files follow at the end, or where `command` says `%F`."""

    name: str
    command: tuple[str, ...]

    def command_for(self, paths: Sequence[Path]) -> list[str]:
        """The whole command line for files."""
        files = [str(path) for path in paths]
        if not _CODES.intersection(self.command):
            return [*self.command, *files]
        return [part for word in self.command for part in (files if word in _CODES else [word])]

    def open(self, paths: Sequence[Path]) -> bool:
        """Start it; False when that fails."""
        command = self.command_for(paths)
        return bool(QProcess.startDetached(command[0], command[1:])[0])


def programs_for(
    media_type: str, environment: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> list[Program]:
    """Return the programs that the desktop offers for a media type; none where it keeps no such list.

    Linux only: the caches of the freedesktop.org MIME applications specification are read.
    """
    if not platform.startswith("linux"):
        return []
    found: dict[str, Program] = {}
    folders = list(_folders(environment))
    for folder in folders:
        for name in _offered(folder / "mimeinfo.cache", media_type):
            entry = next((place / name for place in folders if (place / name).is_file()), None)
            program = _program(entry) if entry and name not in found else None
            if program is not None:
                found[name] = program
    return list(found.values())[:MOST]


def chosen(path: Path, platform: str = sys.platform) -> Program:
    """Return a program that a person picked in a file dialog."""
    command = ("open", "-a", str(path)) if platform == "darwin" else (str(path),)
    return Program(path.stem, command)


def ask_the_desktop(path: Path, platform: str = sys.platform) -> bool:
    """Show Windows' own choice of programs; False on other systems."""
    if platform != "win32":
        return False
    file = QDir.toNativeSeparators(str(path))
    return bool(QProcess.startDetached("rundll32.exe", ["shell32.dll,OpenAs_RunDLL", file])[0])


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    system = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    for folder in (home, *system.split(":")):
        if folder:
            yield Path(folder) / "applications"


def _offered(cache: Path, media_type: str) -> list[str]:
    """Return the names of the desktop entries that a cache lists for a media type."""
    try:
        lines = cache.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    lists = (line.partition("=")[2] for line in lines if line.startswith(f"{media_type}="))
    return [name for some in lists for name in some.split(";") if name]


def _program(entry: Path) -> Program | None:
    """Read a desktop entry; None where it is no program for the desktop."""
    reader = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    try:
        reader.read(entry, encoding="utf-8")
        about = reader["Desktop Entry"]
        command = shlex.split(about["Exec"])
    except (configparser.Error, KeyError, ValueError, OSError):
        return None
    is_hidden = any(about.get(name, "").lower() == "true" for name in ("Hidden", "NoDisplay", "Terminal"))
    if is_hidden or not command:
        return None
    kept = [word for word in command if word in _CODES or not (len(word) == 2 and word.startswith("%"))]
    return Program(about.get("Name", entry.stem), tuple(kept))
