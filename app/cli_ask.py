"""`crossfind ask --voice`: a spoken query."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import cli_options as options
from app import cli_search_options as given
from app.cli_asked import asked, pointing
from app.cli_search import SHOW

if TYPE_CHECKING:
    from app.listening import Heard


def ask(
    voice: Annotated[
        Path,
        typer.Option("--voice", help="A recording of what you look for.", exists=True, dir_okay=False),
    ],
    edit: Annotated[
        str | None, typer.Option("--edit", help="Search for this instead of what was understood.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Search without asking first.")] = False,
    also: Annotated[
        str | None, typer.Option("--also", help="A filter to add, such as type:image.", show_default=False)
    ] = None,
    limit: given.Limit = 20,
    floor: given.Floor = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    json_: options.Json = False,
    format_: given.Format = "table",
    no_service: options.NoService = False,
) -> None:
    """Search for what is said in a recording. Words that may be misheard stand between ⟨ and ⟩.

    On a terminal you can correct what was understood before it is searched for.
    """
    from app.listening import Listener

    config = options.settings(library, models_dir, device)
    heard = Listener(config, lambda text: print(text, file=sys.stderr)).listen(voice)
    form = "json" if json_ else format_
    query = edit or _confirmed(heard, is_asked=form == "table" and not yes)
    text = f"({query}) {also}" if also else query
    chosen: dict[str, Any] = {"limit": limit, "floor": floor, "base": str(Path.cwd())}
    with pointing(text):
        result = asked(config, in_process=no_service or not config.service).search(text, chosen)
    result = replace(result, fixes=(*heard.fixes, *result.fixes))
    if form == "json":
        from search.output import to_json

        told = {**heard.to_json(), "edited": query != heard.query}
        print(json.dumps({**to_json(result), "voice": told}, ensure_ascii=False))
    else:
        SHOW[form](result)
    raise typer.Exit(0 if result.hits else 1)


def _confirmed(heard: "Heard", *, is_asked: bool) -> str:
    """Show what was understood, and on a terminal let it be corrected."""
    from app.listening import marked

    print(f"Heard: {marked(heard.words)}", file=sys.stderr)
    if not (is_asked and sys.stdin.isatty() and sys.stderr.isatty()):
        return heard.query
    said = typer.prompt("Enter to search, or type it as it should be", default=heard.query, err=True)
    return str(said).strip() or heard.query
