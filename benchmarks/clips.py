"""Whether a piece of a film is found again, and at which second, after it was cut out and encoded anew.

    python -m benchmarks.clips [MODEL]

Indexes the films and photos in CROSSFIND_TEST_MEDIA with one scene model (`starter-scene` unless another is
named). From every film two pieces are cut and changed, then asked for with `clip:@`. The table gives the
share whose first film is the right one, the share that is also found within a second of its place, and the
median error in seconds. The baseline asks for the piece's middle frame with `like:@`, and is measured by the
second of that frame. Copies of one film under several names count as that film.
"""

import os
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from benchmarks.common import table
from search.engine import Engine, SearchOptions
from search.records import TimeSpan

Change = Callable[[Image.Image], Image.Image]
PIECES = ((0.15, 0.55), (0.5, 0.95))
"""Where pieces begin and end, as shares of the film."""

RATE = 10
FILMS = (".mp4", ".mkv", ".webm", ".mov")


def scaled(image: Image.Image) -> Image.Image:
    """Half the size."""
    return image.resize((_even(image.width / 2), _even(image.height / 2)))


def bars(image: Image.Image) -> Image.Image:
    """Black bars above and below."""
    return ImageOps.expand(image, (0, _even(image.height / 6)))


def middle(image: Image.Image) -> Image.Image:
    """The middle, 70 % of each side."""
    cut = image.crop(
        (int(image.width * 0.15), int(image.height * 0.15), int(image.width * 0.85), int(image.height * 0.85))
    )
    return cut.resize((_even(cut.width), _even(cut.height)))


CHANGES: Mapping[str, Change] = {
    "encoded anew": lambda image: image,
    "half the size": scaled,
    "middle, 49 % of it": middle,
    "black bars": bars,
    "mirrored": ImageOps.mirror,
    "darkened to half": lambda image: ImageEnhance.Brightness(image).enhance(0.5),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Pictures of a film, `RATE` a second, from a second on."""

    film: Path
    start_s: float
    pictures: tuple[Image.Image, ...]


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def pieces(film: Path) -> Iterator[Piece]:
    """Cut the pieces out of a film."""
    import av

    shown: list[Image.Image] = []
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        first = None
        for frame in container.decode(stream):
            first = frame.time if first is None else first
            while len(shown) <= ((frame.time or 0.0) - (first or 0.0)) * RATE:
                shown.append(frame.to_image())
    for begin, end in PIECES:
        start, stop = round(begin * len(shown)), round(end * len(shown))
        yield Piece(film, start / RATE, tuple(shown[start:stop]))


def write(piece: Piece, change: Change, path: Path) -> None:
    """Encode a piece, changed."""
    import av

    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=RATE)
        stream.pix_fmt, stream.bit_rate = "yuv420p", 400_000
        for n, picture in enumerate(piece.pictures):
            image = change(picture)
            if not n:
                stream.width, stream.height = _even(image.width), _even(image.height)
            frame = av.VideoFrame.from_image(image.resize((stream.width, stream.height)))
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def errors(
    engine: Engine, cut: Sequence[Piece], change: Change, folder: Path, *, by_frame: bool = False
) -> list[float | None]:
    """Return how many seconds beside its place each piece is found first, None in a wrong film."""
    found: list[float | None] = []
    query = "like:@frame.png" if by_frame else "clip:@piece.mkv"
    for piece in cut:
        expected = piece.start_s + (len(piece.pictures) / 2 / RATE if by_frame else 0.0)
        write(piece, change, folder / "piece.mkv")
        change(piece.pictures[len(piece.pictures) // 2]).save(folder / "frame.png")
        hits = engine.search(f"{query} type:video", SearchOptions(limit=1, floor=0.0, base=folder)).hits
        place = hits[0].locator if hits else None
        if isinstance(place, TimeSpan) and _film(hits[0].file.path) == _film(str(piece.film)):
            found.append(abs(place.start_s - expected))
        else:
            found.append(None)
    return found


def _film(path: str) -> str:
    """Name a film, whatever it is stored as: `flower.webm` and `flower-fragmented.mp4` are one."""
    return Path(path).stem.partition("-")[0]


def row(name: str, found: Sequence[float | None]) -> tuple[object, ...]:
    """Return one row of the table."""
    right = [error for error in found if error is not None]
    near = sum(error <= 1.0 for error in right)
    error = f"{statistics.median(right):.2f}" if right else "-"
    return name, f"{len(right) / len(found):.2f}", f"{near / len(found):.2f}", error


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]).resolve()
    films = sorted(
        path for path in (media / "video").iterdir() if path.suffix in (".mp4", ".mkv", ".webm", ".mov")
    )
    cut = [piece for film in films for piece in pieces(film)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = Config(
            library=f"{folder}/library",
            models={"scene": arguments[0] if arguments else "starter-scene"},
            models_dir=os.environ.get("CROSSFIND_MODELS", ""),
        )
        wishes = IndexWishes((media / "video", media / "photos"), only=frozenset(("videos", "pictures")))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        searcher = Searcher(config)
        rows = [row("a frame, like:@", errors(searcher.engine, cut, scaled, folder, by_frame=True))]
        rows += [row(what, errors(searcher.engine, cut, change, folder)) for what, change in CHANGES.items()]
        searcher.close()
    table((f"{len(cut)} pieces of {len(films)} films", "right film", "within 1 s", "error, s"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
