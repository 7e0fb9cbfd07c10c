"""`crossfind fix`: say what may be wrong with a picture, and write it repaired."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import cli_options as options
from search.errors import CrossfindError
from search.records import Box

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from app.fixing import Fixing

PARTS = frozenset(("panels", "parts", "tight"))
"""What shows more than one thing to search for: the places are named."""


def fix(
    image: Annotated[Path, typer.Argument(help="The picture to look at.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the repaired picture to this new file.")
    ] = None,
    mask: Annotated[
        Path | None,
        typer.Option(
            "--mask", help="A black picture, white where something lies over it: it is painted over."
        ),
    ] = None,
    choose: Annotated[
        int | None, typer.Option("--choose", min=1, help="Write this one of the repairs listed.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file named by --out.")] = False,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
) -> None:
    """Say what may be wrong with a picture, with the evidence; --out writes it repaired. Needs no library."""
    from app import fixing

    if choose is not None and out is None:
        raise typer.BadParameter("--choose goes with --out, the file to write.")
    found = fixing.examined(options.settings(None, models_dir), image, mask)
    if out is not None:
        fixing.write(_chosen(found, choose), out, image, force=force)
    if json_:
        print(json.dumps(fixing.to_json(found, out), ensure_ascii=False))
        return
    print(_told(found))
    if out is not None:
        print(f"Written to {out}.")


def _chosen(found: "Fixing", number: int | None) -> "Picture":
    candidates = found.examination.candidates
    if number is not None:
        if not candidates:
            raise CrossfindError(f"There is nothing to repair in {found.path.name}; nothing was written.")
        if number > len(candidates):
            raise typer.BadParameter(f"--choose goes from 1 to {len(candidates)} for this picture.")
        return candidates[number - 1].picture
    if found.usual is not None:
        return found.usual.picture
    if candidates:
        raise CrossfindError(
            "Which repair is meant only you can say; nothing was written.", f"Choose one:\n{_repairs(found)}"
        )
    if found.exif:
        return found.picture
    raise CrossfindError(f"Nothing seems to be wrong with {found.path.name}; nothing was written.")


def _told(found: "Fixing") -> str:
    lines = [f"Turned by {found.exif}, as its EXIF says."] if found.exif else []
    for defect in found.examination.defects:
        lines.append(f"{defect.evidence[0].upper()}{defect.evidence[1:]}.")
        lines += [_part(found.path, box) for box in defect.boxes] if defect.kind in PARTS else []
    if not lines:
        return f"Nothing seems to be wrong with {found.path.name}."
    if found.examination.candidates:
        lines.append("It can be written with --out FILE:")
        lines.append(_repairs(found))
    return "\n".join(lines)


def _part(path: Path, box: Box) -> str:
    """How one of several things is searched alone."""
    return f'  like:@"{path}"[{",".join(f"{edge:.2f}" for edge in box)}]'


def _repairs(found: "Fixing") -> str:
    usual = found.usual
    return "\n".join(
        f"  --choose {n}  the picture {candidate.told}{'  (unless another is chosen)' * (candidate is usual)}"
        for n, candidate in enumerate(found.examination.candidates, start=1)
    )
