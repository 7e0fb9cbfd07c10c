"""What the benchmarks share: timing, a table, synthetic vectors."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray


def start_children_as_the_command() -> None:
    """Let processes started from here import what those of `crossfind` import, and not the benchmark."""
    sys.modules["__main__"].__spec__ = find_spec("app.__main__")


def median_ms(work: Callable[[], object], repeats: int = 15, warm_up: int = 2) -> float:
    """Median wall time of `work` in milliseconds after a warm-up."""
    for _ in range(warm_up):
        work()
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table, each row as soon as it is there."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(_shown(cell) for cell in row) + " |", flush=True)


def _shown(cell: object) -> str:
    return f"{cell:.3g}" if isinstance(cell, float) else str(cell)


def clustered(count: int, dim: int, seed: int = 0, clusters: int = 1000) -> NDArray[np.float32]:
    """Unit vectors in clusters, as embeddings of a real collection are; float32 (count, dim)."""
    generator = np.random.default_rng(seed)
    centres = generator.standard_normal((clusters, dim), dtype=np.float32)
    rows = centres[generator.integers(0, clusters, count)]
    rows += 0.7 * generator.standard_normal((count, dim), dtype=np.float32)
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
