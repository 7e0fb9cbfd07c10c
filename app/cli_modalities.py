"""`crossfind modalities`: what a library learns from files, and what it is to leave alone."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from app import cli_options as options

app = typer.Typer(no_args_is_help=False, invoke_without_command=True)

Names = Annotated[list[str], typer.Argument(help="Their names, as `crossfind modalities` lists them.")]


@app.callback()
def _modalities(context: typer.Context, library: options.Library = None, json_: options.Json = False) -> None:
    """Show what is learned from files, and choose it for a library."""
    if context.invoked_subcommand is None:
        list_(library, json_)


@app.command("list")
def list_(library: options.Library = None, json_: options.Json = False) -> None:
    """Show what is learned from files (as `crossfind modalities` alone does)."""
    facts = _facts(library)
    print(json.dumps(facts, ensure_ascii=False) if json_ else "\n".join(map(_told, facts)))


@app.command("on")
def switch_on(names: Names, library: options.Library = None) -> None:
    """Learn this again, from the next `crossfind index` on."""
    from app import modalities

    modalities.switch(options.settings(library).library_folder, names, on=True)
    print("Switched on. Catch up with: crossfind index")


@app.command("off")
def switch_off(
    names: Names,
    library: options.Library = None,
    delete: Annotated[bool, typer.Option("--delete", help="Also delete what was learned, for good.")] = False,
) -> None:
    """Do not learn this any more. What was learned stays searchable unless it is deleted."""
    from app import modalities

    folder = options.settings(library).library_folder
    modalities.switch(folder, names, on=False)
    if not delete:
        command = f"crossfind modalities off {' '.join(names)} --delete"
        print(f"Switched off. To delete what was learned, too: {command}")
        return
    count = modalities.delete_learned(folder, names)
    own, shared = modalities.spaces_of(names)
    spaces = ", ".join(sorted({*own, *shared})) or "nothing"
    print(f"Switched off; {count} segment{'' if count == 1 else 's'} deleted ({spaces}).")
    if shared:
        print(f"What others learned stays ({', '.join(shared)}).")


def _facts(library: options.Library) -> list[dict[str, Any]]:
    from app.modalities import modalities

    return [asdict(one) for one in modalities(options.settings(library).library_folder)]


def _told(one: dict[str, Any]) -> str:
    state = "on " if one["on"] else "off"
    return f"{state}  {one['name']:10}  {', '.join(one['reads']):37}  {', '.join(one['spaces'])}"
