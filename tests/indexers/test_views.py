"""Views: photos, pages and moments at the size that a job's spaces take them, in parts."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers import film_reading, views
from indexers.base import Job, LeftOutError, Limits
from search.errors import MediaError
from search.records import Page, TimeSpan, Whole
from search.spaces import PictureInput

FIT = PictureInput(200, 200, "fit")
TYPES = {".jpg": "image/jpeg", ".tif": "image/tiff", ".pdf": "application/pdf", ".mp4": "video/mp4"}


def job_for(path: Path, **changes) -> Job:
    status = path.stat()
    job = Job(
        *(str(path), "d", TYPES.get(path.suffix, "video/mp4"), status.st_size, status.st_mtime_ns),
        *("ocr", {"ocr": FIT, "meaning": None}),
    )
    return replace(job, **changes)


def every_part(job, wanted=views.every_page):
    while True:
        part = views.look(job, wanted)
        yield part
        if part.next is None:
            return
        job = replace(job, start=part.next)


def test_a_photo_is_upright_and_as_large_as_asked_for(tmp_path, save_picture):
    exif = Image.Exif()
    exif[0x0112] = 6
    [part] = every_part(job_for(save_picture(tmp_path / "a.jpg", 1, (800, 400), exif=exif)))
    [view] = part.views
    assert (view.place, view.shot, view.picture.mode) == (Whole(), None, "RGB")
    assert view.picture.size == (100, 200)


def test_a_small_photo_is_not_enlarged(tmp_path, save_picture):
    [part] = every_part(job_for(save_picture(tmp_path / "a.jpg", 1, (90, 60))))
    assert part.views[0].picture.size == (90, 60)


def test_the_pages_of_a_tiff_come_in_parts(tmp_path, picture, monkeypatch):
    pages = [picture(n, (300, 200)) for n in range(3)]
    pages[0].save(tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    job = job_for(tmp_path / "a.tif")
    [whole] = every_part(job)
    monkeypatch.setattr(views, "PIXELS_PER_PART", 1)
    parts = list(every_part(job))
    assert [[view.place for view in part.views] for part in parts] == [[Page(1)], [Page(2)], [Page(3)]]
    for one, other in zip(whole.views, (view for part in parts for view in part.views), strict=True):
        assert one.picture.size == (200, 133)
        assert np.array_equal(np.asarray(one.picture), np.asarray(other.picture))


def test_only_the_wanted_pages_are_drawn(tmp_path, save_pdf, monkeypatch):
    path = save_pdf(tmp_path / "a.pdf", "One", "", "Three")
    job = job_for(path)
    [part] = every_part(job, lambda page: not page.text)
    assert [(view.place, view.picture.size) for view in part.views] == [(Page(2), (150, 200))]
    monkeypatch.setattr(views, "PIXELS_PER_PART", 1)
    assert [len(part.views) for part in every_part(job)] == [1, 1, 1]


def test_where_pictures_stand_on_a_page(tmp_path, picture):
    document = pymupdf.open()
    page = document.new_page(width=400, height=200)
    picture(1, (40, 40)).save(tmp_path / "a.png")
    page.insert_image(pymupdf.Rect(0, 0, 100, 100), filename=tmp_path / "a.png")
    page.set_rotation(90)
    document.new_page()
    document.save(tmp_path / "a.pdf")
    seen = []
    list(every_part(job_for(tmp_path / "a.pdf"), lambda page: bool(seen.append(page.pictures))))
    [[box], nothing] = seen
    assert box == pytest.approx((0.5, 0, 1, 0.25))
    assert nothing == ()


def test_the_moments_of_a_film_know_their_shot(tmp_path, save_film, picture, monkeypatch):
    path = save_film(tmp_path / "a.mp4", [picture(n, (640, 320)) for n in (1, 2, 3)], 1.0)
    monkeypatch.setattr(views, "MOMENTS_PER_PART", 1)
    parts = list(every_part(job_for(path)))
    seen = [view for part in parts for view in part.views]
    assert len(parts) == 3
    assert [view.place.start_s for view in seen] == pytest.approx([0, 1, 2], abs=0.2)
    assert all(isinstance(view.place, TimeSpan) and view.shot == view.place for view in seen)
    assert {view.picture.size for view in seen} == {(200, 100)}
    assert film_reading._kept == []


def test_mere_sound_in_a_film_file_shows_nothing(tmp_path, save_film):
    path = save_film(tmp_path / "a.mp4", [], sound=True)
    assert views.look(job_for(path)) == views.Views([])


def test_nothing_is_opened_where_no_space_takes_pictures(tmp_path):
    job = Job(str(tmp_path / "gone.jpg"), "d", "image/jpeg", 1, 1, "ocr", {"text": None})
    assert views.look(job) == views.Views(())


def test_what_is_too_large_or_damaged_says_so(tmp_path, save_picture):
    photo = save_picture(tmp_path / "a.jpg", 1, (800, 400))
    with pytest.raises(LeftOutError, match="megapixels"):
        views.look(job_for(photo, limits=Limits(megapixels=0.1)))
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(MediaError):
        views.look(job_for(tmp_path / "b.pdf"))
