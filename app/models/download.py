"""One file over the network: resumed where it stopped, checked against its size and hash.

The transfer itself, its retries and `HF_HUB_OFFLINE` are huggingface_hub's. Its own download function
is not used because it throws a partial file away when the process ends (decision 0006).
"""

import hashlib
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from app.models.verify import Tell, sha256
from search.errors import ModelError


@dataclass(frozen=True, slots=True)
class Remote:
    """A file to fetch. `git_sha1` is how the hub names the contents of its small files."""

    name: str
    url: str
    bytes: int | None = None
    sha256: str | None = None
    git_sha1: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def fetch(remote: Remote, folder: Path, tell: Tell) -> None:
    """Download a file into a folder; go on with what an earlier attempt left there.

    Raises `ModelError`; after a broken connection the partial file stays, after a wrong hash nothing does.
    """
    target = folder / remote.name
    if target.is_file() and _is_right(target, remote, tell):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    known = (remote.sha256 or remote.git_sha1 or hashlib.sha256(remote.url.encode()).hexdigest())[:12]
    part = target.with_name(f"{target.name}.{known}.part")
    _transfer(remote, part, tell)
    if not _is_right(part, remote, tell):
        part.unlink()
        message = f"{remote.name} from {remote.url} has a wrong size or hash; it was removed."
        raise ModelError(message, "Try again later; if it stays so, the source was changed: do not trust it.")
    part.replace(target)


def _is_right(file: Path, remote: Remote, tell: Tell) -> bool:
    if remote.bytes is not None and file.stat().st_size != remote.bytes:
        return False
    if remote.sha256:
        return sha256(file, tell) == remote.sha256
    return not remote.git_sha1 or _git_sha1(file) == remote.git_sha1


def _git_sha1(file: Path) -> str:
    content = file.read_bytes()
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _transfer(remote: Remote, part: Path, tell: Tell) -> None:
    from huggingface_hub.file_download import http_get

    have = part.stat().st_size if part.exists() else 0
    if remote.bytes is not None and have > remote.bytes:
        part.unlink()
        have = 0
    with part.open("ab" if have else "wb") as opened, network(f"{remote.name} could not be fetched"):
        counted = _Counted(opened, lambda done: tell(remote.name, done, remote.bytes))
        http_get(
            remote.url,
            cast("BinaryIO", counted),
            resume_size=have,
            headers=dict(remote.headers),
            expected_size=remote.bytes,
            displayed_filename=remote.name,
        )


class _Counted:
    """A file that tells how long it is after every write."""

    def __init__(self, opened: BinaryIO, told: Callable[[int], None]) -> None:
        self._opened, self._told = opened, told

    def write(self, data: bytes) -> int:
        written = self._opened.write(data)
        self._told(self._opened.tell())
        return written

    def __getattr__(self, name: str) -> Any:
        return getattr(self._opened, name)


@contextmanager
def network(what: str) -> Iterator[None]:
    """Turn everything that goes wrong on the way into one sentence, and keep the hub's library silent."""
    from huggingface_hub import errors

    # The bases are OSError and the HTTP library's own base error, whichever library this version uses.
    transport = cast("tuple[type[Exception], ...]", errors.HfHubHTTPError.__bases__)
    again = "Run the same command again; it goes on where it stopped."
    try:
        with _silent_hub():
            yield
    except errors.OfflineModeIsEnabled as error:
        remedy = "Unset it, or bring the model as a folder: crossfind models import FOLDER."
        raise ModelError(f"{what}: HF_HUB_OFFLINE is set, so nothing may be downloaded.", remedy) from error
    except errors.GatedRepoError as error:
        raise ModelError(
            f"{what}: the hub gives it only to those who accepted its terms.", "Log in first."
        ) from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403, 404):
            raise ModelError(
                f"{what}: the source does not have it (HTTP {status}).", "Update Crossfind."
            ) from error
        raise ModelError(f"{what}: the source answers with an error (HTTP {status}).", again) from error
    except transport as error:
        if isinstance(error, OSError) and error.errno is not None and not isinstance(error, ConnectionError):
            raise  # the disk, not the network
        raise ModelError(f"{what}: the connection failed or broke ({_short(error)}).", again) from error


def _short(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__


@contextmanager
def _silent_hub() -> Iterator[None]:
    from huggingface_hub.utils.tqdm import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    logger = logging.getLogger("huggingface_hub")
    level, bars = logger.level, not are_progress_bars_disabled()
    logger.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        disable_progress_bars()
    try:
        yield
    finally:
        logger.setLevel(level)
        if bars:
            enable_progress_bars()
