"""Runs that `crossfind watch` begins, and the little that it tells of them: what changed in the library."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.naming import visible

_TOLD = ("indexed", "moved", "removed")
_TROUBLES = ("failed", "skipped")
FEW = 10
"""So many files of a run are named for each thing that became of them; the rest are counted."""


class News:
    """Remembers what was told: every run meets the same unreadable files again.

    `as_json` tells every file, an object a line as `crossfind index --json` does.
    """

    def __init__(self, as_json: bool = False) -> None:
        self._as_json = as_json
        self._known: set[tuple[str, str]] = set()
        self._told: Counter[str] = Counter()
        self._complaint = ""

    def of_run(self, command: Sequence[str]) -> bool:
        """Run `crossfind index --json`, told on standard output file by file; whether it came to its end.

        It ends as well when this process does, whatever ends that.
        """
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        ) as run:
            assert run.stdout is not None
            assert run.stderr is not None
            is_done = False
            complaints: list[str] = []
            reader = threading.Thread(target=lambda: complaints.extend(run.stderr or ()))
            reader.start()
            for line in run.stdout:
                fact = json.loads(line)
                is_done = is_done or "summary" in fact
                self._tell(fact)
            reader.join()
        self._sum_up()
        if not is_done:
            self._complain(complaints[-1].strip() if complaints else "The run broke off.")
        return is_done

    def _tell(self, fact: dict[str, Any]) -> None:
        outcome, path, reason = fact.get("outcome", ""), fact.get("path", ""), fact.get("reason") or ""
        is_trouble = outcome in _TROUBLES and (path, reason) not in self._known
        if not is_trouble and outcome not in _TOLD:
            return
        if is_trouble:
            self._known.add((path, reason))
        self._told[outcome] += 1
        if self._as_json:
            _write(json.dumps(fact, ensure_ascii=False))
        elif self._told[outcome] <= FEW:
            _print(f"{outcome:<8} {path}: {reason}" if is_trouble else f"{outcome:<8} {path}")

    def _sum_up(self) -> None:
        """Say how many files of a run were not named."""
        for outcome, count in self._told.items():
            if count > FEW and not self._as_json:
                _print(f"{outcome:<8} and {count - FEW:,} more")
        self._told.clear()

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _print(f"{complaint} It is tried again.", to_error=True)
        self._complaint = complaint


def _print(line: str, *, to_error: bool = False) -> None:
    _write(f"{datetime.now():%H:%M:%S}  {visible(line)}", to_error=to_error)


def _write(line: str, *, to_error: bool = False) -> None:
    print(line, file=sys.stderr if to_error else None, flush=True)
