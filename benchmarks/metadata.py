"""What files say about themselves: how fast it is read beside the libraries that read it, alone and in a run.

    python -m benchmarks.metadata FOLDER [FOLDER ...]

The bare reading asks the same libraries for the same blocks and throws them away: Pillow for EXIF with its
inner tables, XMP and IPTC, mutagen and PyAV for recordings, PyAV for films, PyMuPDF for PDFs. Ours makes
facts of them. The run is a whole one into a new library, with nothing else switched on: it also walks,
digests, starts worker processes and writes. Files that one of the two refuses are left out of all columns.
"""

import argparse
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import av
import mutagen
import pymupdf
from PIL import ExifTags, Image, IptcImagePlugin

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from benchmarks.common import median_ms, table
from indexers.base import FACTS, Job
from indexers.media_types import HEAD_BYTES, sniff
from indexers.metadata import INDEXER
from search.records import media_kind

Read = Callable[[str], object]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args()
    kinds = _by_kind(path for folder in options.folders for path in sorted(folder.rglob("*")))
    head = ("kind", "files", "bare libraries, ms a file", "facts, ms a file", "share of the bare speed")
    table(head, (_row(kind, files) for kind, files in kinds.items()))
    everything = [file for files in kinds.values() for file in files]
    bare = sum(_seconds(_BARE[kind], files) for kind, files in kinds.items())
    whole = _whole_run([file for file, _ in everything])
    print(
        f"a whole run over {len(everything)} files: {len(everything) / whole:.0f} files/s, "
        f"the bare libraries in one process {len(everything) / bare:.0f}: {bare / whole:.0%}"
    )


def _by_kind(paths: Iterable[Path]) -> dict[str, list[tuple[str, str]]]:
    """Files with their media types, for each kind that a bare library reads."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in paths:
        if not path.is_file():
            continue
        with path.open("rb") as file:
            media_type = sniff(file.read(HEAD_BYTES), path.name)
        kind = media_kind(media_type)
        if kind in _BARE and _readable(_BARE[kind], str(path), media_type):
            found.setdefault(kind, []).append((str(path), media_type))
    return found


def _job(path: str, media_type: str) -> Job:
    return Job(path, path, media_type, 1, 1, "metadata", {FACTS: None})


def _readable(read: Read, path: str, media_type: str) -> bool:
    try:
        read(path)
        INDEXER.extract(_job(path, media_type))
    except Exception:  # noqa: BLE001 (whatever a library says of a broken file)
        return False
    return True


def _row(kind: str, files: list[tuple[str, str]]) -> tuple[object, ...]:
    bare, ours = _seconds(_BARE[kind], files), _facts_seconds(files)
    return kind, len(files), bare / len(files) * 1000, ours / len(files) * 1000, f"{bare / ours:.0%}"


def _seconds(read: Read, files: list[tuple[str, str]]) -> float:
    return median_ms(lambda: [read(path) for path, _ in files], repeats=5, warm_up=1) / 1000


def _facts_seconds(files: list[tuple[str, str]]) -> float:
    jobs = [_job(*file) for file in files]
    return median_ms(lambda: [INDEXER.extract(job) for job in jobs], repeats=5, warm_up=1) / 1000


def _picture(path: str) -> None:
    with Image.open(path) as image:
        exif = image.getexif()
        for table_id in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo):
            dict(exif.get_ifd(table_id))
        image.info.get("xmp")
        IptcImagePlugin.getiptcinfo(image)


def _recording(path: str) -> None:
    mutagen.File(path)
    _film(path)


def _film(path: str) -> None:
    with av.open(path) as container:
        dict(container.metadata)


def _pdf(path: str) -> None:
    with pymupdf.open(path) as document:
        dict(document.metadata or {})
        document.get_xml_metadata()


_BARE: dict[str, Read] = {"image": _picture, "audio": _recording, "video": _film, "pdf": _pdf}


def _whole_run(files: list[str]) -> float:
    """Seconds of a run over copies of the files, with facts alone."""
    with tempfile.TemporaryDirectory() as folder:
        media = Path(folder, "media")
        media.mkdir()
        for number, file in enumerate(files):
            shutil.copyfile(file, Path(media, f"{number}{Path(file).suffix}"))
        wishes = IndexWishes((media,), only=frozenset({"metadata"}))
        began = time.perf_counter()
        config = Config(library=str(Path(folder, "library")))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        return time.perf_counter() - began


if __name__ == "__main__":
    main()
