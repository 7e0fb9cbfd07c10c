"""Reads a file once: its digest and its first bytes."""

import hashlib
import os
from dataclasses import dataclass
from functools import partial

from indexers.flow import Trouble
from indexers.media_types import HEAD_BYTES, sniff
from search.digests import DIGEST_BYTES
from search.store import KnownFile, Seen


@dataclass(frozen=True, slots=True)
class Digested:
    """BLAKE2b in hex, and what the file is by its first bytes (None: the library knows it already)."""

    digest: str
    media_type: str | None


def digest_of(seen: Seen, known: KnownFile | None) -> Digested | Trouble:
    """Return the digest of a file as the walk saw it; read only what the library does not know."""
    path, size, mtime_ns, _ = seen
    if known is not None and (known.size, known.mtime_ns) == (size, mtime_ns):
        return Digested(known.digest, None)
    if size == 0:
        return Trouble("skipped", "The file is empty.")
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
            head = file.read(HEAD_BYTES)
            file.seek(0)
            digest = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=DIGEST_BYTES)).hexdigest()
            status = os.fstat(file.fileno())
    except FileNotFoundError:
        return Trouble("failed", "The file vanished while it was being indexed.", transient=True)
    except OSError as error:
        return Trouble("failed", f"The file cannot be read: {error.strerror or error}.", transient=True)
    if (status.st_size, status.st_mtime_ns) != (size, mtime_ns):
        return Trouble("failed", "The file changed while it was being indexed; run again.", transient=True)
    return Digested(digest, sniff(head, path))
