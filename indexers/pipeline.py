"""One run: walk -> digest -> decode -> encode -> write, overlapping, with bounded look-ahead.

Stages are threads (decoding: processes) joined by bounded channels. The run is resumable by being run
again: what is complete is marked in the library batch by batch, and whatever stops a run costs at most
the batch in flight. See `lister`, `scout`, `decode`, `encode` and `writing` for the stages.
"""

import gc
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from indexers.base import BUILTIN, USUAL_LIMITS, WORD_SPACES, Limits, Registry, load
from indexers.channel import Channel, StoppedError
from indexers.decode import Decoder, start_decoding
from indexers.derived import SOURCES, Derived, Maker
from indexers.encode import BATCH, EncodeStage
from indexers.flow import Decoded, Work, Write
from indexers.ledger import Ledger
from indexers.limits import allow_now
from indexers.lister import Lister, Message
from indexers.meant import meanings
from indexers.pace import Pace, Throttle
from indexers.places import Places
from indexers.progress import Meter
from indexers.reader import Hearing, Interruptible, Reader
from indexers.readings import Readings
from indexers.roots import Plan, plan_walks
from indexers.scout import Scout
from indexers.shared import Shared
from indexers.speech import HEARD, SHOWN
from indexers.walk import RootState, state_of
from indexers.writing import WriteStage
from search.records import Missing, Outcome, Progress
from search.spaces import Fingerprint, Space
from search.store import Library, Writer
from search.store.pause import is_paused, resume
from search.store.types import MarkOutcome

Event = Outcome | Progress | Missing
"""What a run tells: what became of each file, how far it is, and a space whose model failed."""

