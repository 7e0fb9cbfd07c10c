"""`crossfind models list | pull | import | reduce | verify | remove`: the models and where they come from.

What the commands need is imported inside them: every `crossfind` starts by importing this module.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import cli_options as options
from app import paths
from app.cli_reduce import reduce

if TYPE_CHECKING:
    from app.models.catalogue import Entry
    from app.models.installed import Installed, InstalledModel
    from app.models.manifest import Manifest
    from app.models.verify import Tell

app = typer.Typer(
    name="models",
    help="Get, check and remove models. Nothing is ever downloaded but by [bold]pull[/bold].",
    no_args_is_help=True,
    rich_markup_mode="rich",
)
app.command("reduce")(reduce)
Id = Annotated[str, typer.Argument(metavar="ID", help="The model's id, as `crossfind models list` shows it.")]


@app.command("list")
def list_(models_dir: options.ModelsDir = None, json_: options.Json = False) -> None:
    """Show which models are installed and which can be had.

    Example: crossfind models list --json
    """
    there = _installed(models_dir)
    rows = list(_rows(there))
    if json_:
        broken = [
            {"folder": str(bad.folder), "reason": bad.reason, "remedy": bad.remedy} for bad in there.broken
        ]
        typer.echo(json.dumps({"models": rows, "broken": broken}, ensure_ascii=False))
    else:
        _show(rows)
        for bad in there.broken:
            typer.echo(f"not usable: {' '.join(filter(None, (bad.reason, bad.remedy)))}", err=True)


@app.command("pull")
def pull(
    id_: Id,
    progress_json: options.Hidden = False,
    until_stdin_closes: options.Hidden = False,
) -> None:
    """Download a model of the catalogue into your models folder; an interrupted download goes on.

    Example: crossfind models pull ViT-B-16-SigLIP2
    """
    from app.models import catalogue
    from app.models.installed import installed
    from app.models.offers import lacking
    from app.models.pull import pull as pull_model

    if until_stdin_closes:
        threading.Thread(target=_leave_with_stdin, daemon=True).start()
    entry = catalogue.find(catalogue.shipped(), id_)
    there = installed().get(entry.id)
    if there and there.unmade is None:
        typer.echo(f"{entry.id} is already installed in {there.folder}")
        return
    made_of = "Making {} ready from installed packages" if there else "Getting {}"
    size = f"about {_size(entry.bytes_about)}" if entry.bytes_about else "the hub is asked how large it is"
    terms = _terms(entry.licence, entry.commercial_use)
    typer.echo(f"{made_of.format(entry.id)}, {size}, licence {terms}", err=True)
    if gap := lacking(entry.engine):
        typer.echo(f"It does not run here yet: {gap}", err=True)

    def sized(count: int) -> None:
        if progress_json:
            typer.echo(json.dumps({"bytes": count}))
        elif not entry.bytes_about:
            typer.echo(f"It takes {_size(count)}", err=True)

    with _json_progress() if progress_json else _progress() as tell:
        model = pull_model(entry, paths.models_dir(), tell, sized)
    _welcome(model)


@app.command("import")
def import_(
    folder: Annotated[Path, typer.Argument(help="A folder with a model.toml, or an OpenCLIP checkpoint.")],
    id_: Annotated[str | None, typer.Option("--id", help="The id it gets.", show_default=False)] = None,
    architecture: Annotated[
        str | None,
        typer.Option(help="OpenCLIP's name, where the folder holds weights only.", show_default=False),
    ] = None,
    pretrained: Annotated[
        str | None, typer.Option(help="OpenCLIP's tag of those weights.", show_default=False)
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="Hard-link the files instead of copying.")] = False,
) -> None:
    """Take a model that you have as a folder into your models folder. Pickles are refused.

    Example: crossfind models import ~/Downloads/my-clip --id my-clip
    """
    from app.models.importing import import_model

    with _progress() as tell:
        model = import_model(
            folder.expanduser(),
            paths.models_dir(),
            id_=id_,
            architecture=architecture,
            pretrained=pretrained,
            link=link,
            tell=tell,
        )
    _welcome(model)


@app.command("verify")
def verify_(
    id_: Annotated[str | None, typer.Argument(metavar="[ID]", help="One model; all when left out.")] = None,
    models_dir: options.ModelsDir = None,
) -> None:
    """Check every file of the installed models against its SHA-256. Exit code 1 when one is damaged."""
    from app.models.installed import find

    there = _installed(models_dir)
    chosen = (find(there, id_),) if id_ else there.models
    damaged = 0
    for model in chosen:
        found = _problems(model)
        damaged += bool(found)
        state = "; ".join(found) or ("its packages are in order" if model.unmade else "")
        typer.echo(f"{'damaged' if found else 'ok     '}  {model.id}  {state}".rstrip())
        if found and not model.unmade:
            again = "it is made anew when next used" if model.origin == "package" else "get it again"
            typer.echo(f"         remove it, {again}: crossfind models remove {model.id}", err=True)
    if id_ is None:
        damaged += len(there.broken)
        for bad in there.broken:
            typer.echo(f"damaged  {bad.folder.name}  {' '.join(filter(None, (bad.reason, bad.remedy)))}")
    raise typer.Exit(1 if damaged else 0)


def _problems(model: "InstalledModel") -> list[str]:
    """What is wrong with a model's files, or with the packages that it is yet to be made of."""
    from app.models import verify
    from app.models.installed import check_packages

    if model.unmade:
        return list(check_packages(model))
    with _progress() as tell:
        return list(verify.problems(model.manifest, model.folder, hashes=True, tell=tell))


