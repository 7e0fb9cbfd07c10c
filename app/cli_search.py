"""`crossfind search`: one query or a file of them, for a person or for a program."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from app import cli_options as options
from app.config import Config
from search.errors import CrossfindError, QuerySyntaxError
from search.records import SearchResult

Ask = Callable[[str], SearchResult]

EXAMPLES = """[bold]Examples[/bold]

crossfind search dog in the snow

crossfind search '"annual report" type:pdf date:2024'

crossfind search 'like:@photo.jpg in:Holidays'

crossfind search -- -dog type:image   (a query that begins with a minus)
"""


def search(
    query: Annotated[list[str] | None, typer.Argument(help="What to look for.", show_default=False)] = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many hits.")] = 20,
    floor: Annotated[
        float | None, typer.Option("--floor", min=0, max=1, help="Leave out weaker hits; 0 shows everything.")
    ] = None,
    group: Annotated[str, typer.Option("--group", help="segment, file, day or folder.")] = "file",
    sort: Annotated[str, typer.Option("--sort", help="relevance, date or name.")] = "relevance",
    type_: Annotated[str | None, typer.Option("--type", help="image, pdf, video or audio.")] = None,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", help="Answer every line of this file.", exists=True, dir_okay=False),
    ] = None,
    json_: options.Json = False,
    no_service: Annotated[
        bool, typer.Option("--no-service", help="Answer in this process; start no resident one.")
    ] = False,
) -> None:
    """Search the library by meaning, words, picture and metadata."""
    if bool(query) == bool(queries):
        raise typer.BadParameter("Give a query, or --queries FILE, and not both.")
    config = options.settings(library, models_dir, device)
    chosen: dict[str, Any] = {"limit": limit, "floor": floor, "group": group, "sort": sort, "kind": type_}
    ask = _asker(config, chosen | {"base": str(Path.cwd())}, in_process=no_service or not config.service)
    show = _show_json if json_ else _show_person
    if queries:
        raise typer.Exit(_answer_file(queries, ask, json_))
    text = " ".join(query or ())
    try:
        result = ask(text)
    except QuerySyntaxError as error:
        print(_caret(text, error), file=sys.stderr)
        raise
    show(result)
    raise typer.Exit(0 if result.hits else 1)


def _asker(config: Config, chosen: dict[str, Any], in_process: bool) -> Ask:
    if not in_process:
        from app.client import Client, ServiceError

        client = Client(config)
        try:
            client.ask("ping")
        except ServiceError as error:
            print(f"crossfind: {error.message} Answering without it.", file=sys.stderr)
        else:
            return lambda text: client.search(text, chosen)
    from app.desk import Desk
    from search.output import from_json

    desk = Desk()
    return lambda text: from_json(desk.search(config, text, chosen))


def _answer_file(file: Path, ask: Ask, as_json: bool) -> int:
    """Answer one query a line; a bad one is an error object (or line) and the rest go on."""
    failed = False
    for text in _queries(file):
        try:
            result = ask(text)
        except CrossfindError as error:
            failed = True
            if as_json:
                print(
                    json.dumps({"query": text, "error": str(error), "hits": []}, ensure_ascii=False),
                    flush=True,
                )
            else:
                print(f"crossfind: {text}: {error}", file=sys.stderr)
            continue
        failed |= not result.hits
        if not as_json:
            print(f"── {text}")
        (_show_json if as_json else _show_person)(result)
    return 1 if failed else 0


def _queries(file: Path) -> Iterator[str]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CrossfindError(
            f"{file} cannot be read as UTF-8 text ({error}).", "Save it as UTF-8."
        ) from error
    return (line.strip() for line in lines if line.strip())


def _caret(text: str, error: QuerySyntaxError) -> str:
    return f"  {text}\n  {' ' * error.start}{'^' * max(1, error.end - error.start)}"


def _show_json(result: SearchResult) -> None:
    from search.output import to_json

    print(json.dumps(to_json(result), ensure_ascii=False), flush=True)


def _show_person(result: SearchResult) -> None:
    from app.show import print_result

    print_result(result)


search.__doc__ = f"{search.__doc__}\n\n{EXAMPLES}"
