"""`crossfind cut`: clips around hits, or of a stretch of a file."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import cli_options as options
from app.cli_asked import asked as asked_of
from app.cli_asked import pointing
from search.errors import CrossfindError

if TYPE_CHECKING:
    from app.cutting import Asked
    from indexers.cutting import Cut


def cut(
    what: Annotated[list[str], typer.Argument(help="A query, or a file and a stretch such as 1:23..1:40.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The folder for the clips, or the clip's file.")],
    margin: Annotated[
        float | None,
        typer.Option("--margin", min=0, help="Seconds more at both ends; around hits 1."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Encode anew, to begin at the very moment; slower.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most this many clips.")] = 10,
    moments: Annotated[
        bool, typer.Option("--moments", help="Every moment, not only each file's best.")
    ] = False,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
    no_service: options.NoService = False,
) -> None:
    """Cut clips out of films and recordings: around the hits of a query, or one stretch of a file.

    Pictures and sound are copied as they are where a key frame lies near before the beginning, else encoded
    anew. Nothing is overwritten.

    Examples: crossfind cut 'said:goal THEN sound:applause' --out clips

    crossfind cut match.mp4 1:23..1:40 --out goal.mp4
    """
    from app import cutting

    span = cutting.span(what[1]) if len(what) == 2 and Path(what[0]).is_file() else None
    if span is not None:
        extra = margin or 0.0
        one = cutting.Asked(Path(what[0]), max(0.0, span[0] - extra), span[1] + extra)
        _cut_one(one, out, exact, json_)
        return
    if cutting.span(what[-1]) is not None and len(what) == 2:
        raise CrossfindError(f"There is no file {what[0]}.", "Name one, or a query without times.")
    config = options.settings(library, models_dir)
    answering = asked_of(config, in_process=no_service or not config.service)
    query = " ".join(what)
    chosen = {"limit": limit, "group": "segment" if moments else "file", "per_file": 0}
    chosen |= {"base": str(Path.cwd())}
    with pointing(query):
        hits = answering.search(query, chosen).hits
    wanted = list(cutting.asked_by(hits, 1.0 if margin is None else margin))
    if not wanted:
        timeless = "No hit has a time. Only films and recordings can be cut."
        print(timeless if hits else "Nothing good found.", file=sys.stderr)
        raise typer.Exit(1)
    failed = False
    for one, made in cutting.write(wanted, out, exact=exact):
        failed |= isinstance(made, Exception)
        _tell(one, made, json_)
    raise typer.Exit(1 if failed else 0)


def _cut_one(one: "Asked", out: Path, exact: bool, json_: bool) -> None:
    from app import cutting
    from indexers.cutting import cut as cut_file

    if out.is_dir():
        for asked, made in cutting.write([one], out, exact=exact):
            if isinstance(made, Exception):
                raise made
            _tell(asked, made, json_)
        return
    _tell(one, cut_file(one.path, one.start_s, one.end_s, out, exact=exact), json_)


def _tell(one: "Asked", made: "Cut | CrossfindError", json_: bool) -> None:
    if json_:
        told = {"source": str(one.path), "wanted": [one.start_s, one.end_s]}
        if isinstance(made, Exception):
            print(json.dumps(told | {"error": str(made)}))
        else:
            facts = {"start_s": made.start_s, "end_s": made.end_s, "copied": made.copied}
            print(json.dumps(told | {"path": str(made.path)} | facts))
    elif isinstance(made, Exception):
        print(f"not cut: {one.path}: {made}", file=sys.stderr)
    else:
        how = "copied" if made.copied else "encoded anew"
        print(f"{made.path}  ({made.start_s:.2f} to {made.end_s:.2f} s, {how})")
