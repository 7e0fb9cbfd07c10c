"""`crossfind explain`: the plan of a query, and what each of its legs brought and cost."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app import cli_options as options
from app import cli_search_options as given
from app.cli_asked import asked, pointing
from search.watch import Explanation, LegReport


def explain(
    query: Annotated[list[str], typer.Argument(help="What to look for.", show_default=False)],
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    limit: given.Limit = 20,
    floor: given.Floor = None,
    type_: given.Type = None,
    json_: options.Json = False,
    no_service: options.NoService = False,
) -> None:
    """Search, and tell how: what was done in which order, and what each leg of the query brought and cost."""
    config = options.settings(library, models_dir, device)
    chosen = {"limit": limit, "floor": floor, "kind": type_, "base": str(Path.cwd())}
    text = " ".join(query)
    with pointing(text):
        explanation = asked(config, in_process=no_service or not config.service).explain(text, chosen)
    if json_:
        from search.output import explanation_to_json

        print(json.dumps(explanation_to_json(explanation), ensure_ascii=False))
    else:
        print_explanation(explanation)
    raise typer.Exit(0 if explanation.result.hits else 1)


def print_explanation(explanation: Explanation, console: Console | None = None) -> None:
    """Print steps, legs and hits for a person."""
    from app.show import print_result

    out = console or Console(highlight=False, soft_wrap=True)
    for step in explanation.steps:
        out.print(f"{step.took_ms:8.1f} ms  {step.what}", markup=False)
    table = Table(
        "part", "leg", "ms", "found", "kept", "best", "hits", "best reason", box=None, pad_edge=False
    )
    for column in table.columns[2:]:
        column.justify = "right"
    for leg in explanation.legs:
        table.add_row(*_row(explanation, leg))
    out.print(table)
    out.print()
    print_result(explanation.result, out, why=True)


def _row(explanation: Explanation, leg: LegReport) -> tuple[str, ...]:
    if leg.missing:
        return leg.part, leg.leg, f"{leg.took_ms:.1f}", "not asked"
    counts = (leg.found, leg.kept, "" if leg.best is None else f"{leg.best:.2f}")
    reasons = (explanation.shown_by(leg), explanation.led_by(leg))
    return leg.part, leg.leg, f"{leg.took_ms:.1f}", *map(str, (*counts, *reasons))
