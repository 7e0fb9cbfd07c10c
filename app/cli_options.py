"""Options that several commands share, and how settings and options become one value."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from app import config
from app.config import Config
from search.errors import CrossfindError

Library = Annotated[
    Path | None,
    typer.Option("--library", "-l", envvar=config.LIBRARY, help="The library's folder.", show_default=False),
]
ModelsDir = Annotated[
    Path | None,
    typer.Option(
        "--models-dir",
        envvar=config.MODELS,
        help="A further folder to find models in.",
        show_default=False,
    ),
]
Device = Annotated[
    str | None,
    typer.Option("--device", help="auto, cpu, cuda, cuda:1 or mps: where models run.", show_default=False),
]
NoService = Annotated[
    bool, typer.Option("--no-service", help="Answer in this process; start no resident one.")
]
Json = Annotated[bool, typer.Option("--json", help="Print machine-readable JSON on standard output.")]

Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")]

Hidden = Annotated[bool, typer.Option(hidden=True)]
"""For the window, which starts the command."""

TranscriptForm = Literal["srt", "vtt", "txt", "json"]


def settings(
    library: Path | None = None, models_dir: Path | None = None, device: str | None = None, **more: Any
) -> Config:
    """Read the settings file and let the options of this command win. Raises `ConfigError`."""
    return replace(config.load(), **given(library, models_dir, device=device, **more))


def given(library: Path | None = None, models_dir: Path | None = None, **more: Any) -> Mapping[str, Any]:
    """Return what the options of this command say, as fields of `Config`."""
    chosen = {
        "library": str(library.absolute()) if library else None,
        "models_dir": str(models_dir.absolute()) if models_dir else None,
        **more,
    }
    return {name: value for name, value in chosen.items() if value is not None}


def lines_of(file: Path) -> list[str]:
    """Return the lines of a text that a person wrote. Raises `CrossfindError` when it is none."""
    try:
        return file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CrossfindError(
            f"{file} cannot be read as UTF-8 text ({error}).", "Save it as UTF-8."
        ) from error
