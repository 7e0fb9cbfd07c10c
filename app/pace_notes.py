"""How fast the last runs into a library were, by kind of file; a small file beside its tables."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from search.store.disk import write_atomically

FILE = "pace.json"
RUNS = 20
_ROUNDS = 500


def note(library: Path, read: Mapping[str, int], seconds: float) -> None:
    """Remember how many bytes of each kind a run read, and how long it took. Never raises."""
    if any(read.values()):
        runs = [*_runs(library), {"read": dict(read), "seconds": seconds}][-RUNS:]
        with suppress(OSError):
            write_atomically(library / FILE, json.dumps(runs).encode())


def pace(library: Path) -> dict[str, float]:
    """Return how many seconds a byte of each kind took, as agrees best with all runs that are remembered.

    A run of several kinds tells of their sum alone: least squares without negative answers, by the
    multiplicative updates of Lee and Seung (2001), from all kinds alike.
    """
    runs = _runs(library)
    kinds = sorted({kind for run in runs for kind, count in run["read"].items() if count})
    if not kinds:
        return {}
    read = np.array([[run["read"].get(kind, 0) for kind in kinds] for run in runs], np.float64)
    took = np.array([run["seconds"] for run in runs], np.float64)
    each = np.full(len(kinds), took.sum() / read.sum())
    for _ in range(_ROUNDS):
        each *= (read.T @ took) / np.maximum(read.T @ (read @ each), 1e-300)
    return dict(zip(kinds, map(float, each), strict=True))


def _runs(library: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads((library / FILE).read_text(encoding="utf-8"))
        return [run for run in found if sum(run["read"].values()) > 0 and run["seconds"] > 0]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
