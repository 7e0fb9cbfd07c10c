"""Where Crossfind keeps its own files. `CROSSFIND_HOME` puts all of them below one folder."""

import os
from pathlib import Path

import platformdirs

APP = "crossfind"


def _home() -> Path | None:
    value = os.environ.get("CROSSFIND_HOME")
    return Path(value).expanduser().absolute() if value else None


def data_dir() -> Path:
    """Libraries and models."""
    return _home() or Path(platformdirs.user_data_dir(APP, appauthor=False))


def default_library() -> Path:
    """The library used when none is named."""
    return data_dir() / "library"


def models_dir() -> Path:
    """The person's own models: downloads and imports go here."""
    return data_dir() / "models"


def config_file() -> Path:
    """The settings, TOML."""
    home = _home()
    folder = home or Path(platformdirs.user_config_dir(APP, appauthor=False))
    return folder / "config.toml"


def cache_dir() -> Path:
    """What can be made anew at any time."""
    home = _home()
    return home / "cache" if home else Path(platformdirs.user_cache_dir(APP, appauthor=False))


def log_dir() -> Path:
    """Log files."""
    home = _home()
    return home / "logs" if home else Path(platformdirs.user_log_dir(APP, appauthor=False))


def runtime_dir() -> Path:
    """Contact files of running processes; only this user can enter it. Made when missing."""
    folder = data_dir() / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
