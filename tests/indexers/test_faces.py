"""Faces in photos, PDFs and films: with patches for faces, so that every place can be foreseen."""

import io
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers.base import Job, Piece
from indexers.face_finder import Face
from indexers.face_reader import FaceReader
from indexers.faces import FACE, INDEXER, INPUT
from indexers.pipeline import IndexOptions, index
from search.errors import ModelError
from search.records import Failed, Missing, Outcome, Page, Region, Skipped, TimeSpan, Whole
from search.spaces import Fingerprint, Pixels, Thresholds, Vector, unit_rows
from search.store import Library

PRINT = Fingerprint("patches", "1", "", 3)
RED, GREEN = (230, 20, 20), (20, 230, 20)


class PatchFinder:
    """A face is a patch of pure red, green or blue; its colour says whose it is."""

    fingerprint = PRINT

    def __init__(self) -> None:
        self.turned: list[bool] = []

    def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
        self.turned.append(turned)
        found = []
        height, width = picture.shape[:2]
        for n in range(3):
            others = np.delete(picture, n, axis=2).max(axis=2)
            rows, columns = np.nonzero((picture[:, :, n] > 150) & (others < 90))
            if len(rows) > 30:
                box = tuple(float(v) for v in (columns.min() / width, rows.min() / height))
                box += tuple(float(v) for v in ((columns.max() + 1) / width, (rows.max() + 1) / height))
                found.append(Face(box, 0.9, ((box[0], box[1]),), self.vector(n), quality=box[2] - box[0]))
        return sorted(found, key=lambda face: face.box[0] - face.box[2])

    @staticmethod
    def vector(n: int) -> Vector:
        return unit_rows(np.eye(3)[n])

    def close(self) -> None:
        """Nothing is held."""


def reader(finder: Any = None, revision: str = "1") -> FaceReader:
    fingerprint = Fingerprint("patches", revision, "", 3)
    return FaceReader(lambda: finder or PatchFinder(), fingerprint, Thresholds(0.6, 0.4))


def photo(
    *patches: tuple[tuple[int, int, int], tuple[int, int, int, int]], size: tuple[int, int] = (400, 300)
):
    image = Image.new("RGB", size, (128, 128, 128))
    for colour, box in patches:
        image.paste(colour, box)
    return image


def run(
    library: Library, *roots: Path, readers: Sequence[FaceReader] | None = None, **options: Any
) -> list[Any]:
    chosen = IndexOptions(workers=1, only=frozenset(("faces",)), **options)
    events = index(roots, library, [], chosen, threading.Event(), [reader()] if readers is None else readers)
    return [event for event in events if isinstance(event, Outcome | Missing)]


def places(library: Library, path: Path) -> list[Any]:
    digest = library.digest_at(str(path))
    assert digest is not None
    return [segment.locator for segment in library.segments(FACE, digest)]


def test_a_photo_gives_its_faces_with_what_is_known_of_them(folder: Path, library: Library) -> None:
    path = folder / "two.png"
    photo((RED, (40, 30, 80, 90)), (GREEN, (200, 150, 300, 300))).save(path)
    run(library, folder)
    digest = library.digest_at(str(path))
    assert digest is not None
    first, second = library.segments(FACE, digest, looks=True)
    assert (first.locator, second.locator) == (
        Region(Whole(), (0.5, 0.5, 0.75, 1.0)),
        Region(Whole(), (0.1, 0.1, 0.2, 0.3)),
    )
    assert second.quality == pytest.approx(0.1)
    assert second.landmarks == ((0.1, 0.1),)
    np.testing.assert_allclose(library.vectors(FACE, [first.id, second.id]), [[0, 1, 0], [1, 0, 0]])


def test_small_faces_are_left_out_and_exif_is_minded(folder: Path, library: Library) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the right side is up
    sideways = photo((RED, (40, 30, 80, 90)), (GREEN, (200, 100, 215, 290)))
    sideways.save(folder / "a.png", exif=exif)
    run(library, folder)
    (place,) = places(library, folder / "a.png")
    assert place.box == pytest.approx((1 - 90 / 300, 40 / 400, 1 - 30 / 300, 80 / 400))


def test_pages_of_a_tiff_and_pages_with_pictures(folder: Path, library: Library) -> None:
    pages = [photo((RED, (0, 0, 100, 100))), photo(), photo((GREEN, (0, 0, 100, 100)))]
    pages[0].save(folder / "a.tif", save_all=True, append_images=pages[1:])
    file = io.BytesIO()
    pages[0].save(file, "PNG")
    with pymupdf.open() as document:
        document.new_page(width=400, height=400).insert_text((20, 40), "words only")
        document.new_page(width=400, height=400).insert_image((0, 0, 400, 300), stream=file.getvalue())
        document.new_page(width=400, height=400).insert_image((0, 0, 20, 15), stream=file.getvalue())
        document.save(folder / "a.pdf")
    run(library, folder)
    assert [place.of for place in places(library, folder / "a.tif")] == [Page(1), Page(3)]
    (place,) = places(library, folder / "a.pdf")
    assert place.of == Page(2)
    assert place.box == pytest.approx((0, 0, 0.25, 0.25), abs=0.01)


