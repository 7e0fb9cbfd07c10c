"""A cold `crossfind search`, process start included: with and without the resident process.

    python -m benchmarks.cold [REPEATS]

Indexes the photos in CROSSFIND_TEST_MEDIA with the ONNX model in CROSSFIND_MODELS, then starts the real
command again and again. The baseline is a Python process that does nothing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from benchmarks.common import table


def run_ms(command: Sequence[str], environment: Mapping[str, str]) -> float:
    """Milliseconds from start to end of one process."""
    began = time.perf_counter()
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
    assert done.returncode in (0, 1), command
    return (time.perf_counter() - began) * 1000


def median_of(command: Sequence[str], environment: Mapping[str, str], repeats: int) -> float:
    """Median over several processes."""
    return statistics.median(run_ms(command, environment) for _ in range(repeats))


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    repeats = int(arguments[0]) if arguments else 7
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"])
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CROSSFIND_HOME": folder}
        library = f"{folder}/library"
        config = Config(library=library, models_dir=os.environ["CROSSFIND_MODELS"])
        for _ in start_indexing(config, IndexWishes((media / "photos",)), threading.Event()).events:
            pass
        search = [sys.executable, "-m", "app", "search", "dog in the snow", "-l", library]
        nothing = median_of([sys.executable, "-c", "pass"], environment, repeats)
        alone = median_of([*search, "--no-service"], environment, repeats)
        first = run_ms(search, environment)
        later = median_of(search, environment, repeats)
        stop = "from app.client import stop_service; stop_service()"
        subprocess.run([sys.executable, "-c", stop], env=environment, check=True)
    rows = [
        ("python -c pass", nothing, 1.0),
        ("search, in one process (--no-service)", alone, alone / nothing),
        ("search, first one, starts the resident process", first, first / nothing),
        ("search, every later one", later, later / nothing),
    ]
    table(("whole process", "ms", "ratio"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
