"""Writes down what is said in a file of the library, in the forms that players and people read."""

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import assert_never

from app.cli_options import TranscriptForm
from search.errors import CrossfindError
from search.records import Segment, TimeSpan
from search.store import Library

SOURCES = ("speech", "subtitles")
"""The spaces that hold what is said, the one to prefer first."""

LINE, LINES = 42, 2
"""A caption has so many lines of so many letters, as is usual for subtitles."""


def transcript(library: Library, path: Path, form: TranscriptForm) -> str:
    """Return the transcript of a file. Raises `CrossfindError` when it has none."""
    segments = _segments(library, path)
    match form:
        case "srt":
            cues = enumerate(_cues(segments), start=1)
            return "".join(f"{n}\n{_span(*times, ',')}\n{_lines(text)}\n\n" for n, (times, text) in cues)
        case "vtt":
            blocks = [f"{_span(*times, '.')}\n{_lines(text)}\n" for times, text in _cues(segments)]
            return "\n".join(["WEBVTT\n", *blocks])
        case "txt":
            return "".join(f"{one.text}\n" for one in segments if one.parent is None)
        case "json":
            return (
                json.dumps([_facts(one) for one in _smallest(segments)], ensure_ascii=False, indent=1) + "\n"
            )
        case _:
            assert_never(form)


def _segments(library: Library, path: Path) -> Sequence[Segment]:
    digest = library.digest_at(str(path))
    if digest is None:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    for space in SOURCES:
        if found := library.segments(space, digest, timing=True):
            return found
    remedy = "If there should be: crossfind status tells whether a speech model is missing."
    raise CrossfindError(f"There is no speech in {path}, or none that was understood.", remedy)


def _smallest(segments: Sequence[Segment]) -> list[Segment]:
    """Return the sentences: what holds no other segment."""
    parents = {one.parent for one in segments}
    return [one for one in segments if one.id not in parents]


def _cues(segments: Sequence[Segment]) -> Iterator[tuple[tuple[float, float], str]]:
    """Yield captions with their first and last second; long sentences make several, between words."""
    for one in _smallest(segments):
        place, text = one.locator, one.text or ""
        assert isinstance(place, TimeSpan)
        if len(text) <= LINE * LINES or not one.timing:
            yield (place.start_s, place.end_s), text
            continue
        begin = 0
        for n in range(1, len(one.timing) + 1):
            end = one.timing[n][0] if n < len(one.timing) else len(text)
            after = one.timing[n + 1][0] if n + 1 < len(one.timing) else len(text)
            if n == len(one.timing) or after - one.timing[begin][0] > LINE * LINES:
                yield (one.timing[begin][1], one.timing[n - 1][2]), text[one.timing[begin][0] : end].strip()
                begin = n


def _facts(segment: Segment) -> dict[str, object]:
    assert isinstance(segment.locator, TimeSpan)
    text = segment.text or ""
    ends = [at for at, _, _ in segment.timing[1:]] + [len(text)]
    words = [
        {"start_s": start_s, "end_s": end_s, "text": text[at:end].strip()}
        for (at, start_s, end_s), end in zip(segment.timing, ends, strict=False)
    ]
    return {"start_s": segment.locator.start_s, "end_s": segment.locator.end_s, "text": text, "words": words}


def _lines(text: str) -> str:
    return "\n".join(textwrap.wrap(text, LINE, break_long_words=False)) or text


def _span(start_s: float, end_s: float, point: str) -> str:
    return f"{_time(start_s, point)} --> {_time(max(end_s, start_s), point)}"


def _time(seconds: float, point: str) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}{point}{rest % 1000:03}"