_FILES_AHEAD = 200_000
_WRITES_AHEAD = 512
_LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How to run.

    `exclude` are gitignore patterns; they are remembered with the roots and add up. `only` keeps to the
    indexers or kinds of file named; those that the library has switched off stay off. `workers` is the
    number of decoding processes, by default one per core and at most eight. `retry` tries again what failed
    before. `passwords` open locked PDFs, and what was locked is tried again; so do those `remembered` from
    earlier runs, but they are no reason to try again. `throttle` says how much of the machine it may take.
    `modules` are the dotted names of indexers. `places` is the table that names places by their coordinates.
    """

    exclude: tuple[str, ...] = ()
    only: frozenset[str] | None = None
    workers: int | None = None
    limits: Limits = USUAL_LIMITS
    passwords: tuple[str, ...] = ()
    remembered: tuple[str, ...] = ()
    hear_subtitled: bool = False
    retry: bool = False
    batch: int = BATCH
    throttle: Throttle = field(default_factory=Throttle)
    modules: tuple[str, ...] = BUILTIN
    places: Path | None = None

    @property
    def looks_again(self) -> bool:
        """Whether what the last run settled may come out otherwise now, though its limits were the same."""
        return bool(self.retry or self.passwords or self.hear_subtitled)


def index(
    roots: Sequence[Path],
    library: Library,
    spaces: Sequence[Space],
    options: IndexOptions,
    cancelled: threading.Event,
    readers: Sequence[Reader] = (),
    makers: Sequence[Maker] = (),
) -> Iterator[Event]:
    """Bring the library up to date with the files below `roots`; one outcome per file, and progress.

    `spaces` are those that can be encoded now, `readers` serve further ones; words need none;
    `makers` make more of what is read. Set `cancelled`
    to stop soon; what is complete by then is written. While a pause is asked for (`store.pause`), nothing new
    is begun; what was begun is finished and written. A model that fails gives one `Missing` and is left out.
    Raises `LibraryBusyError`, `LibraryError`; a problem with one file is only that file's outcome.
    """
    every = load(options.modules)
    with library.writer() as writer, _calm_collector():
        resume(library.folder)  # a pause is over with the run it was meant for
        plans = plan_walks(roots, library.roots, options.exclude, library.folder)
        _open_roots(writer, plans)
        run = _Run(library, writer, every, spaces, readers, [*meanings(spaces), *makers], options)
        yield from run.events(plans, cancelled)
        if not cancelled.is_set() and not run.is_settled:
            yield from run.tidy_up(cancelled)
        resume(library.folder)


class _Run:
    """The stages of one run and what joins them."""

    def __init__(
        self,
        library: Library,
        writer: Writer,
        every: Registry,
        spaces: Sequence[Space],
        readers: Sequence[Reader],
        makers: Sequence[Maker],
        options: IndexOptions,
    ) -> None:
        self.meter = Meter()
        self._options = options
        self._writer = writer
        on = every.without(library.switched_off)
        self._indexers = on.only(options.only) if options.only is not None else on
        served = frozenset(name for indexer in self._indexers.indexers for name in indexer.spaces)
        self._spaces = [space for space in spaces if space.name in served]
        self._readers = [reader for reader in readers if reader.name in served]
        servers: list[Space | Reader] = [*self._spaces, *self._readers]
        self._fingerprints: dict[str, Fingerprint] = {
            **{name: fingerprint for name, fingerprint in WORD_SPACES.items() if name in served},
            **{server.name: server.fingerprint for server in servers},
        }
        makers = [maker for maker in makers if served & set(SOURCES[maker.name])]
        self._fingerprints |= {maker.name: maker.fingerprint for maker in makers}
        for name, fingerprint in self._fingerprints.items():
            writer.open_space(name, fingerprint)
        self._told: queue.SimpleQueue[Sequence[Outcome | Missing]] = queue.SimpleQueue()
        self._errors: list[BaseException] = []
        self._ended: list[None] = []
        self._stopped = threading.Event()
        for reader in self._readers:
            if isinstance(reader, Interruptible):
                reader.heed(self._stopped.is_set)
        self._pace = Pace(options.throttle, lambda: is_paused(library.folder), self._stopped)
        self._shared = Shared(
            library=library,
            ledger=Ledger(library, self._fingerprints, self._is_tried_again),
            indexers=self._indexers,
            every=every,
            spaces={
                **dict.fromkeys(WORD_SPACES),
                **{server.name: server.picture_input for server in servers},
            },
            keys={name: fingerprint.key for name, fingerprint in self._fingerprints.items()},
            begins_settled=not options.looks_again,
            within="" if options.limits == USUAL_LIMITS else repr(options.limits),
            report=self._told.put,
            count=self.meter.count,
        )
        places = Places(options.places) if options.places else None
        if options.hear_subtitled:
            self._shared.ledger.reopen_empty(HEARD, SHOWN)
        self._readings = Readings(library.folder)
        self._writing = WriteStage(
            writer, self._shared, self._fingerprints, self._told.put, places, self._readings.forget
        )
        ledger = self._shared.ledger
        self._derived = [Derived(library, writer, ledger, maker) for maker in makers]

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be tidied, because the library is as the last run left it."""
        return self._shared.library.is_settled(self._shared.needs)

    def tidy_up(self, cancelled: threading.Event) -> Iterator[Progress | Missing]:
        """Do what needs the results of all stages, and keep for the next run what became of every file."""
        library, writer = self._shared.library, self._writer
        if library.next_spaces():
            writer.promote_complete_spaces()
        yield self.meter.progress(self._shared.tally, "tidying up")
        lost = [missing for made in self._derived for missing in made.catch_up(cancelled.is_set)]
        yield from lost
        if library.next_spaces():
            writer.promote_complete_spaces()
        writer.optimize()
        if self._options.only is None and not cancelled.is_set():
            self._readings.clear()
        marks = self._shared.ledger.now()
        if not lost and not cancelled.is_set() and marks.keys() == self._fingerprints.keys():
            of = self._shared.spaces_of
            writer.settle(self._shared.needs, lambda ending: [marks[space] for space in of(ending)])

    def events(self, plans: Sequence[Plan], cancelled: threading.Event) -> Iterator[Event]:
        """Run all stages to the end and tell what happens."""
        threads = [threading.Thread(target=body, name=f"index {name}") for name, body in self._bodies(plans)]
        for thread in threads:
            thread.start()
        try:
            while len(self._ended) < len(threads) or not self._told.empty():
                if cancelled.is_set():
                    self._stopped.set()
                self._pace.look()
                yield from self._news()
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()
        yield from self._news()
        if self._errors:
            raise self._errors[0]

    def _news(self) -> Iterator[Event]:
        try:
            outcomes = self._told.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            outcomes = ()
        self.meter.note(outcomes)
        yield from outcomes
        if self.meter.is_due():
            yield self.meter.progress(self._shared.tally, self._pace.reason)

    def _bodies(self, plans: Sequence[Plan]) -> Iterator[tuple[str, Callable[[], None]]]:
        """Join the stages: the body of every thread, with its name."""
        workers = self._options.workers or min(8, os.cpu_count() or 2)
        held = self._pace.held
        found: Channel[Message] = Channel(_FILES_AHEAD, self._stopped, held)
        works: Channel[Work] = Channel(2 * workers, self._stopped, held)
        decoded: Channel[Decoded] = Channel(2 * self._options.batch, self._stopped, held)
        writes: Channel[Write] = Channel(_WRITES_AHEAD, self._stopped)
        light = {space.name: space for space in self._spaces if getattr(space, "light", False)}
        heavy = sorted((space for space in self._spaces if space.name not in light), key=self._cost_of)
        options = self._options
        rates_hz = {reader.name: reader.rate_hz for reader in self._readers if isinstance(reader, Hearing)}
        decoder = Decoder(
            options.modules,
            light,
            options.limits,
            (*options.passwords, *options.remembered),
            options.hear_subtitled,
            rates_hz,
        )
        tally = self._shared.tally
        encode = EncodeStage(
            heavy,
            self._lose,
            options.batch,
            self._readers,
            self._pace.rest,
            self._readings,
            reached=lambda work, share: tally.reach(work.indexer, work.item.digest, share),
        )

        def walk() -> None:
            Lister(self._shared, writes).run(plans, found)
            self.meter.is_total = True

        yield "walk", self._guarded(walk)
        yield "scout", self._guarded(lambda: Scout(self._shared, works, writes).run(found))
        for mind in start_decoding(decoder, workers, works, decoded, self._stopped, self._pace.rest):
            yield "decode", self._guarded(mind)
        yield "encode", self._guarded(lambda: encode.run(decoded, writes))
        yield "write", self._guarded(lambda: self._writing.run(writes))

    def _cost_of(self, space: Space) -> int:
        return min(indexer.cost for indexer in self._indexers.indexers if space.name in indexer.spaces)

    def _guarded(self, body: Callable[[], None]) -> Callable[[], None]:
        """Make an error in one stage stop the run; it is raised to the caller when all have ended."""

        def guarded() -> None:
            try:
                body()
            except StoppedError:
                pass
            except BaseException as error:  # noqa: BLE001 (carried to the caller's thread)
                self._errors.append(error)
                self._stopped.set()
            finally:
                self._ended.append(None)
                self._told.put(())  # wakes who waits for news

        return guarded

    def _lose(self, missing: Missing) -> None:
        self._shared.ledger.drop(missing.space)
        self._told.put([missing])

    def _is_tried_again(self, reason: str, outcome: MarkOutcome) -> bool:
        """Whether a file that failed, or was not all read, for this reason may succeed with the options of
        this run."""
        options = self._options
        opening = options.passwords or (options.retry and options.remembered)
        is_met = (opening and "--password" in reason) or allow_now(options.limits, reason)
        return is_met or (options.retry and outcome != "done")


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Let the garbage collector look less often: a run holds many small facts that are no garbage."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _open_roots(writer: Writer, plans: Sequence[Plan]) -> None:
    """Remember the roots of a run that are there, with their exclude patterns."""
    there = (RootState.FOLDER, RootState.FILE)
    writer.add_root(
        *(plan.root for plan in plans if plan.is_whole and (plan.known or state_of(plan.start) in there))
    )
