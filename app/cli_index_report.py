"""How an indexing run is told: lines of JSON for programs, a progress bar and a summary for a person."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.learned import LEARNED
from app.naming import visible
from indexers.media_types import by_extension
from search.records import (
    Failed,
    Indexed,
    Missing,
    Moved,
    Outcome,
    Progress,
    Removed,
    Skipped,
    Unchanged,
    media_kind,
)

_SHARE_EVERY_S = 1.0

NAMES = {
    Indexed: "indexed",
    Unchanged: "unchanged",
    Moved: "moved",
    Skipped: "skipped",
    Failed: "failed",
    Removed: "removed",
}


def as_json(outcome: Outcome) -> dict[str, Any]:
    """One outcome as the stable output format has it."""
    reason = getattr(outcome, "reason", None) or getattr(outcome, "before", None)
    return {"outcome": NAMES[type(outcome)], "path": outcome.path, "reason": reason}


Share = Callable[[Progress | None], None]


def _nobody(_: Progress | None) -> None:
    """Share with nobody."""


class Report:
    """Counts outcomes; children show them."""

    def __init__(self, share: Share = _nobody) -> None:
        """`share` is told now and then how far the run is, and None at its end."""
        self.counts: Counter[str] = Counter(dict.fromkeys(NAMES.values(), 0))
        self._share, self._shared = share, 0.0
        self.read: Counter[str] = Counter()
        """Bytes of the files that were indexed, by kind."""
        self._began = time.monotonic()

    def follow(self, events: Iterator[Outcome | Progress | Missing]) -> Counter[str]:
        """Consume a run to its end and return how often each outcome came."""
        for event in events:
            if isinstance(event, Progress):
                self.progress(event)
                self._tell_others(event)
            elif isinstance(event, Missing):
                self.gap(event)
            else:
                self.counts[NAMES[type(event)]] += 1
                self._note_size(event)
                self.outcome(event)
        self._share(None)
        self.summary(self.seconds)
        return self.counts

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return round(time.monotonic() - self._began, 2)

    def _note_size(self, event: Outcome) -> None:
        media_type = by_extension(event.path) if isinstance(event, Indexed) else None
        if media_type is not None:
            with suppress(OSError, ValueError):
                self.read[media_kind(media_type)] += Path(event.path).stat().st_size

    def _tell_others(self, event: Progress) -> None:
        if time.monotonic() - self._shared >= _SHARE_EVERY_S:
            self._shared = time.monotonic()
            self._share(event)

    def progress(self, event: Progress) -> None:
        """Show how far the run is."""

    def outcome(self, event: Outcome) -> None:
        """Show what became of one file."""

    def gap(self, event: Missing) -> None:
        """Say that a model failed and its space is left out of the run."""
        what = LEARNED.get(event.space, event.space)
        print(f"Left out of this run: {what}. {event.told}", file=sys.stderr)

    def summary(self, seconds: float) -> None:
        """Show the end."""


class JsonReport(Report):
    """One JSON object a line on standard output; progress, if wanted, on standard error."""

    def __init__(self, with_progress: bool, share: Share = _nobody) -> None:
        super().__init__(share)
        self._with_progress = with_progress

    def progress(self, event: Progress) -> None:
        """Write a progress line."""
        if self._with_progress:
            print(json.dumps({"progress": asdict(event)}), file=sys.stderr, flush=True)

    def outcome(self, event: Outcome) -> None:
        """Write an outcome line."""
        print(json.dumps(as_json(event), ensure_ascii=False), flush=True)

    def summary(self, seconds: float) -> None:
        """Write the summary line."""
        print(json.dumps({"summary": {**self.counts, "seconds": seconds}}), flush=True)


class PersonReport(Report):
    """A progress bar on standard error, then what could not be read and why."""

    def __init__(self, share: Share = _nobody) -> None:
        super().__init__(share)
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True, highlight=False)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[told]}"),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("looking for files", total=None, told="")
        self._unread: list[Skipped | Failed | Indexed] = []

    def follow(self, events: Iterator[Outcome | Progress | Missing]) -> Counter[str]:
        """Consume a run under a progress bar."""
        with self._bar:
            return super().follow(events)

    def progress(self, event: Progress) -> None:
        """Move the bar."""
        total = None if event.share is None else 1.0
        self._bar.update(
            self._task,
            completed=event.share or 0.0,
            total=total,
            description=event.stage,
            told=how_far(event),
        )

    def outcome(self, event: Outcome) -> None:
        """Remember what could not be read, or not all of it."""
        if isinstance(event, Skipped | Failed) or (isinstance(event, Indexed) and event.reason):
            self._unread.append(event)

    def summary(self, seconds: float) -> None:
        """Say what happened."""
        self._bar.stop()
        for event in self._unread:
            style = "red" if isinstance(event, Failed) else "yellow"
            how = "not all of it" if isinstance(event, Indexed) else NAMES[type(event)]
            self._console.print(f"{how}: ", style=style, end="")
            self._console.print(visible(f"{event.path}: {event.reason}"), markup=False, soft_wrap=True)
        told = [f"{count} {name}" for name, count in self.counts.items() if count]
        print(f"{', '.join(told) or 'no files'} in {_duration(seconds)}")


def how_far(progress: Progress) -> str:
    """Say it in numbers: 1 of 3 files · 47% · 12 min left."""
    speed, left = progress.files_per_s, progress.left_s
    parts = [
        _files(progress.done) if progress.total is None else f"{progress.done} of {_files(progress.total)}",
        "" if progress.share is None else f"{progress.share:.0%}",
        f"{speed:.1f} files/s" if speed >= 0.95 else f"{60 * speed:.0f} files/min" if 60 * speed >= 1 else "",
        "" if left is None else f"{_roughly(left)} left",
    ]
    return " · ".join(part for part in parts if part)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _roughly(seconds: float) -> str:
    """Write a duration that is a guess."""
    return _duration(round(seconds / 60) * 60 if seconds >= 90 else seconds).removesuffix(" 0 s")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
