"""Peak memory of indexing few and many files: it must not grow with their number.

    python -m benchmarks.memory [FEW MANY]      (default 1000 10000)

Each run is the real command in a process of its own; its memory and that of its decoding processes is
read every tenth of a second. Small distinct pictures are made here; the ONNX model in CROSSFIND_MODELS
encodes them where it is there. Other models are left out: they would make it a matter of hours.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from benchmarks.common import table


def make_pictures(folder: Path, count: int) -> None:
    """Blobs of colour, 320 x 240, no two alike."""
    folder.mkdir()
    generator = np.random.default_rng(count)
    for n in range(count):
        small = generator.integers(0, 256, (12, 16, 3), dtype=np.uint8)
        Image.fromarray(small).resize((320, 240)).save(folder / f"{n:06}.jpg", quality=80)


def peak_mb(command: Sequence[str]) -> tuple[float, float, float]:
    """Run a command: its own peak in MB, that of its largest child, and the seconds it took."""
    began = time.monotonic()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    own = child = 0.0
    while process.poll() is None:
        try:
            own = max(own, process.memory_info().rss / 1e6)
            for worker in process.children(recursive=True):
                if worker.cmdline() != process.cmdline():  # one that is only being born shares its parent's
                    child = max(child, worker.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            continue
        time.sleep(0.1)
    return own, child, time.monotonic() - began


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    counts = [int(argument) for argument in arguments] or [1_000, 10_000]
    rows: list[tuple[object, ...]] = []
    for count in counts:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "pictures"
            make_pictures(folder, count)
            os.environ["CROSSFIND_HOME"] = temporary
            own, child, seconds = peak_mb(
                [sys.executable, "-m", "app", "index", str(folder), "--only", "pictures", "--json"]
            )
        rows.append(
            (
                count,
                own,
                child,
                f"{count / seconds:.0f}",
                f"{own / float(str(rows[0][1])):.2f}" if rows else "1.00",
            )
        )
    table(("files", "peak MB", "largest decoder MB", "files/s", "ratio of peaks"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
