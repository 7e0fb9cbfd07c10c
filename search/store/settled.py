"""What became of every file, kept beside the tables: a run in which nothing changed reads only this.

It can always be made anew, and holds for the versions of the tables and the needs that it was made for.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from search.store.disk import write_atomically
from search.store.known import LastSeen
from search.store.schema import FILES, MARKS

NAME = "settled.arrow"

Needs = Callable[[str], Sequence[str]]
"""Maps a file name's extension to the spaces, with their fingerprints' keys, that its content belongs in."""

T = TypeVar("T")

_KEY = b"settled"


def keep(folder: Path, versions: Mapping[str, int], needs: Needs, files: LastSeen) -> None:
    """Write judged files, all that the library knows. Raises `OSError`."""
    needed = {ending: list(needs(ending)) for ending in files.endings}
    key = json.dumps([versions[FILES], versions[MARKS], needed])
    rows = files.rows.replace_schema_metadata({_KEY: key})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema) as file:
        file.write_table(rows)
    write_atomically(folder / NAME, sink.getvalue())


def is_kept(folder: Path, versions: Mapping[str, int], needs: Needs) -> bool:
    """Whether what is kept holds for these versions of the tables and these needs."""
    return _read(folder, versions, needs, lambda _: True) or False


def kept(folder: Path, versions: Mapping[str, int], needs: Needs) -> LastSeen | None:
    """Return the files, judged; None when what is kept does not hold or cannot be read."""
    return _read(folder, versions, needs, lambda file: LastSeen(file.read_all()))


def _read(
    folder: Path,
    versions: Mapping[str, int],
    needs: Needs,
    take: Callable[["pa.ipc.RecordBatchFileReader"], T],
) -> T | None:
    """Take something from what is kept, if it holds."""
    try:
        with pa.OSFile(str(folder / NAME)) as source:
            file = pa.ipc.open_file(source)
            files, marks, needed = json.loads(file.schema.metadata[_KEY])
            holds = (files, marks) == (versions.get(FILES), versions.get(MARKS))
            holds = holds and all(list(needs(ending)) == spaces for ending, spaces in needed.items())
            return take(file) if holds else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowInvalid):
        return None  # it is made anew at the end of the run
