"""`crossfind search`: one query or a file of them, for a person or for a program."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import typer

from app import cli_options as options
from app import cli_search_options as given
from app.cli_asked import asked, pointing
from app.config import Config
from search.errors import CrossfindError
from search.records import SearchResult

Ask = Callable[[str], SearchResult]

EXAMPLES = """[bold]Examples[/bold]

crossfind search dog in the snow

crossfind search '"annual report" type:pdf date:2024'

crossfind search 'like:@photo.jpg in:Holidays'

crossfind search 'dog type:video' --format m3u > dogs.m3u

crossfind search -- -dog type:image   (a query that begins with a minus)
"""


def search(
    query: given.Query = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    limit: given.Limit = 20,
    floor: given.Floor = None,
    group: given.Group = "file",
    per_file: given.PerFile = 10,
    sort: given.Sort = "relevance",
    type_: given.Type = None,
    fix: given.Fix = "auto",
    best: given.Best = False,
    queries: given.Queries = None,
    json_: options.Json = False,
    format_: given.Format = "table",
    copy_to: given.CopyTo = None,
    open_: given.Open = False,
    why: given.Why = False,
    heatmap: given.Heatmap = None,
    no_service: options.NoService = False,
) -> None:
    """Search the library by meaning, words, picture and metadata."""
    if bool(query) == bool(queries):
        raise typer.BadParameter("Give a query, or --queries FILE, and not both.")
    config = options.settings(library, models_dir, device)
    chosen: dict[str, Any] = {"limit": limit, "floor": floor, "group": group, "sort": sort, "kind": type_}
    chosen |= {"per_file": per_file, "fix": fix, "best": best, "base": str(Path.cwd())}
    answering = asked(config, in_process=no_service or not config.service)
    form = "json" if json_ else "why" if why and format_ == "table" else format_
    if queries:
        if form not in ("table", "why", "json") or copy_to or open_ or heatmap:
            raise typer.BadParameter("--queries goes with the table or --json alone.")
        ask = partial(answering.search, options=chosen)
        raise typer.Exit(_answer_file(queries, ask, form))
    text = " ".join(query or ())
    with pointing(text):
        if form in ("csv", "paths", "m3u") and not (copy_to or open_ or heatmap):
            told, count = answering.written(text, chosen, form)
            _print_form(told)
            raise typer.Exit(0 if count else 1)
        result = answering.search(text, chosen)
    SHOW[form](result)
    if form in ("table", "why") and not result.hits:
        print(weaker(answering.search(text, chosen | {"floor": 0.0}) if floor != 0 else result, limit))
    if heatmap:
        _paint(heatmap, config, result, partial(answering.heat, text))
    is_done = act(result, copy_to, open_)
    raise typer.Exit(0 if result.hits and is_done else 1)


def weaker(result: SearchResult, limit: int) -> str:
    """Tell what there is where nothing good is; `result` is what was found with the floor at 0, `limit` hits
    of it at the most."""
    if not result.hits:
        return "Nothing weaker matches either. What can be written is shown by: crossfind search --help"
    count = len(result.hits)
    many = f"{count} or more" if count == limit else f"{count}"
    there = "One weaker match is" if count == 1 < limit else f"{many} weaker matches are"
    return f"{there} there; --floor 0 shows {'it' if count == 1 < limit else 'them'}."


def act(result: SearchResult, copy_to: Path | None, is_opened: bool) -> bool:
    """Copy and open what was found; False when a file could not be copied."""
    from app import forms

    if is_opened and result.hits:
        typer.launch(result.hits[0].file.path)
    if copy_to is None:
        return True
    done = forms.copy_to(copy_to, result.hits)
    there = f", {done.there} were there already" if done.there else ""
    print(f"{done.copied} copied to {copy_to}{there}", file=sys.stderr)
    for path, reason in done.problems.items():
        print(f"not copied: {path}: {reason}", file=sys.stderr)
    return not done.problems


def _paint(
    folder: Path, config: Config, result: SearchResult, ask: Callable[[str, int], list[list[float]]]
) -> None:
    from app import heat

    done = heat.save_pictures(folder, config, result.hits, lambda path, page: heat.from_json(ask(path, page)))
    for where, reason in done.problems.items():
        print(f"not painted: {where}: {reason}", file=sys.stderr)
    print(f"{done.pages} {'page' if done.pages == 1 else 'pages'} painted in {folder}", file=sys.stderr)


def _answer_file(file: Path, ask: Ask, form: str) -> int:
    """Answer one query a line; a bad one is an error object (or line) and the rest go on."""
    failed, as_json = False, form == "json"
    for text in filter(None, map(str.strip, options.lines_of(file))):
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
        SHOW[form](result)
    return 1 if failed else 0


def _show_json(result: SearchResult) -> None:
    from search.output import to_json

    print(json.dumps(to_json(result), ensure_ascii=False), flush=True)


def _show_person(result: SearchResult, *, why: bool = False) -> None:
    from app.show import print_result

    print_result(result, why=why)


def _show_form(name: str) -> Callable[[SearchResult], None]:
    def show(result: SearchResult) -> None:
        from app import forms

        _print_form(forms.FORMS[name](result))

    return show


def _print_form(told: str) -> None:
    sys.stdout.buffer.write(told.encode("utf-8", "surrogateescape"))  # names need not be valid text
    sys.stdout.flush()


SHOW: Mapping[str, Callable[[SearchResult], None]] = {
    "table": _show_person,
    "why": partial(_show_person, why=True),
    "json": _show_json,
    **{name: _show_form(name) for name in ("csv", "paths", "m3u")},
}

search.__doc__ = f"{search.__doc__}\n\n{EXAMPLES}"
