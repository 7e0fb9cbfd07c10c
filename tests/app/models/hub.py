"""A stand-in for the hub: a server on this machine that answers as the real one does, or misbehaves."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "c0ffee" * 6 + "c0ff"
REPOSITORY = "tiny/clip"


@dataclass
class Hub:
    """What the server holds and how it misbehaves. Files of 1 kB and more are large (LFS) files."""

    address: str = ""
    storage: str = ""
    """Where the large files lie; another address, as with the real hub."""
    repository: str = REPOSITORY
    files: dict[str, bytes] = field(default_factory=dict)
    drop_after: list[int] = field(default_factory=list)
    """For each of the next downloads of a large file: after how many bytes the connection breaks."""
    served: dict[str, bytes] = field(default_factory=dict)
    """Contents to send instead of the announced ones."""
    status: int | None = None
    gone: bool = False
    """Whether every connection breaks before an answer."""
    goes_with_a_drop: bool = False
    """Whether the hub is gone from the next connection that breaks on."""
    holds: threading.Event | None = None
    """Until it is set, a large file comes only to `drop_after`, and the connection stays."""
    nameless: bool = False
    """Whether the hub keeps the hashes of large files to itself."""
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and Range of every request."""

    def ranges(self, name: str) -> list[str | None]:
        """The Range headers of the downloads of a large file."""
        path = f"/cdn/{sha256(self.files[name])}"
        return [range_ for method, asked, range_ in self.asked if method == "GET" and asked == path]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub = self.hub
        hub.asked.append((self.command, self.path, self.headers.get("Range")))
        if hub.gone:
            self.close_connection = True
            return None
        if hub.status is not None:
            return self._send(hub.status, {}, b"")
        if self.path.startswith("/api/models/"):
            return self._listed()
        if self.path.startswith("/cdn/"):
            name = next(
                n for n, data in hub.files.items() if hashlib.sha256(data).hexdigest() == self.path[5:]
            )
            return self._content(name, {})
        name = self.path.rpartition("/files/")[2] if "/files/" in self.path else self._name_in_repository()
        if name not in hub.files:
            return self._send(404, {"X-Error-Code": "EntryNotFound", "X-Error-Message": "no such file"}, b"")
        data = hub.files[name]
        headers = {"X-Repo-Commit": COMMIT}
        if "/files/" in self.path or len(data) < 1000:
            git = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
            return self._content(name, {**headers, "ETag": f'"{git}"'})
        if not hub.nameless:
            headers |= {"X-Linked-Etag": f'"{sha256(data)}"', "X-Linked-Size": str(len(data))}
        return self._send(302, {**headers, "Location": f"{hub.storage}/cdn/{sha256(data)}"}, b"")

    def _listed(self) -> None:
        """Say which files there are, as the hub's API does."""
        hub = self.hub
        if not self.path.startswith(f"/api/models/{hub.repository}"):
            return self._send(404, {"X-Error-Code": "RepoNotFound"}, b"")
        files = [{"rfilename": name} for name in hub.files]
        told = {"id": hub.repository, "modelId": hub.repository, "sha": COMMIT, "siblings": files}
        return self._send(200, {"Content-Type": "application/json"}, json.dumps(told).encode())

    def _name_in_repository(self) -> str | None:
        prefix = f"/{self.hub.repository}/resolve/"
        if not self.path.startswith(prefix):
            return None
        revision, _, name = self.path.removeprefix(prefix).partition("/")
        return name if revision in ("main", COMMIT) else None

    def _content(self, name: str, headers: dict[str, str]) -> None:
        data = self.hub.served.get(name, self.hub.files[name])
        wanted = self.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if wanted:
            headers = {**headers, "Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"}
        self._send(206 if wanted else 200, headers, data[start:], may_drop=len(data) >= 1000)

    def _send(self, status: int, headers: dict[str, str], body: bytes, may_drop: bool = False) -> None:
        self.send_response(status)
        for key, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(key, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        hub = self.hub
        if may_drop and hub.drop_after:
            body = body[: hub.drop_after.pop(0)]
            self.close_connection, hub.gone = True, hub.goes_with_a_drop
        with suppress(ConnectionError):  # whoever asked may be gone
            self.wfile.write(body)
        if self.close_connection and hub.holds is not None:
            hub.holds.wait(60)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


@contextmanager
def running() -> Iterator[Hub]:
    """Run a hub without files."""
    state = Hub()
    handler = type("Handler", (_Handler,), {"hub": state})
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    state.address, state.storage = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    yield state
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        server.server_close()
        thread.join()
