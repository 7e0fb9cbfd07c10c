"""The resident search process: models and tables stay loaded between queries.

It is started by the first search that wants it, listens on a socket in a folder only this user can
enter, proves both sides with a random key, answers JSON, and leaves when nobody asked for a while.
Searching happens in here, and the small edits that a person makes in the window; indexing never does.
"""

import json
import logging
import os
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from typing import Any, NamedTuple

from app import kept_desk, launch, library_desk, logs, overview, results_desk
from app.config import Config
from app.contact import Contact
from app.desk import Desk
from app.models import prepare
from app.people_desk import PeopleDesk
from search.errors import CrossfindError
from search.reporting import Report
from search.watch import Stopped

logger = logging.getLogger(__name__)

Request = dict[str, Any]

PART = 250
"""So many hits are sent at a time."""


class Asking(NamedTuple):
    """Who asks: whether nobody waits any more, and how to say that something takes a while."""

    stopped: Stopped
    report: Report


class Service:
    """Accepts connections until it has been idle for `idle_s` seconds or is told to quit."""

    def __init__(self, idle_s: float) -> None:
        self._idle_s = idle_s
        self._program = launch.program()
        self._last_used = time.monotonic()
        self._busy = 0
        self._lock = threading.Lock()
        self._desk = Desk()
        self._people = PeopleDesk()
        self._stopping = threading.Event()

    def run(self) -> None:
        """Serve; returns when idle or told to quit."""
        with tempfile.TemporaryDirectory(prefix="crossfind-") as folder:
            key = uuid.uuid4().bytes + uuid.uuid4().bytes
            windows = sys.platform == "win32"
            address = rf"\\.\pipe\crossfind-{uuid.uuid4().hex}" if windows else str(Path(folder) / "socket")
            with Listener(address, "AF_PIPE" if windows else "AF_UNIX", backlog=16, authkey=key) as listener:
                contact = Contact(address, key.hex(), os.getpid(), self._program)
                contact.write()
                threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
                while not self._stopping.wait(min(1.0, self._idle_s)):
                    if self._idle_for() > self._idle_s:
                        break
                    if not _is_found(contact):
                        break
                contact.withdraw()

    def _idle_for(self) -> float:
        with self._lock:
            return 0.0 if self._busy else time.monotonic() - self._last_used

    def _accept(self, listener: Listener) -> None:
        while True:
            try:
                connection = listener.accept()
            except (OSError, EOFError, AuthenticationError) as error:
                if self._stopping.is_set():
                    return
                logger.debug("a connection was refused: %r", error)
                continue
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: Connection) -> None:
        with connection:
            while True:
                try:
                    request = json.loads(connection.recv_bytes())
                    if request["op"] != "cancel":  # it came too late: what it stops is answered already
                        who = Asking(partial(_has_turned_away, connection), partial(_notify, connection))
                        answer = self._answer(request, who)
                        send(connection, answer)
                except (EOFError, OSError):
                    return

    def _answer(self, request: Request, who: Asking) -> dict[str, Any]:
        with self._lock:
            self._busy += 1
        try:
            return {"result": self._operations(who)[request["op"]](request)}
        except CrossfindError as error:
            return {"error": describe(error)}
        except Exception as error:
            logger.exception("a request failed")
            return {"bug": f"{type(error).__name__}: {error}"}
        finally:
            with self._lock:
                self._busy -= 1
                self._last_used = time.monotonic()

    def _operations(self, who: Asking) -> dict[str, Callable[[Request], Any]]:
        return {
            "suggest": lambda r: self._desk.suggest(Config(**r["config"]), r["text"], r["limit"]),
            "search": lambda r: self._desk.search(Config(**r["config"]), r["query"], r["options"], *who),
            "write": lambda r: self._desk.written(
                Config(**r["config"]), r["query"], r["options"], r["form"], *who
            ),
            "explain": lambda r: self._desk.explain(Config(**r["config"]), r["query"], r["options"], *who),
            "warm": lambda r: self._desk.warm(Config(**r["config"])),
            "status": lambda r: self._desk.status(Config(**r["config"])),
            "page_image": lambda r: self._desk.page_image(
                Config(**r["config"]), r["path"], r["page"], r["width"]
            ),
            "enclosed_image": lambda r: self._desk.enclosed_image(
                Config(**r["config"]), r["path"], r["page"], r["picture"], r["width"]
            ),
            "moment_image": lambda r: self._desk.moment_image(
                r["path"], r["start_s"], r["end_s"], r["width"]
            ),
            "inside": lambda r: self._desk.inside(
                Config(**r["config"]), r["path"], r["query"], r["page"], who.stopped
            ),
            "heat": lambda r: self._desk.heat(Config(**r["config"]), r["query"], r["path"], r["page"]),
            "waveform": lambda r: self._desk.waveform(r["path"]),
            "document_text": lambda r: self._desk.document_text(Config(**r["config"]), r["path"], r["page"]),
            "transcript": lambda r: self._desk.transcript(Config(**r["config"]), r["path"], r["form"]),
            "listen": lambda r: self._desk.listen(Config(**r["config"]), r["path"]),
            "duplicates": lambda r: self._desk.duplicates(Config(**r["config"]), r["kinds"], r["folder"]),
            "examine": lambda r: self._desk.examine(Config(**r["config"]), r["path"]),
            "faces": lambda r: self._desk.faces(Config(**r["config"]), r["path"], r["page"]),
            "repaired_image": lambda r: self._desk.repaired_image(
                Config(**r["config"]), r["path"], r["number"], r["width"]
            ),
            "overview": lambda r: overview.overview(Config(**r["config"])),
            "watch": lambda r: overview.set_watched(Config(**r["config"]), r["folder"], r["on"]),
            "people": lambda r: self._people.answer(Config(**r["config"]), r["what"], r),
            "library": lambda r: library_desk.answer(Config(**r["config"]), r["what"], r),
            "results": lambda r: results_desk.answer(Config(**r["config"]), r["what"], r),
            "kept": lambda r: kept_desk.answer(self._desk, Config(**r["config"]), r["what"], r),
            "ping": lambda _: self._program,
            "quit": lambda _: self._stopping.set(),
        }


