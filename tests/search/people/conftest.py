"""A library with faces whose vectors a reader can foresee: a direction for each person, and some noise."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from search.people.book import People
from search.people.records import Place
from search.people.refresh import Refreshed, refresh
from search.records import Box, Content, File, Region, Segment, TimeSpan, Whole
from search.spaces import Fingerprint, Thresholds, Vector, unit_rows
from search.store import Batch, Library, Mark, Root, SegmentRows

DIM = 32
LIMITS = Thresholds(0.6, 0.4)
ROOT = "/home/ada/Pictures"
SLOTS: tuple[Box, ...] = tuple((0.02 + 0.24 * n, 0.2, 0.2 + 0.24 * n, 0.5) for n in range(4))


def vector(who: str, seed: int, noise: float = 0.6) -> Vector:
    """A face: the direction of its person and noise of this length."""
    own = unit_rows(np.random.default_rng(sum(map(ord, who)) * 7919).normal(size=(1, DIM)))[0]
    other = unit_rows(np.random.default_rng(seed).normal(size=(1, DIM)))[0]
    return unit_rows((own + noise * other)[None])[0]


@dataclass
class Album:
    """Adds pictures to a real library and brings its people up to date."""

    library: Library
    model: str = "faces-a"
    seeds: Iterator[int] = field(default_factory=itertools.count)
    fingerprints: dict[str, Fingerprint] = field(default_factory=dict)

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.model, "1", "", DIM)

    def photo(
        self,
        digest: str,
        *who: str,
        boxes: Sequence[Box] = SLOTS,
        quality: float = 0.8,
        place: Place = Whole(),  # noqa: B008
        regions: Sequence[tuple[str, Box]] = (),
        day: int = 1,
    ) -> None:
        """Add one picture (or film) with a face for each who; the n-th stands in the n-th box."""
        kind = "video/mp4" if isinstance(place, TimeSpan) else "image/jpeg"
        taken = datetime(2024, 5, day)
        content = Content(digest, kind, 10, taken_at=taken)
        segments = [
            Segment(digest, "face", n, Region(place, box), quality=quality)
            for n, (_, box) in enumerate(zip(who, boxes, strict=False))
        ]
        words = Fingerprint("words", "1", "", 0)
        named = [
            Segment(digest, "regions", n, Region(Whole(), box), name) for n, (name, box) in enumerate(regions)
        ]
        vectors = (
            np.stack([vector(one, next(self.seeds)) for one in who])
            if who
            else np.zeros((0, DIM), np.float32)
        )
        with self.library.writer() as writer:
            writer.add_root(Root(ROOT))
            writer.open_space("face", self.fingerprint)
            writer.open_space("regions", words)
            writer.write(
                Batch(
                    [content],
                    [File(f"{ROOT}/{digest}.jpg", digest, 10, 1, ROOT)],
                    {
                        "face": SegmentRows(self.fingerprint, segments, vectors),
                        "regions": SegmentRows(words, named),
                    },
                    [
                        Mark(digest, "face", self.fingerprint.key, segments=len(segments)),
                        Mark(digest, "regions", words.key, segments=len(named)),
                    ],
                )
            )

    def refresh(self) -> Refreshed:
        return refresh(self.library, LIMITS)

    def book(self) -> People:
        """A book that knows nothing yet: it reads all from the library."""
        return People(self.library, LIMITS)

    def who(self) -> dict[tuple[str, int], int]:
        """Whose each face is: (digest, number of its box) -> person."""
        return {
            (one.anchor.digest, min(range(4), key=lambda n: abs(SLOTS[n][0] - one.anchor.box[0]))): one.person
            for person in [0, *(p.id for p in self.book().people())]
            for one in self.book().faces(person)
        }

    def id_of(self, digest: str, slot: int = 0) -> int:
        """The number of one face."""
        found = [
            one.id
            for person in [0, *(p.id for p in self.book().people())]
            for one in self.book().faces(person)
            if one.anchor.digest == digest and one.anchor.box == SLOTS[slot]
        ]
        return found[0]


@pytest.fixture
def album(tmp_path: Path) -> Iterator[Album]:
    library = Library.create(tmp_path / "library")
    yield Album(library)
    library.close()


@pytest.fixture
def friends(album: Album) -> Album:
    """Ada in a, b and c, Grace in c, d and e, Kurt in e; nobody has a name yet."""
    for digest, *who in (
        ("a", "ada"),
        ("b", "ada"),
        ("c", "ada", "grace"),
        ("d", "grace"),
        ("e", "grace", "kurt"),
    ):
        album.photo(digest, *who)
    album.refresh()
    return album