def test_one_person_is_one_segment_in_each_shot(
    folder: Path, library: Library, save_film: Callable[..., Path]
) -> None:
    film = folder / "a.mp4"
    first = photo((RED, (40, 30, 120, 90)), (GREEN, (200, 150, 320, 300)), size=(480, 320))
    second = Image.new("RGB", (480, 320), (20, 20, 30))
    second.paste(RED, (300, 100, 420, 260))
    save_film(film, [first, second], seconds=5.0)
    finder = PatchFinder()
    run(library, folder, readers=[reader(finder)])
    found = {(round(p.of.start_s), round(p.of.end_s), round(p.box[0], 1)) for p in places(library, film)}
    assert found == {(0, 5, 0.1), (0, 5, 0.4), (5, 10, 0.6)}
    assert all(isinstance(place.of, TimeSpan) for place in places(library, film))
    assert not any(finder.turned)


def test_a_shot_goes_as_one_payload_of_bounded_size(tmp_path: Path, save_film: Callable[..., Path]) -> None:
    film = save_film(tmp_path / "a.mp4", [photo(size=(1280, 720))], seconds=3.0)
    status = film.stat()
    job = Job(*(str(film), "d", "video/mp4", status.st_size, status.st_mtime_ns, "faces", {FACE: INPUT}))
    (piece,) = INDEXER.extract(job).pieces
    assert isinstance(piece.payload, np.ndarray)
    assert piece.payload.shape[1:] == (540, 960, 3)
    assert [start for _, start, _ in piece.timing] == sorted(start for _, start, _ in piece.timing)


def test_a_model_that_fails_is_told_once_and_the_next_run_makes_it_good(
    folder: Path, library: Library
) -> None:
    class Broken(PatchFinder):
        def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:  # noqa: ARG002
            raise ModelError("The face model is damaged.", "Get it again.")

    for n in range(3):
        photo((RED, (0, 0, 100 + n, 100))).save(folder / f"{n}.png")
    told = run(library, folder, readers=[reader(Broken())])
    assert [one for one in told if isinstance(one, Missing)] == [
        Missing(FACE, "The face model is damaged.", "Get it again.")
    ]
    run(library, folder)
    assert all(len(places(library, folder / f"{n}.png")) == 1 for n in range(3))


def test_another_model_reads_again_and_only_faces(folder: Path, library: Library) -> None:
    photo((RED, (0, 0, 100, 100))).save(folder / "a.png")
    run(library, folder)
    finder = PatchFinder()
    run(library, folder, readers=[reader(finder)])
    assert finder.turned == []
    run(library, folder, readers=[reader(finder, revision="2")])
    assert finder.turned == [True]
    assert library.spaces()[FACE].revision == "2"
    assert len(places(library, folder / "a.png")) == 1


def test_a_reading_is_what_is_in_the_picture_and_nothing_else() -> None:
    pixels = np.asarray(photo((RED, (40, 30, 80, 90))), np.uint8)
    (found,) = reader().read([Piece(FACE, Page(4), payload=pixels)])
    assert [piece.locator for piece in found] == [Region(Page(4), (0.1, 0.1, 0.2, 0.3))]
    assert reader().read([Piece(FACE, Whole(), payload=np.full((40, 40, 3), 128, np.uint8))]) == [[]]


def test_hostile_files_cost_themselves(media_dir: Path, library: Library, folder: Path) -> None:
    photo((RED, (0, 0, 100, 100))).save(folder / "fine.png")
    outcomes = run(library, media_dir / "hostile", folder)
    bad = [one for one in outcomes if isinstance(one, Skipped | Failed)]
    assert len(bad) > 20
    assert all(one.reason.endswith(".") and "Traceback" not in one.reason for one in bad)
    assert len(places(library, folder / "fine.png")) == 1


def test_a_run_that_was_stopped_is_made_good_by_the_next(
    tmp_path: Path, folder: Path, library: Library
) -> None:
    for n in range(12):
        photo((RED, (0, 0, 100 + n, 100)), (GREEN, (200, 0, 300, 100 + n))).save(folder / f"{n}.png")
    stop = threading.Event()

    class Stopping(PatchFinder):
        def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
            if len(self.turned) == 4:
                stop.set()
            return super().find(picture, turned=turned)

    options = IndexOptions(workers=1, only=frozenset(("faces",)))
    for _ in index([folder], library, [], options, stop, [reader(Stopping())]):
        pass
    assert stop.is_set()
    run(library, folder)
    whole = Library.create(tmp_path / "whole")
    run(whole, folder)
    for n in range(12):
        path = folder / f"{n}.png"
        assert len(places(library, path)) == 2
        assert places(library, path) == places(whole, path)
    whole.close()


def test_the_box_of_somebody_who_walks_is_where_the_shown_picture_has_it() -> None:
    pictures = [photo((RED, (20 + 100 * n, 30, 60 + 100 * n + 10 * n, 90))) for n in range(3)]
    payload = np.stack([np.asarray(picture, np.uint8) for picture in pictures])
    timing = ((0, 4.0, 6.0), (1, 6.0, 8.0), (2, 8.0, 9.5))
    (found,) = reader().read([Piece(FACE, TimeSpan(4.0, 9.5), payload=payload, timing=timing)])
    (piece,) = found
    assert isinstance(piece.locator, Region)
    assert piece.locator.of == TimeSpan(4.0, 9.5)
    assert piece.locator.box == pytest.approx((0.05, 0.1, 0.15, 0.3))
    assert piece.quality == pytest.approx(0.15)  # of the last moment, the largest
