"""`crossfind models reduce`: pages take less room with fewer dimensions to a vector."""

from dataclasses import replace
from typing import Annotated

import typer

from app import cli_options as options


def reduce(
    id_: Annotated[
        str, typer.Argument(metavar="ID", help="A model for pages, as `crossfind models list` shows it.")
    ],
    dims: Annotated[
        int, typer.Option("--dims", min=1, help="So many numbers to a vector instead of the model's own.")
    ] = 128,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
) -> None:
    """Make a model for pages take less room: fewer numbers to a vector, fitted to your library's pages.

    Index some hundred pages with the model first; the next run learns them anew.

    Example: crossfind models reduce Nemotron-ColEmbed-VL-4B-v2 --dims 128
    """
    import json

    from app import config as settings
    from app.library_desk import reduce_model
    from app.models.choice import task_of

    made, fitted = reduce_model(options.settings(library, models_dir), id_, dims)
    kept = settings.load()
    settings.save(replace(kept, models={**kept.models, task_of(made): made.id}))
    of, before = made.manifest.raw["reduced"]["of"], len(fitted.axes)
    if json_:
        told = {"id": made.id, "of": of, "dims": dims, "dims_before": before}
        typer.echo(json.dumps(told | {"vectors": fitted.vectors, "kept": round(fitted.kept, 4)}))
        return
    typer.echo(f"{made.id} is installed in {made.folder} and used for pages from now on.")
    typer.echo(
        f"{dims} of {before:,} numbers hold {fitted.kept:.0%} of the length of {fitted.vectors:,} vectors, "
        f"and a page takes {dims / before:.0%} of the room. `crossfind index` learns pages anew with it. "
        f"To go back, choose {of} in the window's settings, or: crossfind models remove {made.id}",
        err=True,
    )
