"""Results as a person likes to read them on a terminal."""

import sys
from pathlib import Path
from typing import assert_never

from rich.console import Console
from rich.text import Text

from app.learned import LEARNED
from app.naming import visible
from search.records import Evidence, Grouped, Hit, Locator, Page, Region, SearchResult, TimeSpan, Whole
from search.telling import told_of
from search.units import unit_of

LEGS = {
    "scene": "looks like it",
    "figure": "a figure looks like it",
    "look": "same picture",
    "phash": "near-duplicate",
    "text": "words on the page",
    "ocr": "words in the picture",
    "meaning": "similar meaning",
    "object": "an object in it",
    "label": "an object in it",
    "speech": "said",
    "subtitles": "subtitles",
    "depicted": "similar meaning",
    "page": "the page answers",
    "page_look": "the page shows it",
    "spoken": "means what is said",
    "sound": "sounds like it",
    "person": "shows them",
    "face": "the same face",
    "name": "file name",
    "metadata": "document data",
}
BAR = 10
TOLD = 0.1
"""What scores less is no reason worth telling, unless it is the best there is."""


def print_result(
    result: SearchResult, console: Console | None = None, base: Path | None = None, *, why: bool = False
) -> None:
    """Print the hits on standard output, paths from `base`, and what was missing on standard error.

    `why` adds every reason of a hit.
    """
    out = console or Console(highlight=False, soft_wrap=True)
    if not result.hits:
        out.print("Nothing good found.", style="bold")
    for hit in result.hits:
        if hit.group:
            out.print(_heading(hit.group, base or Path.cwd()))
        out.print(_line(hit, base or Path.cwd()))
        for reason in hit.evidence if why else ():
            out.print(Text(f"      {_reason(reason, _unit(hit))}"))
        for snippet in _answers(hit) or [" ".join((hit.text or "").split())]:
            if snippet:
                out.print(Text(f"      {snippet}", style="dim"))
        if hit.more:
            out.print(Text(f"      {hit.more} more in this file: --per-file 0 shows all", style="dim"))
    plural = "" if len(result.hits) == 1 else "s"
    out.print(Text(f"{len(result.hits)} hit{plural} in {result.took_ms:.0f} ms", style="dim"))
    for fix in result.fixes:
        print(told_of(fix), file=sys.stderr)
    gaps: dict[str, list[str]] = {}
    for gap in result.missing:
        gaps.setdefault(gap.told, []).append(LEARNED.get(gap.space, gap.space))
    for told, spaces in gaps.items():
        print(f"not searched: {', '.join(spaces)}. {told}", file=sys.stderr)


def _line(hit: Hit, base: Path) -> Text:
    line = Text(f"{hit.rank:>3}. ")
    filled = round(hit.score * BAR)
    line.append("█" * filled, style="green").append("░" * (BAR - filled), style="dim")
    line.append(f" {hit.score:.2f}  ")
    path = Path(hit.file.path)
    line.append(shortened(path, base), style=" ".join(("bold", *_link(path))))
    line.append(place(hit.locator, _unit(hit)))
    if not hit.file.present:
        line.append("  (drive is away)", style="yellow")
    line.append(f"  {reasons(hit.evidence)}", style="dim")
    return line


def _answers(hit: Hit) -> list[str]:
    """Return for each part of a question where in the file it is answered, and the words; nothing where
    the question was simple."""
    first: dict[str, Evidence] = {}
    for one in hit.evidence:
        if one.part is not None:
            first.setdefault(one.part, one)
    told = []
    for part, one in first.items():
        words = " ".join((one.text or "").split())
        told.append(f"“{part}”{_where(one, _unit(hit))}: {words or LEGS.get(one.space, one.space)}")
    return told


def _where(evidence: Evidence, unit: str) -> str:
    """Return where something was found: in the hit's file, or in one that a link joins it with."""
    if evidence.path is None:
        return place(evidence.locator, unit)
    return f", {visible(Path(evidence.path).name)}{place(evidence.locator)}"


def _heading(group: Grouped, base: Path) -> Text:
    """Return the day or folder that a hit stands for, and how many files in it match."""
    path = Path(group.name)
    name = (shortened(path, base) if path.is_absolute() else group.name) or "."
    return Text(f"{name} · {group.files} file{'' if group.files == 1 else 's'}", style="bold")


def _reason(evidence: Evidence, unit: str = "page") -> str:
    """Return one reason in full: how sure it is, what found it, where, which words."""
    where = _where(evidence, unit).removeprefix(", ")
    match evidence.locator:
        case TimeSpan(start_s, end_s) | Region(TimeSpan(start_s, end_s), _):
            where += f" ({start_s:.1f} to {end_s:.1f} s)"
    if isinstance(evidence.locator, Region):
        where += f" [{','.join(f'{share:.2f}' for share in evidence.locator.box)}]"
    words = " ".join((evidence.text or "").split())
    told = [f"{evidence.calibrated:.2f}", LEGS.get(evidence.space, evidence.space)]
    told[1] += f" ({evidence.space}, {ordinal(evidence.rank)} there, {evidence.score:.3f})"
    part = f"for “{evidence.part}”" if evidence.part else ""
    return "  ".join(filter(None, (*told, where, f"“{words}”" if words else "", part)))


def ordinal(rank: int) -> str:
    """Return 1st, 2nd, 3rd, 4th and so on."""
    last = rank % 100
    ending = "th" if 10 < last < 14 else {1: "st", 2: "nd", 3: "rd"}.get(last % 10, "th")
    return f"{rank}{ending}"


def _link(path: Path) -> tuple[str, ...]:
    """Return the style that makes a path one to click; nothing where its letters cannot be written so."""
    try:
        return ("link", path.as_uri()) if visible(str(path)) == str(path) else ()
    except ValueError:  # a relative path, or letters that the locale does not have
        return ()


def shortened(path: Path, base: Path) -> str:
    """The path from `base` or the home folder, control characters made visible."""
    for folder, sign in ((base, ""), (Path.home(), "~/")):
        if path.is_relative_to(folder) and folder != Path(folder.anchor):
            return visible(sign + str(path.relative_to(folder)))
    return visible(str(path))


def _unit(hit: Hit) -> str:
    """What the places of a hit's file are called; "" for a text of a single part."""
    unit = unit_of(hit.content.media_type)
    return "" if unit == "part" and (hit.content.pages or 1) == 1 else unit


def place(locator: Locator, unit: str = "page") -> str:
    """Where in the file, as a person says it; `unit` is what its places are called, "" if it has none."""
    match locator:
        case Whole():
            return ""
        case Page(number, picture):
            where = f", {unit} {number}" if unit else ""
            return f"{where}, picture {picture}" if picture else where
        case TimeSpan(start, _):
            minutes, seconds = divmod(int(start), 60)
            hours, minutes = divmod(minutes, 60)
            return f", at {hours}:{minutes:02}:{seconds:02}" if hours else f", at {minutes}:{seconds:02}"
        case Region(of, _):
            return f"{place(of, unit)}, a part"
        case _:
            assert_never(locator)


def reasons(evidence: tuple[Evidence, ...]) -> str:
    """Which legs found it, in words, the strongest first."""
    strong = [one for one in evidence if one.calibrated >= TOLD] or evidence[:1]
    return ", ".join(dict.fromkeys(LEGS.get(one.space, one.space) for one in strong))
