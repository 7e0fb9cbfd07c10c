"""The `crossfind` command: its sub-commands, exit codes and the one place that shows errors."""

import errno
import logging
import os
import sys
from importlib import import_module
from typing import Annotated

import typer

from app import (
    __version__,
    cli_ask,
    cli_collection,
    cli_cut,
    cli_duplicates,
    cli_explain,
    cli_fix,
    cli_index,
    cli_library,
    cli_metadata,
    cli_modalities,
    cli_models,
    cli_people,
    cli_saved,
    cli_search,
    cli_watch,
    logs,
)
from app import cli_options as options
from app.naming import visible
from search.errors import CrossfindError, QuerySyntaxError

logger = logging.getLogger(__name__)

DONE, INCOMPLETE, USAGE, BUG, INTERRUPTED = 0, 1, 2, 70, 130

app = typer.Typer(
    name="crossfind",
    help="Find anything in your own files by what is in them, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Start with: crossfind index ~/Pictures && crossfind search dog in the snow",
)
app.command("index")(cli_index.index)
app.command("watch")(cli_watch.watch)
app.command("search")(cli_search.search)
app.command("ask")(cli_ask.ask)
app.command("explain")(cli_explain.explain)
app.command("status")(cli_library.status)
app.command("fix")(cli_fix.fix)
app.command("transcript")(cli_library.transcript)
app.command("forget")(cli_library.forget)
app.command("prune")(cli_library.prune)
app.command("doctor")(cli_library.doctor)
app.command("cut")(cli_cut.cut)
app.command("duplicates")(cli_duplicates.duplicates)
app.add_typer(cli_saved.app, name="saved")
app.add_typer(cli_collection.app, name="collection")
app.add_typer(cli_people.app, name="people")
app.add_typer(cli_models.app, name="models")
app.add_typer(cli_metadata.app, name="metadata")
app.add_typer(cli_modalities.app, name="modalities")


@app.command("demo")
def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Keep the demonstration library.")] = False,
) -> None:
    """Index the sample media into a temporary library and show what searching finds."""
    import_module("app.demo").run(keep=keep)


@app.command("gui")
def gui(library: options.Library = None, models_dir: options.ModelsDir = None) -> None:
    """Open the window."""
    raise typer.Exit(import_module("app.gui").run(options.given(library, models_dir)))


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"crossfind {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    debug: Annotated[
        bool, typer.Option("--debug", help="Log everything, queries and paths included.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find anything in your own files by what is in them, offline."""
    logs.configure(debug)


def main() -> None:
    """Run the command line; every error a person can cause becomes one sentence and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        encoding = None if stream.isatty() else "utf-8"  # programs that read JSON and paths expect it
        stream.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        code = _told(error)
        if code is None:
            logger.exception("a bug")
            place = _log_file(logging.getLogger().handlers[0])
            print(f"crossfind: something is wrong inside Crossfind; details are in {place}", file=sys.stderr)
        sys.exit(BUG if code is None else code)


def _run() -> None:
    """Run what was typed. Raises `SystemExit`, or what went wrong, when standard output was written too."""
    try:
        app()
    except SystemExit as left:
        if isinstance(left.__context__, BrokenPipeError):  # typer makes an exit of it
            raise left.__context__ from None
        sys.stdout.flush()
        raise


def _told(error: Exception) -> int | None:
    """Say what went wrong in one sentence and return the exit code; None for a bug, which is left untold."""
    match error:
        case QuerySyntaxError():
            _complain(error)
            return USAGE
        case CrossfindError():
            _complain(error)
            return INCOMPLETE
        case BrokenPipeError():  # who reads us has read enough
            _print_nothing_more()
            return DONE
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            _print_nothing_more()
            _complain(CrossfindError("No room is left to write to.", "Make room on the disk and try again."))
            return INCOMPLETE
        case _:
            return None


def _print_nothing_more() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(error: CrossfindError) -> None:
    print("crossfind:", "\n".join(map(visible, str(error).split("\n"))), file=sys.stderr)


def _log_file(handler: logging.Handler) -> str:
    return str(getattr(handler, "baseFilename", "the log"))
