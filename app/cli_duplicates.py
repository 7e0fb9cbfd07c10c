"""`crossfind duplicates`: what is there more than once. Lists, and deletes nothing."""

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from app import cli_options as options

Form = Literal["table", "json", "csv", "paths"]


def duplicates(
    in_: Annotated[
        str | None, typer.Option("--in", help="Only below this folder.", show_default=False)
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            "--kind", help="same, copy, near or film; may be given several times.", show_default=False
        ),
    ] = None,
    library: options.Library = None,
    json_: options.Json = False,
    format_: Annotated[
        Form,
        typer.Option("--format", help="table, json, csv, or paths (one a line, groups parted by a line)."),
    ] = "table",
    omit_first: Annotated[
        bool, typer.Option("--omit-first", help="With paths: without the first, the largest, of each group.")
    ] = False,
) -> None:
    """List files that are the same, or nearly so: same bytes (same), pictures encoded anew or resized (copy),
    pictures that look alike, such as bursts and crops (near), and films that show the same (film).

    Nothing is deleted. The first of each group is the largest.

    Examples: crossfind duplicates --in Holidays

    crossfind duplicates --kind copy --format csv > copies.csv
    """
    from app import duplicates as found

    form = "json" if json_ else format_
    if omit_first and form != "paths":
        raise typer.BadParameter("--omit-first goes with --format paths.")
    folder = str(Path(in_).absolute()) if in_ and Path(in_).is_dir() else in_
    groups = found.duplicates(options.settings(library), kind or (), folder, _progress)
    match form:
        case "json":
            print(json.dumps({"groups": found.as_json(groups)}, ensure_ascii=True))
        case "csv":
            _write(found.as_csv(groups))
        case "paths":
            _write(found.as_paths(groups, without_first=omit_first))
        case "table":
            print(found.as_lines(groups, Path.cwd()))
    raise typer.Exit(0 if groups else 1)


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))  # names need not be valid text
    sys.stdout.flush()


def _progress(done: int, total: int) -> None:
    """Tell a person who waits; nobody else."""
    if sys.stderr.isatty() and total:
        end = "\n" if done == total else ""
        print(f"\r{done} of {total} pairs of pictures compared", end=end, file=sys.stderr, flush=True)
