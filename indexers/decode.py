"""The decode stage: indexers at work in processes that may fail without harm (see `workers`)."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from indexers.base import Job, LeftOutError, Limits, Part, Piece, Registry, load
from indexers.channel import Channel, StoppedError
from indexers.flow import Decoded, Trouble, Work
from indexers.workers import Allowance, Worker, WorkerError, WorkerStoppedError
from search.errors import MediaError
from search.spaces import Space


@dataclass(frozen=True, slots=True)
class Decoder:
    """What all workers of a run share: the indexers' modules, the limits, the passwords.

    `light` spaces (cheap, no model) are encoded in the worker.
    """

    modules: Sequence[str]
    light: Mapping[str, Space]
    limits: Limits
    passwords: tuple[str, ...]
    hear_subtitled: bool = False
    rates_hz: Mapping[str, int] = field(default_factory=dict)

    def job(self, work: Work, start: int) -> Job:
        """Write the order for one part."""
        item = work.item
        return Job(
            path=item.path,
            digest=item.digest,
            media_type=item.media_type,
            size=item.size,
            mtime_ns=item.mtime_ns,
            indexer=work.indexer,
            spaces=work.spaces,
            thumbnails=work.is_new,
            limits=self.limits,
            passwords=self.passwords,
            hear_subtitled=self.hear_subtitled,
            start=start,
            rates_hz=self.rates_hz,
        )


def start_decoding(
    decoder: Decoder,
    workers: int,
    works: Channel[Work],
    results: Channel[Decoded],
    stopped: threading.Event,
    rest: Callable[[float], None],
) -> list[Callable[[], None]]:
    """Return the bodies of the threads that each mind one worker; the last to end closes `results`.

    A further worker is started when there is more to do at a time than those before it can take: one that
    has done something goes on at once with the next. `rest` is told after every part how many seconds it
    took, and may wait.
    """
    left = [workers]
    lock = threading.Lock()

    def mind(before: int) -> None:
        work_on = partial(extract, modules=tuple(decoder.modules), light=dict(decoder.light))
        worker: Worker[Job, Part | Trouble] = Worker(work_on, stopped)
        try:
            for work in works if works.crowds(before) else ():
                _decode(worker, work, decoder, results, rest)
                works.done()
        except (StoppedError, WorkerStoppedError):
            pass
        finally:
            worker.close()
            with lock:
                left[0] -= 1
                if not left[0]:
                    results.close()

    return [partial(mind, before) for before in range(workers)]


def extract(job: Job, modules: tuple[str, ...], light: Mapping[str, Space]) -> Part | Trouble:
    """Do one job; what a worker process runs. Never raises: this is the per-file boundary."""
    try:
        part = _registry(modules).named(job.indexer).extract(job)
        answer: Part | Trouble = _with_light_vectors(part, light)
    except LeftOutError as error:
        answer = Trouble("skipped", str(error))
    except MediaError as error:
        answer = Trouble("failed", str(error))
    except Exception as error:  # noqa: BLE001 (a codec may raise anything; it costs this file only)
        answer = Trouble("failed", f"The file could not be decoded: {_named(error)}.")
    return change_of(job.path, job.size, job.mtime_ns) or answer


def change_of(path: str, size: int, mtime_ns: int) -> Trouble | None:
    """Tell whether a file is no longer what it was when its digest was taken."""
    try:
        status = os.stat(path)  # noqa: PTH116 (paths come as text)
    except FileNotFoundError:
        return Trouble("failed", "The file vanished while it was being indexed.", transient=True)
    except OSError as error:
        return Trouble("failed", f"The file cannot be read: {error.strerror}.", transient=True)
    if (status.st_size, status.st_mtime_ns) == (size, mtime_ns):
        return None
    return Trouble("failed", "The file changed while it was being indexed; run again.", transient=True)


def _decode(
    worker: Worker[Job, Part | Trouble],
    work: Work,
    decoder: Decoder,
    results: Channel[Decoded],
    rest: Callable[[float], None],
) -> None:
    """Take one work through all its parts."""
    allowance = Allowance(decoder.limits.seconds, decoder.limits.memory_mb)
    start: int | None = 0
    while start is not None:
        began = time.monotonic()
        try:
            answer = worker.run(decoder.job(work, start), allowance)
        except WorkerError as error:
            answer = Trouble("failed", f"The file could not be decoded: {error}.")
        took = time.monotonic() - began
        start = answer.next if isinstance(answer, Part) else None
        weight = sum(map(_weight, answer.pieces)) if isinstance(answer, Part) else 1
        results.put(Decoded(work, answer, last=start is None), max(1, weight))
        rest(took)


def _weight(piece: Piece) -> int:
    """How much of the room before the models a piece takes: sound is much larger than pictures."""
    return 1 if piece.payload is None or isinstance(piece.payload, str) else 1 + (piece.payload.nbytes >> 20)


@lru_cache(maxsize=1)
def _registry(modules: tuple[str, ...]) -> Registry:
    return load(modules)


def _with_light_vectors(part: Part, light: Mapping[str, Space]) -> Part:
    pieces = [_encoded(piece, light[piece.space]) if piece.space in light else piece for piece in part.pieces]
    return replace(part, pieces=[piece for piece in pieces if piece])


def _encoded(piece: Piece, space: Space) -> Piece | None:
    """Encode one piece; None when there is nothing in it (a vector of zeros)."""
    assert piece.payload is not None
    vector = space.encode([piece.payload])[0]
    return replace(piece, payload=None, vector=vector) if vector.any() else None


def _named(error: Exception) -> str:
    detail = str(error).strip().partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}, {detail}" if detail else type(error).__name__
