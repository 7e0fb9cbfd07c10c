"""`crossfind modalities`: what a library learns from files, and what it is to leave alone."""

import json
from contextlib import closing
from typing import Annotated, Any

import typer

from app import cli_options as options
from search.errors import CrossfindError, LibraryMissingError
from search.people.records import FACE

app = typer.Typer(no_args_is_help=False, invoke_without_command=True)

Names = Annotated[list[str], typer.Argument(help="Their names, as `crossfind modalities` lists them.")]


@app.callback()
def _modalities(context: typer.Context, library: options.Library = None, json_: options.Json = False) -> None:
    """Show what is learned from files, and choose it for a library."""
    if context.invoked_subcommand is None:
        facts = _facts(library)
        print(json.dumps(facts, ensure_ascii=False) if json_ else "\n".join(map(_told, facts)))


@app.command("on")
def switch_on(names: Names, library: options.Library = None) -> None:
    """Learn this again, from the next `crossfind index` on."""
    _switch(names, library, is_on=True)
    print("Switched on. Catch up with: crossfind index")


@app.command("off")
def switch_off(
    names: Names,
    library: options.Library = None,
    delete: Annotated[bool, typer.Option("--delete", help="Also delete what was learned, for good.")] = False,
) -> None:
    """Do not learn this any more. What was learned stays searchable unless it is deleted."""
    from app import bootstrap

    own, kept = _switch(names, library, is_on=False)
    if not delete:
        command = f"crossfind modalities off {' '.join(names)} --delete"
        print(f"Switched off. To delete what was learned, too: {command}")
        return
    with closing(bootstrap.open_library(options.settings(library))) as opened, opened.writer() as writer:
        count = sum(writer.drop_space(space) for space in own)
        if FACE in own:
            writer.forget_people()
    print(
        f"Switched off; {count} segment{'' if count == 1 else 's'} deleted ({', '.join(own) or 'nothing'})."
    )
    if kept:
        print(f"{', '.join(kept)} also serve other modalities and stay; crossfind forget takes files out.")


def _switch(names: list[str], library: options.Library, *, is_on: bool) -> tuple[list[str], list[str]]:
    """Change the library's choice; return the spaces that only these modalities fill, and their others.

    Raises `CrossfindError` for a name that is none.
    """
    from indexers.base import load
    from search.store import Library

    indexers = {indexer.name: indexer for indexer in load().indexers}
    if unknown := [name for name in names if name not in indexers]:
        raise CrossfindError(
            f"There is no modality called {unknown[0]}.", f"There are {', '.join(indexers)}."
        )
    folder = options.settings(library).library_folder
    with closing(Library.create(folder)) as opened, opened.writer() as writer:
        off = opened.switched_off - set(names) if is_on else opened.switched_off | set(names)
        writer.switch_off(off)
    others = {space for name, indexer in indexers.items() if name not in names for space in indexer.spaces}
    theirs = {space for name in names for space in indexers[name].spaces}
    return sorted(theirs - others), sorted(theirs & others)


def _facts(library: options.Library) -> list[dict[str, Any]]:
    from app import bootstrap
    from indexers.base import kinds_of, load

    try:
        with closing(bootstrap.open_library(options.settings(library))) as opened:
            off = opened.switched_off
    except LibraryMissingError:
        off = frozenset()
    return [
        {
            "name": indexer.name,
            "on": indexer.name not in off,
            "reads": sorted(kinds_of(indexer)),
            "spaces": sorted(indexer.spaces),
        }
        for indexer in load().indexers
    ]


def _told(one: dict[str, Any]) -> str:
    state = "on " if one["on"] else "off"
    return f"{state}  {one['name']:10}  {', '.join(one['reads']):24}  {', '.join(one['spaces'])}"
