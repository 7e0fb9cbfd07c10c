"""Text in pictures: pictures a second against bare RapidOCR, and how many words of pages are read.

    python -m benchmarks.ocr PHOTOS PDFS [--count 20]

The bare engine is RapidOCR as it comes, fed the same pictures from memory in the same run. The words of pages
whose text layer is known are the truth: a page is drawn, read, and its words of three letters or more looked
for in what was read.
"""

import argparse
import logging
import re
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path

import numpy as np
from PIL import Image

from indexers import documents
from indexers.base import Job
from indexers.model_facts import Facts
from indexers.ocr_reader import SIDE, SURE
from indexers.rapid_ocr import RapidOcr
from indexers.views import look
from search.spaces import PictureInput, Pixels

MOST_PAGES = 10
FILES = {
    "detector": "PP-OCRv6_det_small.onnx",
    "direction": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "recogniser": "PP-OCRv6_rec_small.onnx",
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path)
    parser.add_argument("pdfs", type=Path)
    parser.add_argument("--count", type=int, default=20)
    options = parser.parse_args()
    models = Path(str(metadata.distribution("rapidocr").locate_file("rapidocr/models")))
    ours = RapidOcr(models, Facts({"ocr": FILES}, "rapidocr"))
    photos = [
        np.asarray(Image.open(path).convert("RGB"))
        for path in sorted(options.photos.glob("*.jpg"))[: options.count]
    ]
    pages = list(_pages(options.pdfs))
    bare = _bare()
    for name, pictures in (("photos", photos), ("pages", [picture for picture, _ in pages])):
        fast, slow = _timed(ours.lines, pictures), _timed(bare, pictures)
        print(
            f"{name}: {len(pictures)}, RapidOCR as it comes {slow:.2f} s, ours {fast:.2f} s each; "
            f"{slow / fast:.0%} of its pictures a second"
        )
    shares = [_share(" ".join(one.text for one in ours.lines(p) if one.score >= SURE), t) for p, t in pages]
    print(f"words of {len(pages)} pages that are read: {np.mean(shares):.3f}, least {min(shares):.3f}")


def _bare() -> Callable[[Pixels], object]:
    logging.getLogger("RapidOCR").addHandler(logging.NullHandler())
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})
    return lambda picture: engine(np.ascontiguousarray(picture[:, :, ::-1]))


def _timed(read: Callable[[Pixels], object], pictures: Sequence[Pixels]) -> float:
    read(pictures[0])
    began = time.perf_counter()
    for picture in pictures:
        read(picture)
    return (time.perf_counter() - began) / len(pictures)


def _pages(folder: Path) -> list[tuple[Pixels, str]]:
    """Draw pages that have a text layer in Latin letters, one of each file."""
    found: list[tuple[Pixels, str]] = []
    for path in sorted(folder.glob("*.pdf")):
        spec = PictureInput(SIDE, SIDE, "fit")
        job = Job(str(path), "d", "application/pdf", 1, 1, "ocr", {"ocr": spec})
        try:
            with documents.opened(path) as document:
                text = documents.page_text(document[0])
            if len(text) > 500 and text.isascii():
                found.append((np.asarray(look(job).views[0].picture), text))
        except Exception as error:  # noqa: BLE001 (the folder holds broken files)
            print(f"left out: {path.name} ({error})")
        if len(found) == MOST_PAGES:
            break
    return found


def _share(read: str, truth: str) -> float:
    """Return which share of the words was read."""
    words, known = re.findall(r"\w{3,}", truth.lower()), set(re.findall(r"\w{3,}", read.lower()))
    return sum(word in known for word in words) / max(len(words), 1)


if __name__ == "__main__":
    main()
