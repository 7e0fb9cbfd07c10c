"""`crossfind metadata show | import | export | forget | export-xmp`: what is known."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app import cli_options as options
from app.naming import visible

app = typer.Typer(help="Your own fields by path, and what is known of a file.", no_args_is_help=True)
_SHOWN = 5


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(help="A file in the library.")],
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Show everything that is known of a file: what it says itself, its sidecar, and you."""
    from app import bootstrap, own_fields

    with closing(bootstrap.open_library(options.settings(library))) as opened:
        facts = own_fields.facts_of(opened, file)
    if json_:
        print(json.dumps(facts, ensure_ascii=False))
        return
    for name, value in facts.items():
        print(f"{'seconds' if name == 'duration_s' else name:<12}{_told(value)}")


def _told(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {', '.join(texts)}" for name, texts in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(": ".join(one) if isinstance(one, tuple) else str(one) for one in value)
    text = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return " · ".join(map(visible, text.splitlines()))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A CSV, JSON or JSON-lines file with a column of paths.")],
    path_column: Annotated[str | None, typer.Option("--path-column", help="The column of paths.")] = None,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Take in your own fields: title, tags, rating, date, place; any other column is meta:column=value."""
    from app import bootstrap, own_fields

    with closing(bootstrap.open_library(options.settings(library))) as opened:
        report = own_fields.take_in(opened, file, path_column)
    if json_:
        told = {"imported": report.told, "unknown": report.unknown, "complaints": report.complaints}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"Imported for {_count(report.told, 'file')}")
        _list("not in the library", report.unknown)
        _list("left out", report.complaints)
    raise typer.Exit(1 if report.unknown or report.complaints else 0)


def _list(what: str, lines: list[str]) -> None:
    if lines:
        more = f" and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
        print(f"{len(lines)} {what}: {visible('; '.join(lines[:_SHOWN]))}{more}")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


@app.command("export")
def export(
    file: Annotated[Path, typer.Argument(help="Where to: .json, or CSV with any other ending.")],
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Write everything you imported to a file that can be imported again."""
    from app import bootstrap, own_fields

    with closing(bootstrap.open_library(options.settings(library))) as opened:
        count = own_fields.write_out(opened, file, force=force)
    print(f"{_count(count, 'row')} written to {file}")


@app.command("forget")
def forget(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders.")],
    library: options.Library = None,
) -> None:
    """Delete what you imported for these files; what the files say themselves stays."""
    from app import bootstrap, own_fields

    with closing(bootstrap.open_library(options.settings(library))) as opened:
        print(f"{_count(own_fields.forget(opened, paths), 'file')} forgotten")


@app.command("export-xmp")
def export_xmp(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders; none: everything.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write below this folder instead.", show_default=False)
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Add to sidecars of other programs, too; what they say stays.")
    ] = False,
    all_: Annotated[bool, typer.Option("--all", help="Write also what the files say themselves.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing, only tell.")] = False,
    library: options.Library = None,
    json_: options.Json = False,
) -> None:
    """Write titles, tags, ratings and names of faces to XMP sidecars, never to the files themselves."""
    from app import bootstrap, xmp_export

    wishes = xmp_export.Wishes(tuple(paths or ()), out, replace, all_, dry_run)
    with closing(bootstrap.open_library(options.settings(library))) as opened:
        report = xmp_export.export(opened, wishes)
    if json_:
        told = {"written": report.written, "kept": report.kept, "failed": report.failed, "dry_run": dry_run}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(f"{_count(len(report.written), 'sidecar')} {'would be ' if dry_run else ''}written")
        _list("of other programs kept (--replace adds to them)", report.kept)
        _list("failed", report.failed)
    raise typer.Exit(1 if report.failed else 0)
