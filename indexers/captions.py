"""Subtitles as text files beside a film: SubRip (.srt) and WebVTT (.vtt)."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENDINGS = (".srt", ".vtt")
MOST_BYTES = 10_000_000

_TIMES = re.compile(
    r"^\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
_MARKS = re.compile(r"<[^<>]*>|\{[^{}]*\}")
_BREAKS = re.compile(r"\\[Nnh]")


@dataclass(frozen=True, slots=True)
class Caption:
    """A line of text and when it is shown, in seconds."""

    start_s: float
    end_s: float
    text: str


def parse(text: str) -> list[Caption]:
    """Read SubRip or WebVTT in the order of time; what is malformed is left out."""
    found = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        times = next(((n, match) for n, line in enumerate(lines) if (match := _TIMES.match(line))), None)
        if times is not None:
            n, match = times
            start_s, end_s = _seconds(*match.groups()[:4]), _seconds(*match.groups()[4:])
            said = plain(" ".join(lines[n + 1 :]))
            if said:
                found.append(Caption(start_s, max(start_s, end_s), said))
    return sorted(found, key=lambda caption: caption.start_s)


def plain(text: str) -> str:
    """Return a caption's words on one line, without marks of style."""
    words = html.unescape(_MARKS.sub("", _BREAKS.sub(" ", text)))
    return " ".join("".join(c if c.isprintable() else " " for c in words).split())


def read(path: Path) -> list[Caption]:
    """Read a subtitle file in UTF-8, UTF-16 or the Western code page; nothing when it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError:
        return []
    return parse(_decoded(data))


def beside(path: str) -> list[Path]:
    """Return the subtitle files that belong to a film: `film.srt`, `film.en.vtt`, by name."""
    film = Path(path)
    try:
        others = sorted(film.parent.iterdir())
    except OSError:
        return []
    named = (one for one in others if one.suffix.lower() in ENDINGS and _is_of(one.stem, film.stem))
    return [one for one in named if one.is_file()]  # a pipe would never end


def language_of(captions: Path, film: str) -> str | None:
    """Return the two-letter code that stands before the ending, as in `film.en.srt`."""
    extra = captions.stem[len(Path(film).stem) :].lstrip(".").lower()
    code = re.split(r"[._-]", extra)[0]
    return code if re.fullmatch("[a-z]{2}", code) else None


def _is_of(stem: str, film: str) -> bool:
    return stem == film or (stem.startswith(film + ".") and "." not in stem[len(film) + 1 :].rstrip("."))


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _decoded(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield "utf-8-sig"
    yield "cp1252"
