"""Start of the window: the composition root of the graphical program."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app import config, logs, paths
from app.config import Config, ConfigError


def run(given: Mapping[str, Any]) -> int:
    """Open the window and return the exit code of the event loop.

    `given` are settings that win over those of the file. A file that cannot be read leaves the defaults:
    the window says so and offers to mend it.
    """
    from app.window.backend import ServiceBackend
    from ui.application import run_window

    problem = None
    try:
        settings = config.load()
    except ConfigError as error:
        settings, problem = Config(), error
    backend = ServiceBackend(replace(settings, **given), problem)
    return run_window(backend, paths.config_file().with_name("window.ini"))


def main() -> None:
    """Entry point of `crossfind-gui`."""
    logs.configure(name="window")
    sys.exit(run(config.from_environment()))
