"""What makes a batch over several tables all or nothing.

`journal.json` names the version each table had before the batch. Whoever finds it left behind sets the
tables back to those versions; the batch then never happened and the next run does it again.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from search.errors import LibraryCorruptError
from search.store.disk import write_atomically
from search.store.tables import Tables

NAME = "journal.json"


def begin(folder: Path, versions: Mapping[str, int]) -> None:
    """Note the versions to go back to. Raises `OSError`."""
    write_atomically(folder / NAME, json.dumps({"versions": versions}).encode())


def finish(folder: Path) -> None:
    """The batch is complete: forget the way back."""
    (folder / NAME).unlink(missing_ok=True)


def is_left_behind(folder: Path) -> bool:
    """Whether a run ended inside a batch (or is inside one now)."""
    return (folder / NAME).exists()


def roll_back(folder: Path, tables: Tables) -> bool:
    """Undo a batch left behind; return whether there was one. Raises `LibraryCorruptError`, `OSError`."""
    path = folder / NAME
    try:
        versions = {
            str(name): int(version) for name, version in json.loads(path.read_bytes())["versions"].items()
        }
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LibraryCorruptError(
            f"{path} cannot be read ({error}).", "Repair it with: crossfind doctor"
        ) from error
    on_disk = tables.names()
    for name, version in versions.items():
        if name not in on_disk:
            continue
        table = tables.get(name)
        table.checkout_latest()
        if table.version != version:
            table.checkout(version)
            table.restore()
    finish(folder)
    return True
