"""Faces: how fast photos are read by the whole pipeline and by the bare engine, and who is told from whom.

    python -m benchmarks.faces [PHOTOS]

Both look at the same pictures with the models that an indexing run would choose; the bare engine gets them
from memory, and its models are loaded before the clock starts. Then each labelled photo of
CROSSFIND_TEST_MEDIA is asked for with `face:`, against all others.
"""

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import start_children_as_the_command, table
from indexers.base import USUAL_LIMITS
from indexers.face_finder import FaceFinder
from indexers.faces import FACE, INPUT
from indexers.imaging import fitted
from indexers.pipeline import IndexOptions, index
from indexers.query_encoder import needed_side_of, upright_picture
from indexers.reader import Reader
from search.engine import DEFAULT_FLOOR, Engine, SearchOptions
from search.errors import ModelError
from search.records import Indexed
from search.spaces import PictureReference, Pixels, QueryEncoder
from search.store import Library

MEDIA = Path(os.environ.get("CROSSFIND_TEST_MEDIA", ""))


def prepared(path: Path) -> Pixels:
    """Read a photo as the indexer does."""
    reference = PictureReference(path)
    upright = upright_picture(reference, needed_side_of(reference, INPUT), USUAL_LIMITS)
    return np.asarray(fitted(upright, INPUT), np.uint8)


def bare(finder: FaceFinder, pictures: Sequence[Pixels]) -> tuple[float, int]:
    """Seconds and faces of the engine alone."""
    began = time.perf_counter()
    faces = sum(len(finder.find(picture, turned=True)) for picture in pictures)
    return time.perf_counter() - began, faces


def pipeline(reader: Reader, folder: Path, library: Library) -> tuple[float, int]:
    """Seconds and faces of a whole run: walk, digest, decode, read, write."""
    options = IndexOptions(only=frozenset(("faces",)))
    began = time.perf_counter()
    events = index([folder], library, [], options, threading.Event(), [reader])
    read = sum(isinstance(event, Indexed) for event in events)
    seconds = time.perf_counter() - began
    assert read
    return seconds, sum(len(library.segments(FACE, digest)) for digest in library.matching(None))


@dataclass(slots=True)
class Told:
    """How well the people of labelled photos are told apart."""

    queries: int = 0
    pairs: int = 0
    found: int = 0
    strangers: int = 0
    overtaken: int = 0


def identify(engine: Engine) -> Told:
    """Ask for each photo of one person: who is found above the floor, and is a stranger above one of them?"""
    lines = (MEDIA / "faces" / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    people = {row["file"]: row["people"][0] for row in map(json.loads, lines) if row["people"]}
    told = Told()
    for name, person in people.items():
        query = f'face:@"{MEDIA / "faces" / name}"'
        hits = engine.search(query, SearchOptions(limit=len(people) + 10, floor=0)).hits
        ranked = [
            (people[hit.file.name], hit.score) for hit in hits if hit.file.name in people.keys() - {name}
        ]
        own = [score for who, score in ranked if who == person]
        others = [score for who, score in ranked if who != person]
        told.queries += 1
        told.pairs += sum(who == person for who in people.values()) - 1
        told.found += sum(score >= DEFAULT_FLOOR for score in own)
        told.strangers += sum(score >= DEFAULT_FLOOR for score in others)
        told.overtaken += bool(own and others and max(others) > min(own))
    return told


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    count = int(arguments[0]) if arguments else 60
    equipment = Equipment(Config(models_dir=os.environ.get("CROSSFIND_MODELS", "")))
    if equipment.faces is None:
        raise ModelError("No face model is installed.", 'Install it: pip install "crossfind[starter]".')
    models = equipment.faces
    finder = models.build()
    with tempfile.TemporaryDirectory() as temporary:
        photos = Path(temporary) / "photos"
        photos.mkdir()
        for path in sorted((MEDIA / "photos").glob("*.jpg"))[:count]:
            (photos / path.name).write_bytes(path.read_bytes())
        pictures = [prepared(path) for path in sorted(photos.iterdir())]
        finder.find(pictures[0])  # loads the models
        reader = models.reader()
        before, faces = bare(finder, pictures)
        library = Library.create(Path(temporary) / "library")
        ours, found = pipeline(reader, photos, library)
        after, _ = bare(finder, pictures)
        alone = (before + after) / 2
        title = f"{len(pictures)} photos, {models.embedder.id}, {models.fingerprint.preprocessing}"
        table(
            (title, "seconds", "photos/s", "faces", "share"),
            [
                ("engine alone", alone, len(pictures) / alone, faces, 1.0),
                ("indexing", ours, len(pictures) / ours, found, alone / ours),
            ],
        )
        library.close()
        known = Library.create(Path(temporary) / "known")
        pipeline(models.reader(), MEDIA / "faces", known)
        encoder: QueryEncoder = models.encoder()
        told = identify(Engine(known, [encoder]))
        known.close()
    print(
        f"{told.queries} photos asked: {told.found} of {told.pairs} other photos of the person found, "
        f"{told.strangers} of strangers shown; a stranger above somebody in {told.overtaken} answers"
    )


if __name__ == "__main__":
    start_children_as_the_command()
    main(sys.argv[1:])
