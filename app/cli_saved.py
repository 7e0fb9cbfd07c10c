"""`crossfind saved ...`: searches that a person asks again, and what is new since."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import cli_options as options
from app.cli_asked import asked, pointing
from app.cli_search import SHOW
from app.cli_search_options import Form

if TYPE_CHECKING:
    from app.keeping import Ask

app = typer.Typer(help="Searches to ask again, and what is new since.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name of the saved search.")]
NoService = Annotated[
    bool, typer.Option("--no-service", help="Answer in this process; start no resident one.")
]


@app.command("add")
def add(
    name: Name,
    query: Annotated[list[str], typer.Argument(help="What to look for, as in crossfind search.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of one of this name.")] = False,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
    no_service: NoService = False,
) -> None:
    """Save a search under a name. What it finds now counts as seen.

    In other queries saved:NAME stands for it.
    """
    from app import keeping

    config = options.settings(library, models_dir)
    text, ask = " ".join(query), ask_of(config, no_service)
    with pointing(text):
        told = keeping.save(config, name, text, ask, Path.cwd(), replaced=replace)
    hits = f"{told['hits']} hit{'' if told['hits'] == 1 else 's'} now"
    print(json.dumps(told, ensure_ascii=False) if json_ else f"Saved as {told['name']}: {hits}.")


@app.command("list")
def list_(
    count: Annotated[bool, typer.Option("--count/--no-count", help="Ask each and count what is new.")] = True,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
    no_service: NoService = False,
) -> None:
    """List the saved searches, each with how many hits it has and how many of them are new."""
    from app import keeping

    config = options.settings(library, models_dir)
    told = keeping.saved_searches(config, ask_of(config, no_service) if count else None)
    if json_:
        print(json.dumps(told, ensure_ascii=False))
        return
    for one in told:
        print(f"{one['name']:<24} {_counts(one):<22} {one['query']}")
    if not told:
        print("No search is saved. Save one: crossfind saved add NAME QUERY")


def _counts(one: dict[str, Any]) -> str:
    if "hits" not in one:
        return ""
    if one["error"]:
        return "cannot be asked"
    return f"{one['hits']} hit{'' if one['hits'] == 1 else 's'}, {one['new']} new"


@app.command("run")
def run(
    name: Name,
    new: Annotated[bool, typer.Option("--new", help="Only what was not shown before.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many hits.")] = 20,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
    format_: Annotated[Form, typer.Option("--format", help="table, json, csv, paths or m3u.")] = "table",
    no_service: NoService = False,
) -> None:
    """Ask a saved search again. What is shown counts as seen from then on."""
    from app import keeping

    config = options.settings(library, models_dir)
    with pointing(keeping.kept(config).search(name).query):
        result, left = keeping.run(config, name, ask_of(config, no_service), limit, only_new=new)
    form = "json" if json_ else format_
    if form == "table" and new and not result.hits:
        print("Nothing new.")
    else:
        SHOW[form](result)
    if left:
        print(f"{left} more {'is' if left == 1 else 'are'} new; see them with --new", file=sys.stderr)
    raise typer.Exit(0 if result.hits else 1)


@app.command("remove")
def remove(name: Name, library: options.Library = None) -> None:
    """Forget a saved search. The files it finds are not touched."""
    from app import keeping

    keeping.kept(options.settings(library)).remove_search(name)
    print(f"{name} is no longer saved.")


def ask_of(config: Any, no_service: bool) -> "Ask":
    """Return who answers a query with at most so many hits; relative paths start at the current folder."""
    answering = asked(config, in_process=no_service or not config.service)
    base = str(Path.cwd())
    return lambda text, limit: answering.search(text, {"limit": limit, "base": base})
