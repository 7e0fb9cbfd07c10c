"""Strictness and shared fixtures: unexpected log records and left-over threads fail a test."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

settings.register_profile("crossfind", deadline=None)  # a busy machine is no error of ours
settings.load_profile("crossfind")

LIBRARY_THREADS = ("pytest_timeout", "lance", "OffloadThread", "AnyIO", "asyncio", "tokio")


def _folder_from(variable: str, what: str) -> Path:
    value = os.environ.get(variable)
    if not value or not Path(value).is_dir():
        pytest.skip(f"{variable} does not name a folder with {what}")
    return Path(value).resolve()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Real weights, kept outside the repository."""
    return _folder_from("CROSSFIND_MODELS", "model weights")


@pytest.fixture(scope="session")
def media_dir() -> Path:
    """Real media with ground truth, kept outside the repository."""
    return _folder_from("CROSSFIND_TEST_MEDIA", "test media")


@pytest.fixture(scope="session")
def packaged() -> Callable[[str, str], Path]:
    """A file, by its path in the package, of an installed distribution that carries weights."""

    def find(distribution: str, path: str) -> Path:
        try:
            file = Path(str(metadata.distribution(distribution).locate_file(path)))
        except metadata.PackageNotFoundError:
            pytest.skip(f"the package {distribution} of the extra `starter` is not installed")
        return file

    return find


@pytest.fixture(autouse=True)
def no_unexpected_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail on WARNING and above unless the test took the records with `caplog.clear()`."""
    yield
    phases = [caplog.get_records(phase) for phase in ("setup", "call")]
    loud = [record for records in phases for record in records if record.levelno >= logging.WARNING]
    if loud:
        pytest.fail("unexpected log records: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud))


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail when a test leaves a non-daemon thread running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 5
    while leaked := [t for t in threading.enumerate() if _is_leak(t, before)]:
        if time.monotonic() > deadline:
            pytest.fail(f"left-over threads: {[t.name for t in leaked]}")
        time.sleep(0.02)


def _is_leak(thread: threading.Thread, before: set[threading.Thread]) -> bool:
    ours = not thread.name.startswith(LIBRARY_THREADS)
    return thread not in before and thread.is_alive() and not thread.daemon and ours
