"""`crossfind demo`: the main job on the sample media, told as a person would like to read it."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

import resources
from app import bootstrap, config, show
from app.config import Config
from search.engine import Engine, SearchOptions
from search.records import Failed, Indexed, Skipped
from search.searching import searching


@dataclass(frozen=True, slots=True)
class Example:
    """A query worth showing; `needs` names the space without which it would show nothing."""

    query: str
    says: str
    needs: str | None = None


EXAMPLES = (
    Example("a small furry animal", "what a picture shows, in your own words", "scene"),
    Example("flames and smoke, a launch", "the same, nothing of it is in the file's name", "scene"),
    Example("hiring a small vessel for the summer", "what a page says, in other words", "meaning"),
    Example("inverters", "a word on a page"),
    Example('"rowing boat"', "an exact phrase"),
    Example("20417", "a part of a word or number"),
    Example("保証金", "any script"),
    Example("(deposit OR inverters) type:pdf -boat", "and, or, not, brackets, kinds of file"),
    Example(
        'like:@"IMG_2041.jpg"', "a picture like this one: the same photo, cropped, smaller, other quality"
    ),
    Example("near:28.56,-80.57,30km date:2015", "where and when a photo was taken"),
    Example("name:galax", "a part of a file name"),
)


def run(keep: bool = False) -> None:
    """Index the samples into a temporary library and search them."""
    console = Console(highlight=False, soft_wrap=True)
    folder = Path(tempfile.mkdtemp(prefix="crossfind-demo-"))
    try:
        settings = replace(config.load(), library=str(folder / "library"))
        _index(settings, console)
        _search(settings, console)
        _next_steps(settings, console, kept=folder / "library" if keep else None)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _index(settings: Config, console: Console) -> None:
    samples = resources.path("samples")
    console.print(f"[bold]Indexing[/bold] {samples}")
    wishes = bootstrap.IndexWishes(folders=(samples,), exclude=("*.md",))
    started = bootstrap.start_indexing(settings, wishes, threading.Event(), _plain(console))
    began = time.monotonic()
    counts = {Indexed: 0, Skipped: 0, Failed: 0}
    for event in started.events:
        if type(event) in counts:
            counts[type(event)] += 1
    seconds = time.monotonic() - began
    console.print(f"{counts[Indexed]} files read in {seconds:.1f} s; their folder is as it was.\n")


def _plain(console: Console) -> Callable[[str], None]:
    return lambda sentence: console.print(Text(sentence))


def _search(settings: Config, console: Console) -> None:
    searcher = bootstrap.Searcher(settings)
    there = {space.name for space in searcher.equipment.spaces}
    for example in EXAMPLES:
        if example.needs is None or example.needs in there:
            _show(example, searcher.engine, resources.path("samples"), console)
    searcher.close()


def _show(example: Example, engine: Engine, base: Path, console: Console) -> None:
    console.print(
        Text.assemble(("crossfind search ", "dim"), (example.query, "bold cyan"), f"   {example.says}")
    )
    result = engine.search(example.query, SearchOptions(limit=3, base=base))
    show.print_result(replace(result, missing=()), console, base)
    console.print()


def _next_steps(settings: Config, console: Console, kept: Path | None) -> None:
    equipment = bootstrap.Equipment(settings)
    for gap in equipment.missing:
        console.print(Text.assemble(("Not shown: ", "yellow"), f"{searching(gap.space)}. {gap.told}"))
    for notice in equipment.notices():
        console.print(Text(notice, style="dim"))
    if kept:
        console.print(Text(f"The demonstration library stays in {kept}"))
    console.print("[bold]Your own files:[/bold]  crossfind index ~/Pictures ~/Documents")
    console.print("[bold]Then:[/bold]            crossfind search dog in the snow")
    console.print("[bold]The window:[/bold]      crossfind gui")
