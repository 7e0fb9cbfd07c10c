"""`crossfind index --estimate`: what a run would find and take, without one."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from app.config import Config
from app.estimating import UNIT, Estimate, estimate, to_json

NAMES = {"image": "photos and pictures", "pdf": "PDFs", "video": "films", "audio": "recordings"}
NAMES |= {"document": "other documents", "other": "other files"}
ONE = {"image": "picture", "pdf": "PDF", "video": "film", "audio": "recording", "document": "document"}


def show_estimate(config: Config, folders: Sequence[Path], exclude: Sequence[str], *, as_json: bool) -> None:
    """Print it. Raises `CrossfindError`."""
    found = estimate(config, folders, exclude)
    if as_json:
        print(json.dumps(to_json(found)))
        return
    if not found:
        print("Nothing is new or changed.")
        return
    for one in found:
        print(_line(one))
    total = sum(one.bytes for one in found)
    times = [one.seconds for one in found if one.seconds is not None]
    took = f", about {duration(sum(times))}" if times and len(times) == len(found) else ""
    print(f"In all about {size(total)} on disk{took}.")
    print(_basis(found), file=sys.stderr)


def _line(one: Estimate) -> str:
    names, unit = ONE if one.amount.files == 1 else NAMES, UNIT.get(one.kind)
    name = names.get(one.kind, one.kind)
    about = "" if one.amount.looked == one.amount.files else "about "
    units = f", {about}{_units(one.amount.units, unit)}" if unit else ""
    if pictures := round(one.amount.pictures):
        where = "in it" if one.amount.files == 1 else "in them"
        units += f", {about}{pictures:,} {'picture' if pictures == 1 else 'pictures'} {where}"
    took = f", {duration(one.seconds)}" if one.seconds is not None else ""
    seen = f", {size(one.looks_bytes)} of it for how pages look" if one.looks_bytes else ""
    read = f"{one.amount.files:,} {name} ({size(one.amount.bytes)}{units})"
    return f"{read}: {size(one.bytes)} on disk{seen}{took}"


def _units(count: float, unit: str) -> str:
    if unit == "hours":
        return duration(3600 * count)
    return f"{count:,.0f} {unit.removesuffix('s') if round(count) == 1 else unit}"


def _basis(found: Sequence[Estimate]) -> str:
    """Say what it is based on."""
    drawn = [NAMES.get(one.kind, one.kind) for one in found if one.amount.looked < one.amount.files]
    told = ["Disk: what usual photos, pages and hours took with the models in use; yours may differ by half."]
    if drawn:
        told.append(f"Only some of the {' and '.join(drawn)} were opened; the rest is told from their size.")
    if any(one.seconds is None for one in found):
        told.append("Time: known for a kind of file once a run has read some into this library.")
    else:
        told.append("Time: as the last runs into this library took.")
    return " ".join(told)


def size(count: float) -> str:
    """Write bytes as a person reads them: 3 GB, 1.5 MB, 20 kB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}" if count < 10 * unit else f"{count / unit:,.0f} {name}"
    return f"{count:.0f} bytes"


def duration(seconds: float) -> str:
    """Write a length of time as a person reads it."""
    if seconds < 90:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
