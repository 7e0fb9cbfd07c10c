"""The window's way to the resident process."""

import threading
from typing import Any

from app.client import Client
from app.config import Config


class Link:
    """Asks the resident process from any thread; the areas of the window's backend are built on it."""

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._local = threading.local()

    def _ask(self, operation: str, **values: Any) -> Any:
        """Return what the resident process answers; raises what it raises, and `ServiceError`."""
        return self._client().ask(operation, **values)

    def _client(self) -> Client:
        """One connection a thread: a slow search must not hold up a page image."""
        if not hasattr(self._local, "client"):
            self._local.client = Client(self._settings)
        client: Client = self._local.client
        return client
