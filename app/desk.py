"""Answers searches in this process and keeps the engines between them.

The resident process has one; `--no-service` makes one for a single command.
"""

import base64
import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app import bootstrap
from app.config import Config
from search.engine import Engine, SearchOptions
from search.output import to_json


class Desk:
    """Engines by settings; a changed library or set of models gets a new engine. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engines: dict[str, tuple[object, Engine]] = {}

    def search(self, config: Config, query: str, options: dict[str, Any]) -> dict[str, Any]:
        """Search and return the stable JSON form. Raises what the engine raises."""
        values = {**options, "base": Path(options["base"])} if "base" in options else options
        with self._lock:
            engine = self._engine(config)
            return to_json(engine.search(query, SearchOptions(**values)))

    def warm(self, config: Config) -> None:
        """Load what the first query will need."""
        with self._lock:
            self._engine(config).warm()

    def status(self, config: Config) -> dict[str, Any]:
        """Return `crossfind status --json`'s object."""
        return bootstrap.status(config)

    def page_image(self, path: str, page: int, width: int) -> str:
        """Draw one page of a document `width` pixels wide: PNG as base64. Raises `MediaError`."""
        return base64.b64encode(bootstrap.page_image(Path(path), page, width)).decode()

    def _engine(self, config: Config) -> Engine:
        name = json.dumps(asdict(config), sort_keys=True)
        stamp = bootstrap.stamp(config)
        known = self._engines.get(name)
        if known is None or known[0] != stamp:
            self._engines[name] = (stamp, bootstrap.engine(config))
        return self._engines[name][1]
