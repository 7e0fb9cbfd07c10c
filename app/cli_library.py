"""`crossfind status | transcript | forget | prune | doctor`: look after a library."""

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from app import cli_options as options
from app.naming import visible, write_new
from search.records import Missing

_BESIDE = {"skipped": "Left out", "partly": "Partly"}


def status(
    library: options.Library = None, models_dir: options.ModelsDir = None, json_: options.Json = False
) -> None:
    """Show what the library holds: counts, models in use, disk use, what could not be read."""
    from app import reports

    facts = reports.status(options.settings(library, models_dir))
    print(json.dumps(facts, ensure_ascii=False) if json_ else _told(facts))
    if not (json_ or facts["files"]):
        print("Fill it with: crossfind index FOLDER")


def _told(facts: dict[str, Any]) -> str:
    from app.learned import LEARNED, counted, learned

    lines = [f"Library   {facts['library']}"]
    lines += [f"Folder    {root['path']}{'' if root['present'] else '  (away)'}" for root in facts["roots"]]
    lines.append(f"Files     {counted(facts['files']) or 'none'}" + _away(facts["offline_files"]))
    lines += [f"Learned   {learned(name, space)}" for name, space in facts["spaces"].items()]
    if facts["people"]["faces"]:
        lines.append(f"People    {facts['people']['named']} with a name, {facts['people']['faces']} faces")
    lines += [
        f"Missing   {LEARNED.get(m['space'], m['space'])}: {Missing(**m).told}" for m in facts["missing"]
    ]
    lines.append(f"On disk   {facts['bytes'] / 1e6:.1f} MB")
    for bad in facts["unread"]:
        lines.append(f"{_BESIDE.get(bad['outcome'], 'Unread'):<10}{bad['path']}: {bad['reason']}")
    return "\n".join(map(visible, lines))


def _away(count: int) -> str:
    return f" ({count} on drives that are away)" if count else ""


def transcript(
    file: Annotated[Path, typer.Argument(help="A film or recording in the library.")],
    format_: Annotated[
        options.TranscriptForm, typer.Option("--format", help="srt, vtt, txt, or json with the words.")
    ] = "txt",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this new file.")] = None,
    force: options.Force = False,
    library: options.Library = None,
) -> None:
    """Write down what is said in a film or recording, with its times."""
    from app import bootstrap, transcripts

    with closing(bootstrap.open_library(options.settings(library))) as opened:
        path = Path(os.path.abspath(file))  # noqa: PTH100 (links must stay as they are)
        told = transcripts.transcript(opened, path, format_)
    if output is None:
        print(told, end="")
    else:
        write_new(output, told, force=force)


def forget(
    paths: Annotated[list[Path], typer.Argument(help="Files or folders to take out of the library.")],
    library: options.Library = None,
) -> None:
    """Take files or folders out of the library. The files themselves are never touched."""
    from app import bootstrap
    from indexers.walk import absolute, contains

    forgotten = []
    with closing(bootstrap.open_library(options.settings(library))) as opened:
        for path in map(absolute, paths):
            is_root = any(root.path == path for root in opened.roots)
            with opened.writer() as writer:
                count = writer.forget(path)
            if count or is_root:
                forgotten.append(path)
                print(f"{count} file{'' if count == 1 else 's'} forgotten: {visible(path)}")
            else:
                print(f"not in the library: {visible(path)}", file=sys.stderr)
        roots = [root.path for root in opened.roots]
    if any(os.path.lexists(path) and contains(root, path) for path in forgotten for root in roots):
        print("The next crossfind index reads it again, unless a .crossfindignore beside it leaves it out.")
    raise typer.Exit(0 if len(forgotten) == len(paths) else 1)


def prune(library: options.Library = None) -> None:
    """Remove what belongs to no file any more: deleted files' vectors, thumbnails, old versions."""
    from app import bootstrap

    with closing(bootstrap.open_library(options.settings(library))) as opened, opened.writer() as writer:
        report = writer.prune()
    gone = f"what was learned of {report.contents} files ({report.segments} places)"
    print(f"Removed {gone}, {report.thumbnails} thumbnails; {report.bytes_freed / 1e6:.1f} MB freed")


def doctor(
    library: options.Library = None,
    repair: Annotated[bool, typer.Option("--repair/--no-repair", help="Mend what is safe to mend.")] = True,
    json_: options.Json = False,
) -> None:
    """Check the library: tables, counts, orphans, indexes, versions; repair what is safe."""
    from app import reports

    report = reports.doctor(options.settings(library), repair=repair)
    if json_:
        print(json.dumps(report, ensure_ascii=False))
    else:
        for line in report["checks"]:
            print(f"ok        {line}")
        for problem in report["problems"]:
            print(f"{'repaired' if problem['repaired'] else 'problem '}  {problem['detail']}")
    raise typer.Exit(1 if any(not p["repaired"] for p in report["problems"]) else 0)
