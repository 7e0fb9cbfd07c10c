"""How a search answers: what a person or a program may choose beside the query."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from search.candidates import Group, Sort
from search.errors import CrossfindError
from search.picture_asking import Fixing
from search.prefixes import KINDS

DEFAULT_FLOOR = 0.25
"""Weaker hits are left out unless a floor is asked for; see docs/decisions/0004."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How a search answers. `floor` is the least score 0..1; None takes the default, 0 shows everything.

    `group` gives one hit for each segment, file, day or folder; `kind` is a `type:` that is added to the
    query; `base` is the folder from which relative `@paths` start. `fix` says what becomes of what may be
    wrong with a query: it is mended where that finds more, only said, or left. `best` has the first hits read
    again by a model for their order. With `segment`, no more than `per_file` places of a file are shown, all
    where that is 0.
    """

    limit: int = 20
    floor: float | None = None
    group: Group = "file"
    sort: Sort = "relevance"
    kind: str | None = None
    base: Path = field(default_factory=Path.cwd)
    fix: Fixing = "auto"
    best: bool = False
    per_file: int = 10


def check_options(options: SearchOptions) -> None:
    """Raise `CrossfindError` for a value that the command line or a service passed on unchecked."""
    choices: dict[str, tuple[str, tuple[str, ...]]] = {
        "group": (options.group, get_args(Group)),
        "sort": (options.sort, get_args(Sort)),
        "fix": (options.fix, get_args(Fixing)),
    }
    if options.kind is not None:
        choices["type"] = (options.kind, tuple(KINDS))
    for name, (value, known) in choices.items():
        if value not in known:
            raise CrossfindError(f"{name} cannot be {value!r}.", f"Use one of {', '.join(known)}.")
    if options.limit < 1:
        raise CrossfindError("The limit must be 1 or more.")
    if options.per_file < 0:
        raise CrossfindError("The places of one file must be 0 or more.", "0 shows all of them.")
    if options.floor is not None and not 0 <= options.floor <= 1:
        raise CrossfindError("The floor must be between 0 and 1.", "0 shows everything.")
