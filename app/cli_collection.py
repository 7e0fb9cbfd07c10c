"""`crossfind collection ...`: lists of files and places that a person picks."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import cli_options as options
from app.cli_asked import pointing
from app.cli_saved import NoService, ask_of
from app.cli_search import SHOW
from app.cli_search_options import Form

app = typer.Typer(help="Lists of files and moments that you pick.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name of the collection.")]


@app.command("add")
def add(
    name: Name,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files, or folders with all in them.", show_default=False)
    ] = None,
    found: Annotated[
        str | None, typer.Option("--found", help="Put the hits of this query in, with their places.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many hits.")] = 20,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
    no_service: NoService = False,
) -> None:
    """Put files, or the hits of a query, into a collection; it is made if there is none of that name.

    In queries collection:NAME keeps to what is in it.

    Examples: crossfind collection add "Best of" a.jpg b.mp4

    crossfind collection add "Best of" --found "dog in snow" -n 5
    """
    from app import keeping

    if bool(files) == (found is not None):
        raise typer.BadParameter("Name files, or --found QUERY, and not both.")
    config = options.settings(library, models_dir)
    if found is None:
        count = keeping.add_files(config, name, files or ())
    else:
        with pointing(found):
            hits = ask_of(config, no_service)(found, limit).hits
        count = keeping.add_hits(config, name, hits)
    print(json.dumps({"name": name, "added": count}) if json_ else f"{count} added to {name}.")


@app.command("list")
def list_(library: options.Library = None, json_: options.Json = False) -> None:
    """List the collections and how much is in each."""
    from app import keeping

    every = keeping.kept(options.settings(library)).collections()
    if json_:
        told = [{"name": one.name, "count": one.count, "added": one.added.isoformat()} for one in every]
        print(json.dumps(told, ensure_ascii=False))
        return
    for one in every:
        print(f"{one.count:>6}  {one.name}")
    if not every:
        print("There is no collection. Make one: crossfind collection add NAME FILE")


@app.command("show")
def show(
    name: Name,
    library: options.Library = None,
    json_: options.Json = False,
    format_: Annotated[Form, typer.Option("--format", help="table, json, csv, paths or m3u.")] = "table",
    copy_to: Annotated[
        Path | None, typer.Option("--copy-to", help="Copy the files there; nothing is overwritten.")
    ] = None,
) -> None:
    """Show what is in a collection, in the order it was put in."""
    from app import keeping
    from app.cli_search import act

    result, gone = keeping.collection(options.settings(library), name)
    form = "json" if json_ else format_
    if form == "table" and not result.hits:
        print("Nothing is in it.")
    else:
        SHOW[form](result)
    for path in gone:
        print(f"no longer in the library: {path}", file=sys.stderr)
    is_done = act(result, copy_to, is_opened=False)
    raise typer.Exit(0 if result.hits and is_done else 1)


@app.command("remove")
def remove(
    name: Name,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="What to take out; without, the whole list.", show_default=False),
    ] = None,
    library: options.Library = None,
) -> None:
    """Take files out of a collection, or forget the whole collection. The files are not touched."""
    from app import keeping

    config = options.settings(library)
    if files:
        count = keeping.take_out(config, name, files)
        print(f"{count} taken out of {name}.")
        return
    keeping.kept(config).remove_collection(name)
    print(f"The collection {name} is forgotten; its files are where they were.")
