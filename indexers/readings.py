"""What models have read of recordings that are not complete yet, kept over the end of a run.

Two hours of film are heard in half an hour and written when all is there. A run that is killed before then
would begin anew; so what a reader said of each stretch is kept in the library's folder, a file of JSON lines
for each content, until the content is written. Decoding is repeated, reading is not.
"""

import base64
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from indexers.base import Piece
from search.output import locator_from_json, locator_to_json
from search.records import Region, TimeSpan

FOLDER = "readings"
"""Where a library keeps them."""

_Offsets = dict[str, int]


class Readings:
    """Readings by content, reader and what was read. One thread recalls and keeps, another may forget.

    Only what an earlier run kept is recalled: within a run nothing is read twice. They are a convenience:
    where the disk fails, what was read is read again.
    """

    def __init__(self, library: Path) -> None:
        self._folder = library / FOLDER
        self._known: dict[str, _Offsets] = {}
        self._lock = threading.Lock()

    def recall(self, digest: str, reader: str, piece: Piece) -> Sequence[Piece] | None:
        """Return what a reader, named by its fingerprint, said of this very piece, or None."""
        if not _is_kept(piece):
            return None
        with self._lock:
            offsets = self._offsets(digest)
            offset = offsets.get(_key(reader, piece)) if offsets else None
            return None if offset is None else self._read(digest, offset)

    def keep(self, digest: str, reader: str, piece: Piece, said: Sequence[Piece]) -> None:
        """Keep what a reader said of a piece of a recording."""
        if not _is_kept(piece) or any(one.payload is not None for one in said):
            return
        key = _key(reader, piece)
        line = json.dumps({"key": key, "said": [_to_json(one) for one in said]}).encode() + b"\n"
        with self._lock, suppress(OSError):
            self._offsets(digest)  # looked at first: a damaged end is cut off
            self._folder.mkdir(exist_ok=True)
            with self._path(digest).open("ab") as file:
                file.write(line)

    def forget(self, digests: Iterable[str]) -> None:
        """Forget contents that are written."""
        with self._lock:
            for digest in digests:
                if self._known.pop(digest, None) is not None:
                    with suppress(OSError):
                        self._path(digest).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._known.clear()
            delete(self._folder.parent)

    def _path(self, digest: str) -> Path:
        return self._folder / f"{digest}.jsonl"

    def _offsets(self, digest: str) -> _Offsets:
        if digest not in self._known:
            self._known[digest] = _offsets_in(self._path(digest))
        return self._known[digest]

    def _read(self, digest: str, offset: int) -> Sequence[Piece] | None:
        try:
            with self._path(digest).open("rb") as file:
                file.seek(offset)
                return [_from_json(one) for one in json.loads(file.readline())["said"]]
        except (OSError, ValueError, KeyError):
            return None


def delete(library: Path) -> None:
    """Delete all that is kept in the folder of a library."""
    shutil.rmtree(library / FOLDER, ignore_errors=True)


def _is_kept(piece: Piece) -> bool:
    """Only what lies in time is: a picture or a page is read in a moment."""
    place = piece.locator.of if isinstance(piece.locator, Region) else piece.locator
    return isinstance(place, TimeSpan) and isinstance(piece.payload, np.ndarray)


def _key(reader: str, piece: Piece) -> str:
    assert isinstance(piece.payload, np.ndarray)
    said = f"{reader} {piece.space} {piece.locator} {piece.payload.dtype} {piece.payload.shape}"
    whole = hashlib.blake2b(said.encode(), digest_size=16)
    whole.update(np.ascontiguousarray(piece.payload).data)
    return whole.hexdigest()


def _offsets_in(path: Path) -> _Offsets:
    """Find where each reading begins. A damaged line, as the end of a run leaves it, is cut off with what
    stands behind it.
    """
    offsets: _Offsets = {}
    at = 0
    try:
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        for line in lines:
            key = _key_of(line)
            if key is None:
                os.truncate(path, at)
                break
            offsets[key] = at
            at += len(line)
    except OSError:
        return {}
    return offsets


def _key_of(line: bytes) -> str | None:
    try:
        return str(json.loads(line)["key"]) if line.endswith(b"\n") else None
    except (ValueError, KeyError, TypeError):
        return None


def _to_json(piece: Piece) -> Mapping[str, Any]:
    vector = None if piece.vector is None else base64.b64encode(piece.vector.astype("<f4").tobytes()).decode()
    return {
        "space": piece.space,
        "locator": locator_to_json(piece.locator),
        "text": piece.text,
        "vector": vector,
        "parent": piece.parent,
        "timing": piece.timing,
        "language": piece.language,
        "quality": piece.quality,
        "landmarks": piece.landmarks,
        "over": piece.over,
    }


def _from_json(said: Mapping[str, Any]) -> Piece:
    vector = said["vector"]
    return Piece(
        space=said["space"],
        locator=locator_from_json(said["locator"]),
        text=said["text"],
        vector=None if vector is None else np.frombuffer(base64.b64decode(vector), "<f4").astype(np.float32),
        parent=said["parent"],
        timing=tuple((at, start, end) for at, start, end in said["timing"]),
        language=said["language"],
        quality=said["quality"],
        landmarks=tuple((across, down) for across, down in said["landmarks"]),
        over=said["over"],
    )
