"""Asks the resident search process, starting it when there is none. Imports nothing heavy."""

import json
import logging
import os
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from multiprocessing import AuthenticationError
from multiprocessing import connection as sockets
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app import launch, paths
from app.config import Config
from app.contact import Contact
from search import errors
from search.errors import CrossfindError
from search.output import explanation_from_json, from_json
from search.records import SearchResult, Suggestion
from search.reporting import Report, silent
from search.watch import Explanation

logger = logging.getLogger(__name__)

START_TIMEOUT_S = 60.0
REACHABLE = (OSError, EOFError, AuthenticationError, ValueError)


class ServiceError(CrossfindError):
    """The resident search process could not be started or broke off."""


class Client:
    """A connection to the resident process for one set of settings. Safe for one thread at a time.

    `report` takes sentences about what takes a while.
    """

    def __init__(self, config: Config, report: Report = silent) -> None:
        self._config, self._report = config, report
        self._connection: Connection | None = None

    def search(self, query: str, options: dict[str, Any]) -> SearchResult:
        """Search; `options` are the fields of `SearchOptions` that differ from their defaults.

        Raises what the engine raises, and `ServiceError` when the process cannot be had.
        """
        return from_json(self.ask("search", query=query, options=options))

    def written(self, query: str, options: dict[str, Any], form: str) -> tuple[str, int]:
        """Search and return the answer in a form of `app.forms`, and how many hits it has; raises what
        `search` does."""
        text, count = self.ask("write", query=query, options=options, form=form)
        return text, count

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """Return queries that may be meant by what is typed so far; raises what `search` raises."""
        return [Suggestion(**one) for one in self.ask("suggest", text=text, limit=limit)]

    def heat(self, query: str, path: str, page: int) -> list[list[float]]:
        """Return which parts of a page answer a query: left, top, right, bottom, heat of each."""
        found: list[list[float]] = self.ask("heat", query=query, path=path, page=page)
        return found

    def explain(self, query: str, options: dict[str, Any]) -> Explanation:
        """Search as `search` does, and return how it was done as well."""
        return explanation_from_json(self.ask("explain", query=query, options=options))

    def cancel(self) -> None:
        """Give up what is being asked; `ask`, in another thread, raises `CancelledError` then. Harmless when
        nothing is."""
        connection = self._connection
        if connection is not None:
            with suppress(*REACHABLE):
                connection.send_bytes(json.dumps({"op": "cancel"}).encode())

    def ask(self, operation: str, **values: Any) -> Any:
        """Send one request and return its result; one fresh attempt when the process has left."""
        request = {"op": operation, "config": asdict(self._config), **values}
        for attempt in (1, 2):
            try:
                return self._exchange(request)
            except REACHABLE as error:
                self.close()
                if attempt == 2:
                    raise ServiceError(
                        f"The resident search process broke off ({type(error).__name__}).",
                        "Try again, or add --no-service.",
                    ) from error
        raise AssertionError("unreachable")

    def _exchange(self, request: dict[str, Any]) -> Any:
        if self._connection is None:
            self._connection = _connected() or _started(self._config.service_idle_s)
        self._connection.send_bytes(json.dumps(request).encode())
        reply = receive(self._connection, self._report)
        if "error" in reply:
            raise _restored(reply["error"])
        if "bug" in reply:
            raise RuntimeError(f"in the search process: {reply['bug']}")
        return reply["result"]

    def close(self) -> None:
        """Hang up; the process stays for the next query."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def receive(connection: Connection, report: Report = silent) -> Any:
    """Return an answer that `app.service.send` sent, put together from its parts; notices before it are
    reported."""
    while "notice" in (reply := json.loads(connection.recv_bytes())):
        report(reply["notice"])
    for _ in range(reply.get("parts", 0)):
        reply["result"]["hits"] += json.loads(connection.recv_bytes())
    return reply


def stop_service() -> bool:
    """Ask a running service to leave (its models or settings are out of date); False when none runs."""
    contact = Contact.read()
    return contact is not None and _dismissed(contact)


def _dismissed(contact: Contact) -> bool:
    connection = _reached(contact)
    if connection is None:
        return False
    with connection:
        connection.send_bytes(json.dumps({"op": "quit"}).encode())
    return True


def _connected() -> Connection | None:
    contact = Contact.read()
    if contact is None:
        return None
    if contact.version != launch.program():
        _dismissed(contact)  # its code is not what a new one would run, which may have come in the meantime
        return None
    return _reached(contact)


def _reached(contact: Contact) -> Connection | None:
    try:
        return sockets.Client(contact.address, authkey=bytes.fromhex(contact.key))
    except REACHABLE:
        return None


def _started(idle_s: int) -> Connection:
    from filelock import FileLock, Timeout

    lock = FileLock(paths.runtime_dir() / "service.lock")
    try:
        with lock.acquire(timeout=START_TIMEOUT_S):
            if connection := _connected():
                return connection
            process = _spawn(idle_s)
            return _await(process)
    except (Timeout, OSError) as error:
        raise ServiceError(
            f"The resident search process did not start ({error}).", "Add --no-service."
        ) from error


def _spawn(idle_s: int) -> "subprocess.Popen[bytes]":
    detached: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        detached = {"creationflags": flags}
    ours = str(Path(__file__).parents[1])  # a checkout that was never installed works as well
    search_path = os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        launch.service_command(idle_s),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=paths.runtime_dir(),
        env=os.environ | {"PYTHONPATH": search_path},
        **detached,
    )


def _await(process: "subprocess.Popen[bytes]") -> Connection:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        if connection := _connected():
            process.returncode = 0  # it outlives us on purpose; without this Popen warns when collected
            return connection
        time.sleep(0.01)
    logger.info("the service ended with %s", process.poll())
    raise ServiceError("The resident search process did not start.", "Add --no-service.")


def _restored(plain: dict[str, Any]) -> CrossfindError:
    kind = getattr(errors, plain["type"], CrossfindError)
    if kind is errors.QuerySyntaxError:
        return errors.QuerySyntaxError(plain["message"], plain["start"], plain["end"], plain["remedy"])
    restored: CrossfindError = kind(plain["message"], plain["remedy"])
    return restored
