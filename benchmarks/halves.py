"""Labelled media in two halves: constants are chosen on one and reported on the other.

Each half is a library of its own with the models that an indexing run would choose: photos with captions
(some with boxes of what they show), labelled sounds, faces, transcripts, pages with questions. Every second
file of each kind, by name, goes into the second half; all photos of one person go into the same.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config

Half = Literal["tune", "report"]

CHEAP = frozenset(("pictures", "documents", "metadata", "sound", "faces", "speech"))
"""What all files are read for; photos with labelled boxes are read for everything."""


def media() -> Path:
    """The folder of labelled media."""
    folder = os.environ.get("CROSSFIND_TEST_MEDIA")
    if not folder:
        raise SystemExit("Point CROSSFIND_TEST_MEDIA to the labelled media.")
    return Path(folder)


def rows(file: str) -> list[dict[str, Any]]:
    """Read a file of JSON lines below the media."""
    return [json.loads(line) for line in (media() / file).read_text(encoding="utf-8").splitlines()]


def half_of(rows: list[dict[str, Any]], half: Half, key: str = "file") -> list[dict[str, Any]]:
    """Return the rows of one half: every second value of `key`, in the order of its values."""
    names = sorted({str(row[key]) for row in rows})
    mine = set(names[0 if half == "tune" else 1 :: 2])
    return [row for row in rows if str(row[key]) in mine]


@dataclass(frozen=True, slots=True)
class Labels:
    """What is known of the files of one half."""

    photos: list[dict[str, Any]]
    things: list[dict[str, Any]]
    sounds: list[dict[str, Any]]
    faces: list[dict[str, Any]]
    spoken: list[dict[str, Any]]
    questions: list[dict[str, Any]]


def labels_of(half: Half) -> Labels:
    """Read the labels of one half."""
    photos = rows("photos/captions.jsonl")
    single = [
        row | {"person": row["people"][0]}
        for row in rows("faces/identities.jsonl")
        if len(row["people"]) == 1
    ]
    sounds = [row for row in rows("sounds/labels.jsonl") if row.get("kind") != "timeline"]
    spoken = [
        row for row in rows("speech/transcripts.jsonl") if row.get("language") == "en" and row.get("text")
    ]
    questions = [row for row in rows("pdf/questions.jsonl") if row["evidence_in"] == "text layer"]
    return Labels(
        half_of([row for row in photos if not row.get("objects")], half),
        half_of([row for row in photos if row.get("objects")], half),
        half_of(sounds, half),
        half_of(single, half, "person"),
        half_of(spoken, half),
        half_of(questions, half),
    )


def _files(labels: Labels, half: Half) -> Iterator[Path]:
    kinds = {"photos": labels.photos, "sounds": labels.sounds, "faces": labels.faces, "speech": labels.spoken}
    for folder, known in kinds.items():
        yield from (media() / folder / row["file"] for row in known)
    yield from (media() / "pdf" / name for name in sorted({row["file"] for row in labels.questions}))
    asked = {row["file"] for row in rows("pdf/questions.jsonl")}
    others = sorted(file for file in (media() / "pdf").glob("*.pdf") if file.name not in asked)
    yield from others[0 if half == "tune" else 1 :: 2]


def prepared(half: Half, folder: Path, scene: str | None = None) -> Config:
    """Index one half below `folder`, unless it is there, and return the settings to ask it with.

    `scene` names the model of pictures; a folder is for one.
    """
    models = {"scene": scene} if scene else {}
    library, models_dir = str(folder / half / "library"), os.environ.get("CROSSFIND_MODELS", "")
    config = Config(library=library, models_dir=models_dir, models=models)
    done = folder / half / "done"
    if done.exists():
        return config
    labels = labels_of(half)
    boxed = _copied((media() / "photos" / row["file"] for row in labels.things), folder / half / "boxed")
    plain = _copied(_files(labels, half), folder / half / "plain")
    for wishes in (IndexWishes((plain,), only=CHEAP), IndexWishes((boxed,))):
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
    done.touch()
    return config


def _copied(files: Iterator[Path], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)
    return folder
