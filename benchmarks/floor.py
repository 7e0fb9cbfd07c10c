"""The floor: is what is not there answered with "nothing good found", and what is there kept?

    python -m benchmarks.floor [FOLDER] [--half tune|report] [--scene MODEL]

Labelled media in halves (`benchmarks.halves`): constants were chosen on `tune`, figures are told of `report`.
For each kind of search: of the things that are there, the share for which something is found, the share for
which a right file is found, and how many of those that have a right file among the first ten without a
floor keep one; of the things that are in no file, the share that finds nothing. FOLDER keeps the libraries.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import Searcher
from benchmarks import absent
from benchmarks.common import table
from benchmarks.halves import Half, Labels, labels_of, media, prepared, rows
from search.engine import Engine, SearchOptions

FIRST = 10
"""Among so many hits a right file must be, without a floor, to count as known to the model."""


@dataclass(frozen=True, slots=True)
class Slice:
    """One kind of search: what is there with the files that are right, and what is not there."""

    name: str
    present: Sequence[tuple[str, frozenset[str]]]
    absent: Sequence[str]


def quoted(prefix: str, text: str) -> str:
    """Write one leaf."""
    return f'{prefix}:"{plain(text)}"' if prefix else plain(text)


def plain(text: str) -> str:
    """A sentence as free words: nothing in it is an operator."""
    return " ".join("".join(c if c.isalnum() else " " for c in text).split()).lower()


def slices(half: Half) -> Iterator[Slice]:
    """Return what is asked of one half."""
    mine = labels_of(half)
    other = labels_of("report" if half == "tune" else "tune")
    things = _not_told(_part(absent.THINGS, half), mine)
    scenes, sounds, questions = (
        _part(some, half) for some in (absent.SCENES, absent.SOUNDS, absent.QUESTIONS)
    )
    classes = _classes(mine)
    captions = [(row["captions"][0], frozenset({row["file"]})) for row in (*mine.photos, *mine.things)]
    asked = [(row["question"], frozenset({row["file"]})) for row in mine.questions]
    heard = _sounds(mine)
    elsewhere = _not_told(sorted(_classes(other).keys() - classes.keys()), mine)
    unheard = [label for label in _sounds(other) if not any(label in name or name in label for name in heard)]
    yield _slice("scene: a word", "scene", classes.items(), things)
    yield _slice("scene: a sentence", "scene", captions, scenes)
    yield _slice("object:", "object", classes.items(), [*things, *elsewhere])
    yield _slice("sound:", "sound", heard.items(), [*sounds, *unheard])
    yield Slice("face:@", list(_faces(mine)), [_face(row) for row in other.faces])
    spoken = [(_phrase(row["text"]), frozenset({row["file"]})) for row in mine.spoken]
    yield _slice("said:", "said", spoken, [*scenes, *questions])
    yield _slice("text: a question", "text", asked, questions)
    yield _slice("bare words", "", [*captions, *asked, *classes.items()], [*things, *scenes, *questions])


def _part(some: Sequence[str], half: Half) -> list[str]:
    return list(some[0 if half == "tune" else 1 :: 2])


def _slice(name: str, prefix: str, present: Any, missing: Sequence[str]) -> Slice:
    there = [(quoted(prefix, text), right) for text, right in present]
    return Slice(name, there, [quoted(prefix, text) for text in missing])


def _classes(labels: Labels) -> dict[str, frozenset[str]]:
    """The labelled classes with the photos that show them; also those of which only a caption tells."""
    names = {one["label"] for row in labels.things for one in row["objects"]}
    return {name: frozenset(_showing(name, labels)) for name in sorted(names)}


def _showing(name: str, labels: Labels) -> Iterator[str]:
    for row in (*labels.photos, *labels.things):
        boxed = any(one["label"] == name for one in row.get("objects", ()))
        if boxed or _tells(" ".join(row["captions"]), name):
            yield row["file"]


def _tells(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}(e?s)?\b", text.lower()) is not None


def _not_told(names: Sequence[str], labels: Labels) -> list[str]:
    told = " ".join(caption for row in (*labels.photos, *labels.things) for caption in row["captions"])
    return [name for name in names if not _tells(told, name)]


def _sounds(labels: Labels) -> dict[str, frozenset[str]]:
    names = sorted({label for row in labels.sounds for label in row["labels"]})
    return {name: frozenset(row["file"] for row in labels.sounds if name in row["labels"]) for name in names}


def _face(row: dict[str, Any]) -> str:
    return f'face:@"{media() / "faces" / row["file"]}"'


def _faces(labels: Labels) -> Iterator[tuple[str, frozenset[str]]]:
    """Each photo of a person with the other photos of the same one; itself it must not find alone."""
    together = [row for row in rows("faces/identities.jsonl") if len(row["people"]) > 1]
    for row in labels.faces:
        others = {one["file"] for one in labels.faces if one["person"] == row["person"]} - {row["file"]}
        others |= {one["file"] for one in together if row["person"] in one["people"]}
        if others:
            yield f"{_face(row)} -name:{row['file']}", frozenset(others)


def _phrase(text: str) -> str:
    return " ".join(plain(text).split()[:6])


def measured(engine: Engine, asked: Slice) -> tuple[object, ...]:
    """One row of the table."""
    usual = SearchOptions(limit=100)
    everything = SearchOptions(limit=FIRST, floor=0.0)
    some = right = known = kept = 0
    for query, files in asked.present:
        names = {hit.file.name for hit in engine.search(query, usual)}
        best = {hit.file.name for hit in engine.search(query, everything)}
        some += bool(names)
        right += bool(names & files)
        known += bool(best & files)
        kept += bool(best & files and names & files)
    silent = [query for query in asked.absent if not engine.search(query, usual).hits]
    there = len(asked.present)
    shares = (some / there, right / there, kept / max(1, known), len(silent) / len(asked.absent))
    return (asked.name, there, *(f"{share:.2f}" for share in shares), len(asked.absent))


HEAD = ("", "there", "something", "right", "right of first ten", "absent: nothing", "absent")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--scene", help="The model of pictures, else what an indexing run chooses.")
    parser.add_argument("--only", help="Only the kinds of search whose name begins so.", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        searcher = Searcher(prepared(options.half, options.folder or Path(temporary), options.scene))
        searcher.engine.warm()
        asked = [one for one in slices(options.half) if one.name.startswith(options.only)]
        table(HEAD, (measured(searcher.engine, one) for one in asked))
        searcher.close()


if __name__ == "__main__":
    main()
