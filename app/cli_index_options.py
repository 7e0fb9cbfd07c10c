"""The options of `crossfind index`."""

from pathlib import Path
from typing import Annotated

import typer

Folders = Annotated[
    list[Path] | None, typer.Argument(help="Folders or files; none means all that were indexed before.")
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="A .gitignore-style pattern to leave out; repeatable."),
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="Only these: names that `crossfind modalities` lists, with commas."),
]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes that read files.")]
Password = Annotated[list[str] | None, typer.Option("--password", help="Try this on locked PDFs.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help="A file with one password a line.", exists=True, dir_okay=False),
]
Retry = Annotated[bool, typer.Option("--retry", help="Try files again that could not be read before.")]
MaxMegapixels = Annotated[float | None, typer.Option(min=1, help="Refuse larger pictures.")]
MaxTextMb = Annotated[float | None, typer.Option(min=0.001, help="Refuse larger texts, in MB (20).")]
TimeLimit = Annotated[float | None, typer.Option(min=1, help="Seconds one file (or part) may take.")]
MemoryLimit = Annotated[int | None, typer.Option(min=100, help="Megabytes one reader may use.")]
Effort = Annotated[
    int | None,
    typer.Option(min=1, max=100, help="Percent of the time that is spent working.", show_default="100"),
]
OnPower = Annotated[bool | None, typer.Option("--on-power/--on-battery-too", help="Wait while on battery.")]
HearSubtitled = Annotated[
    bool | None,
    typer.Option("--hear-subtitled/--trust-subtitles", help="Write down speech that subtitles cover."),
]
WhenIdle = Annotated[
    bool | None, typer.Option("--when-idle/--always", help="Wait while other programs are busy.")
]
Pause = Annotated[
    bool, typer.Option("--pause", help="Pause the run that is under way, started here or elsewhere.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Let a paused run go on.")]
Estimate = Annotated[
    bool, typer.Option("--estimate", help="Only tell what there is, and about what it would take.")
]
Hidden = Annotated[bool, typer.Option(hidden=True)]
