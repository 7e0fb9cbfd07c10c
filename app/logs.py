"""Logging: one rotating file for what went wrong; the screen only shows what a person needs."""

import logging
import logging.handlers
import sys

from app import paths

FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def configure(debug: bool = False, name: str = "crossfind") -> None:
    """Send records to `<log folder>/<name>.log`; with `debug` everything, and to stderr as well."""
    handlers: list[logging.Handler] = []
    try:
        paths.log_dir().mkdir(parents=True, exist_ok=True)
        file = paths.log_dir() / f"{name}.log"
        handlers.append(
            logging.handlers.RotatingFileHandler(file, maxBytes=2_000_000, backupCount=2, delay=True)
        )
    except OSError:
        handlers.append(logging.NullHandler())
    if debug:
        handlers.append(logging.StreamHandler(sys.stderr))
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING, format=FORMAT, handlers=handlers, force=True
    )
