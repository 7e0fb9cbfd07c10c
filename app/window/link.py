"""The window's way to the resident process."""

import threading
from typing import Any

from app.client import Client
from app.config import Config


class Link:
    """Asks the resident process from any thread; the areas of the window's backend are built on it.

    `_settings` may be replaced at any time: what is asked next goes by the new ones.
    """

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._local = threading.local()

    def _ask(self, operation: str, **values: Any) -> Any:
        """Return what the resident process answers; raises what it raises, and `ServiceError`."""
        return self._client().ask(operation, **values)

    def _client(self) -> Client:
        """One connection a thread: a slow search must not hold up a page image."""
        settings, (used, client) = self._settings, getattr(self._local, "client", (None, None))
        if client is None or used != settings:
            if client is not None:
                client.close()
            client = Client(settings)
            self._local.client = settings, client
        return client