def _is_found(contact: Contact) -> bool:
    """Leave the contact again where it is gone: another process, just leaving, may have taken it along. False
    where it cannot be left, so that nobody finds this process any more."""
    with suppress(OSError):
        if Contact.read() is None:
            contact.write()
        return True
    return False


def send(connection: Connection, answer: dict[str, Any]) -> None:
    """Send an answer; many hits in parts, so that who reads them is never busy for long with one.

    Then `parts` says how many lists of hits follow. `app.client.receive` puts them together.
    """
    result = answer.get("result")
    hits = result.get("hits") if isinstance(result, dict) else None
    if not isinstance(result, dict) or not isinstance(hits, list) or len(hits) <= PART:
        connection.send_bytes(json.dumps(answer).encode())
        return
    parts = [hits[first : first + PART] for first in range(0, len(hits), PART)]
    connection.send_bytes(
        json.dumps(answer | {"result": result | {"hits": []}, "parts": len(parts)}).encode()
    )
    for part in parts:
        connection.send_bytes(json.dumps(part).encode())


def _notify(connection: Connection, sentence: str) -> None:
    """Send a sentence for the person who waits; the answer follows."""
    with suppress(OSError):
        connection.send_bytes(json.dumps({"notice": sentence}).encode())


def _has_turned_away(connection: Connection) -> bool:
    """Whether the client hung up, or sent something newer, while it is being answered."""
    try:
        return connection.poll()
    except (EOFError, OSError):
        return True


def describe(error: CrossfindError) -> dict[str, Any]:
    """Turn an error into plain data; `app.client` makes the same error of it, or the nearest in
    `search.errors`."""
    place = {name: getattr(error, name) for name in ("start", "end") if hasattr(error, name)}
    known = next(kind for kind in type(error).__mro__ if kind.__module__ == CrossfindError.__module__)
    return {"type": known.__name__, "message": error.message, "remedy": error.remedy, **place}


def main() -> None:
    """Entry point of `python -m app.service [IDLE_SECONDS]`."""
    logs.configure(name="service")
    Service(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0).run()
    prepare.forget_temporary()
    logging.shutdown()
    os._exit(0)  # reader threads inside the database must not keep an idle process alive


if __name__ == "__main__":
    main()
