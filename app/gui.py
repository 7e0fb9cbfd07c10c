"""Start of the window: the composition root of the graphical program."""

import sys

from app import config, logs, paths
from app.config import Config


def run(settings: Config) -> int:
    """Open the window and return the exit code of the event loop."""
    from app.window.backend import ServiceBackend
    from ui.application import run_window

    return run_window(ServiceBackend(settings), paths.config_file().with_name("window.ini"))


def main() -> None:
    """Entry point of `crossfind-gui`."""
    logs.configure(name="window")
    sys.exit(run(config.load()))
