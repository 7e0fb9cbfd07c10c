"""The options of `crossfind search`; some are those of `ask`, `explain` and `cut` as well."""

from pathlib import Path
from typing import Annotated, Literal

import typer

Form = Literal["table", "json", "csv", "paths", "m3u"]

Query = Annotated[list[str] | None, typer.Argument(help="What to look for.", show_default=False)]
Limit = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many hits.")]
Floor = Annotated[
    float | None, typer.Option("--floor", min=0, max=1, help="Leave out weaker hits; 0 shows everything.")
]
Group = Annotated[str, typer.Option("--group", help="segment, file, day or folder.")]
PerFile = Annotated[
    int,
    typer.Option("--per-file", min=0, help="With --group segment: so many places of a file; 0 shows all."),
]
Sort = Annotated[str, typer.Option("--sort", help="relevance, date or name.")]
Type = Annotated[str | None, typer.Option("--type", help="image, pdf, document, video or audio.")]
Fix = Annotated[str, typer.Option("--fix", help="auto, suggest or off: what becomes of faults in the query.")]
Best = Annotated[bool, typer.Option("--best", help="Best quality: the first 20 hits are read again; slower.")]
Queries = Annotated[
    Path | None,
    typer.Option("--queries", help="Answer every line of this file.", exists=True, dir_okay=False),
]
Format = Annotated[
    Form, typer.Option("--format", help="table, json, csv, paths (one a line) or m3u (a playlist).")
]
CopyTo = Annotated[
    Path | None, typer.Option("--copy-to", help="Copy the files found here; nothing is overwritten.")
]
Open = Annotated[bool, typer.Option("--open", help="Open the best hit.")]
Why = Annotated[bool, typer.Option("--why", help="Tell each reason: what found it, where, how sure.")]
Heatmap = Annotated[
    Path | None,
    typer.Option("--heatmap", help="Write a picture of each page found here, what answers coloured."),
]
