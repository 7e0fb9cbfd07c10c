"""Pictures that are copies of each other, or look alike."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from search.duplicates.grouping import Told, chain, components, links, stars
from search.duplicates.holdings import Holdings, pictures_of
from search.duplicates.likely import likely
from search.duplicates.records import Agreement, Compare
from search.duplicates.verdict import Verdict, judge_pictures
from search.records import Whole
from search.store import Library, fold

Progress = Callable[[int, int], None]
Pair = tuple[str, str]
_WORKERS = min(4, os.cpu_count() or 1)
_STEP = 64
OCR = "ocr"


def silent(done: int, total: int) -> None:
    """Tell nobody."""


class Pictures:
    """The pictures of a library, compared where that is worth it; every pair once. Pictures of several pages
    take no part."""

    def __init__(
        self, library: Library, held: Holdings, compare: Compare, report: Progress, cancelled: Event
    ) -> None:
        self._library, self._held, self._compare = library, held, compare
        self._report, self._cancelled = report, cancelled
        self._verdicts: dict[Pair, Verdict | None] = {}
        digests = [one for one in held.of_kind("image") if (held.contents[one].pages or 1) == 1]
        self._row_of = {digest: row for row, digest in enumerate(digests)}
        spaces = pictures_of(library, digests)
        self._hashes = spaces.get("phash")
        rows = likely(spaces, [held.contents[digest].taken_at for digest in digests])
        self._judge_all([self._ordered(digests[one], digests[other]) for one, other in rows])

    def copies(self) -> Iterator[tuple[str, list[Told]]]:
        """Yield a picture, the largest, and its copies."""
        for part in components(links(pair for pair, _ in self._of_kind("copy"))):
            yield from stars(
                sorted(part, key=self._held.rank), lambda one, other: self._if("copy", one, other)
            )

    def near(self, stands_for: dict[str, str]) -> Iterator[tuple[str, list[tuple[str, str, Verdict]]]]:
        """Yield a picture, the largest, and those that look alike, each with the one it is like; a picture
        takes no part for which another stands."""
        pairs = [[stands_for.get(one, one) for one in pair] for pair, _ in self._of_kind("near")]
        linked = links((one, other) for one, other in pairs if one != other)
        for part in components(linked):
            first = min(part, key=self._held.rank)
            if told := list(chain(first, linked, lambda one, other: self._if("near", one, other))):
                yield first, told

    def _of_kind(self, kind: str) -> list[tuple[Pair, Verdict]]:
        return [(pair, told) for pair, told in self._verdicts.items() if told and told.kind == kind]

    def _if(self, kind: str, first: str, second: str) -> Verdict | None:
        """Return what the second picture is to the first, if it is of this kind."""
        pair = (first, second)
        if pair not in self._verdicts:
            self._verdicts[pair] = self._judge(pair)
        told = self._verdicts[pair]
        return told if told and told.kind == kind else None

    def _ordered(self, one: str, other: str) -> Pair:
        first, second = sorted((one, other), key=self._held.rank)
        return first, second

    def _judge_all(self, pairs: Sequence[Pair]) -> None:
        """Compare pairs, several at a time, until that is cancelled."""
        with ThreadPoolExecutor(_WORKERS, "compare") as pool:
            for start in range(0, len(pairs), _STEP):
                if self._cancelled.is_set():
                    return
                self._report(start, len(pairs))
                chunk = pairs[start : start + _STEP]
                self._verdicts.update(zip(chunk, pool.map(self._judge, chunk), strict=True))
        self._report(len(pairs), len(pairs))

    def _judge(self, pair: Pair) -> Verdict | None:
        first, second = (self._held.contents[digest] for digest in pair)
        told = judge_pictures(first, second, self._agreement(pair), self._cosine(pair))
        is_one_size = (first.width, first.height) == (second.width, second.height)
        if told and told.kind == "copy" and is_one_size and self._read_differently(pair):
            return Verdict("near", "other numbers on it", told.likeness)
        return told

    def _read_differently(self, pair: Pair) -> bool:
        """Whether different numbers were read on two pictures: pages may differ in nothing else that a
        thumbnail shows. Small copies are misread, so only pictures of one size are asked."""
        first, second = (
            {
                word
                for segment in self._library.segments(OCR, digest)
                for word in fold(segment.text or "").split()
                if any(letter.isdigit() for letter in word)
            }
            for digest in pair
        )
        return bool(first and second and first != second)

    def _agreement(self, pair: Pair) -> Agreement | None:
        first, second = (self._library.thumbnail(digest, Whole()) for digest in pair)
        return self._compare(first, second) if first and second else None

    def _cosine(self, pair: Pair) -> float:
        if self._hashes is None:
            return 0.0
        first, second = (self._hashes[self._row_of[digest]].astype("f4") for digest in pair)
        return float(first @ second)