@app.command("remove")
def remove(
    id_: Id,
    models_dir: options.ModelsDir = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Delete a model from your models folder. What was indexed with it stays in the library."""
    from app import config as settings
    from app.models.installed import find
    from app.models.installed import remove as remove_model

    model = find(_installed(models_dir), id_)
    if model.origin == "own" and not yes:
        typer.confirm(f"Delete {model.folder} ({_size(model.bytes)})?", abort=True, err=True)
    remove_model(model)
    kept = settings.load()
    if model.id in kept.models.values():  # what was chosen in its place serves again
        others = {task: chosen for task, chosen in kept.models.items() if chosen != model.id}
        settings.save(replace(kept, models=others))
    removed = f"{model.id} is removed, {_size(model.bytes)} freed"
    typer.echo(f"Nothing was made for {model.id} yet" if model.unmade else removed)
    if model.packages:
        typer.echo(
            "Its packages stay, and it is made ready again when next used. To be rid of it: "
            f"pip uninstall {' '.join(model.packages)}",
            err=True,
        )


def _installed(models_dir: Path | None) -> "Installed":
    from app.models.installed import installed

    return installed(options.settings(models_dir=models_dir).models_dir)


def _rows(there: "Installed") -> Iterator[dict[str, Any]]:
    """Everything in the catalogue, then what else is installed."""
    from app.models import catalogue

    entries = catalogue.shipped()
    for entry in entries:
        yield _row(entry, entry.profile, there.get(entry.id), entry.command)
    listed = {entry.id.lower() for entry in entries}
    for model in there.models:
        if model.id.lower() not in listed:
            yield _row(model.manifest, None, model, None)


def _row(
    facts: "Entry | Manifest", profile: str | None, model: "InstalledModel | None", command: str | None
) -> dict[str, Any]:
    from app.models.offers import lacking

    return {
        "id": facts.id,
        "task": facts.task,
        "profile": profile,
        "state": "installed" if model else "available",
        "bytes": model.bytes if model else getattr(facts, "bytes_about", 0),
        "licence": facts.licence,
        "commercial_use": facts.commercial_use,
        "training": facts.training or None,
        "where": str(model.folder) if model and not model.unmade else None,
        "packages": dict(model.packages) if model else {},
        "command": None if model else command,
        "description": facts.description,
        "lacks": lacking(facts.engine) or None,
    }


def _terms(licence: str, commercial_use: bool | None) -> str:
    return f"{licence}, not for commercial use" if commercial_use is False else licence


def _show(rows: list[dict[str, Any]]) -> None:
    """Print one line for each model and, below it, where an installed one comes from, and its terms."""
    wide = max(len(row["id"]) for row in rows)
    task = max(len(row["task"]) for row in rows)
    for row in rows:
        licence = shorten(row["licence"], 40, placeholder=" …")
        line = f"{row['state']:9}  {row['id']:{wide}}  {row['task']:{task}}  {row['profile'] or '':8}"
        size = _size(row["bytes"]) if row["bytes"] else "?"
        typer.echo(f"{line}  {size:>7}  {_terms(licence, row['commercial_use'])}")
        packages = ", ".join(f"{name} {version}" for name, version in row["packages"].items())
        asked = None if row["bytes"] else "its size is asked of the hub when you get it"
        lacks = row["lacks"] and f"it does not run here yet: {row['lacks']}"
        for more in (packages and f"from {packages}", row["where"], row["training"], asked, lacks):
            if more:
                typer.echo(f"           {more}")
        if packages and not row["where"]:
            typer.echo("           made ready on first use")
    for command in dict.fromkeys(_generic(row["command"]) for row in rows if row["command"]):
        typer.echo(f"Get one: {command}", err=True)


def _generic(command: str) -> str:
    """The command with ID in the place of a model's id, so that one line does for all."""
    pull = "crossfind models pull "
    return f"{pull}ID" if command.startswith(pull) else command


def _welcome(model: "InstalledModel") -> None:
    typer.echo(f"{model.id} is installed in {model.folder}")
    if model.terms:
        typer.echo(model.terms, err=True)


def _size(count: int) -> str:
    if count < 1e6:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _leave_with_stdin() -> None:
    """End the process when nobody is there any more who wants the model; what is there stays."""
    while os.read(sys.stdin.fileno(), 1024):  # not sys.stdin: its lock would be held at the end
        pass
    os._exit(130)


@contextmanager
def _json_progress() -> Iterator["Tell"]:
    """Print how far each file is, ten times a second at most, and its end."""
    told = 0.0

    def tell(name: str, done: int, total: int | None) -> None:
        nonlocal told
        if done == total or time.monotonic() - told > 0.1:
            told = time.monotonic()
            typer.echo(json.dumps({"file": name, "done": done, "total": total}))

    yield tell


@contextmanager
def _progress() -> Iterator["Tell"]:
    """Show one bar for each file on standard error, gone when all is done."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal
    ) as shown:
        bars: dict[str, Any] = {}

        def tell(name: str, done: int, total: int | None) -> None:
            if name not in bars:
                bars[name] = shown.add_task(name, total=total)
            shown.update(bars[name], completed=done, total=total)

        yield tell
