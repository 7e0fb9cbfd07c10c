"""Films of every kind, from the file to pieces, thumbnails and facts; and through a run to the library."""

import json
import logging
from dataclasses import replace
from fractions import Fraction
from io import BytesIO

import av
import numpy as np
import pytest
from av.stream import Disposition
from PIL import Image

from indexers import film_reading, video
from indexers.base import Job, LeftOutError, Limits
from indexers.perceptual import PerceptualSpace
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine, SearchOptions
from search.errors import MediaError
from search.records import Failed, Indexed, Skipped, TimeSpan, Unchanged, Whole
from search.spaces import PictureInput
from search.storyboard import Storyboard, size_of, tile_times

SCENE = PictureInput(64, 64)


def job_for(path, **changes):
    status = path.stat()
    job = Job(str(path), "d", "video/mp4", status.st_size, status.st_mtime_ns, "videos", {"scene": SCENE})
    return replace(job, **changes)


def parts_of(path, *, anew=False, **changes):
    """Read a film to its end; `anew` opens it for every part, as after a worker was lost."""
    job, parts = job_for(path, **changes), []
    while True:
        part = video.INDEXER.extract(job)
        parts.append(part)
        if part.next is None:
            return parts
        if anew:
            film_reading.close()
        job = replace(job, start=part.next)


def moments_of(parts):
    return [piece.locator for part in parts for piece in part.pieces if piece.payload is not None]


def pictures_of(parts):
    return [piece.payload for part in parts for piece in part.pieces if piece.payload is not None]


@pytest.fixture
def three(picture):
    return [picture(n, (160, 120)) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp4", {}),
        ("a.mov", {"every": 1}),
        ("a.mkv", {"every": 5}),
        ("a.webm", {"codec": "libvpx-vp9"}),
        ("a.avi", {"codec": "mpeg4"}),
        ("a.mpg", {"codec": "mpeg2video", "fps": 25}),
        ("a.ts", {}),
        ("a.flv", {"codec": "flv"}),
        ("deep.mp4", {"codec": "libx265", "pixels": "yuv420p10le"}),
    ],
)
def test_each_shot_of_any_container_is_found_at_its_time(tmp_path, save_film, three, name, options):
    parts = parts_of(save_film(tmp_path / name, three, 3.0, **options))
    content = parts[0].content
    assert content.duration_s == pytest.approx(9.0, abs=1.1)  # MPEG files can only guess
    assert (content.width, content.height) == (160, 120)
    moments = moments_of(parts)
    assert [m.start_s for m in moments] == pytest.approx([0, 3, 6], abs=0.6)
    assert [m.end_s for m in moments] == pytest.approx([3, 6, 9], abs=0.6)
    for found, shown in zip(pictures_of(parts), three, strict=True):
        wanted = np.asarray(shown.resize((85, 64)).crop((11, 0, 75, 64)), dtype=float)
        assert np.abs(found - wanted).mean() < 12


def test_the_parts_do_not_matter(tmp_path, save_film, three, monkeypatch):
    path = save_film(tmp_path / "a.mp4", [*three, *three], 1.5, every=20)
    whole = parts_of(path)
    monkeypatch.setattr(video, "MOMENTS_PER_PART", 1)
    for parts in (parts_of(path), parts_of(path, anew=True)):
        assert len(whole) == 2
        assert len(parts) == 7
        assert moments_of(parts) == moments_of(whole)
        assert all(map(np.array_equal, pictures_of(parts), pictures_of(whole)))
        assert [t for p in parts for t in p.thumbnails] == [t for p in whole for t in p.thumbnails]


def test_a_film_left_half_way_is_closed_when_another_one_comes(tmp_path, save_film, three, monkeypatch):
    monkeypatch.setattr(video, "MOMENTS_PER_PART", 1)
    first = save_film(tmp_path / "a.mp4", three, 1.0)
    job = job_for(first, start=1)
    assert video.INDEXER.extract(job).next is not None
    second = parts_of(save_film(tmp_path / "b.mp4", three[1:], 1.0))
    assert len(moments_of(second)) == 2
    assert film_reading._kept == []


def test_thumbnails_of_the_film_of_each_moment_and_a_storyboard(tmp_path, save_film, three):
    parts = parts_of(save_film(tmp_path / "a.mp4", three, 3.0))
    shown = dict(pair for part in parts for pair in part.thumbnails)
    assert set(shown) == {Whole(), Storyboard(), *moments_of(parts)}
    sheet = Image.open(BytesIO(shown[Storyboard()]))
    assert sheet.format == "WEBP"
    assert sheet.size == size_of(len(tile_times(9.0)))
    for n, second in enumerate(tile_times(9.0)):
        tile = sheet.crop((160 * n + 20, 0, 160 * n + 140, 90))
        wanted = np.asarray(three[int(second // 3)].resize((120, 90)), dtype=float)
        assert np.abs(np.asarray(tile) - wanted).mean() < 15
    assert max(Image.open(BytesIO(shown[Whole()])).size) == 160
    assert [part.thumbnails for part in parts_of(tmp_path / "a.mp4", thumbnails=False)] == [[], []]


@pytest.mark.parametrize("turned", [90, 180, -90])
def test_a_film_that_is_to_be_turned(tmp_path, save_film, three, turned):
    parts = parts_of(save_film(tmp_path / "a.mp4", three[:1], turned=turned))
    upright = three[0].rotate(turned, expand=True)
    assert (parts[0].content.width, parts[0].content.height) == upright.size
    poster = Image.open(BytesIO(parts[0].thumbnails[0][1]))
    assert poster.size == upright.size
    assert np.abs(np.asarray(poster, dtype=float) - np.asarray(upright)).mean() < 12


def test_one_frame_is_a_film(tmp_path, save_film, three):
    parts = parts_of(save_film(tmp_path / "a.mp4", three[:1], 0.1))
    (moment,) = moments_of(parts)
    assert moment.start_s == 0
    assert 0 < moment.end_s <= 0.2


def test_a_still_picture_for_long_is_one_moment_for_each_half_minute(tmp_path, save_film, three):
    parts = parts_of(save_film(tmp_path / "a.mkv", three[:1], 65.0, fps=5))
    assert [round(moment.start_s) for moment in moments_of(parts)] == [0, 30, 60]


def test_slow_change_gives_a_moment_every_two_seconds(tmp_path, save_film, picture):
    first, last = picture(1, (160, 120)), picture(2, (160, 120))
    mixed = [Image.blend(first, last, share / 100) for share in range(101)]
    moments = moments_of(parts_of(save_film(tmp_path / "a.mp4", mixed, 0.1)))
    assert [moment.start_s for moment in moments] == [0, 2, 4, 6, 8, 10][: len(moments)]
    assert len(moments) >= 5


def test_a_shot_holds_its_moments_and_answers_as_one_hit(
    folder, save_film, picture, run_index, library, scene
):
    first, last = picture(1, (160, 120)), picture(2, (160, 120))
    slow = [Image.blend(first, last, share / 60) for share in range(61)]
    run_index(save_film(folder / "a.mp4", [*slow, *[picture(9, (160, 120))] * 10], 0.1).parent)
    (digest,) = library.matching(None)
    segments = library.segments("scene", digest)
    shot, *moments = [one for one in segments if one.id == segments[0].id or one.parent == segments[0].id]
    assert shot.locator.start_s == moments[0].locator.start_s
    assert shot.locator.end_s == pytest.approx(moments[-1].locator.end_s, abs=0.2)
    assert len(moments) == len(segments) - 2 >= 3
    assert all(one.parent is None for one in library.segments("phash", digest))
    held = library.vectors("scene", [one.id for one in moments])
    middle = held.sum(axis=0) / np.linalg.norm(held.sum(axis=0))
    np.testing.assert_allclose(library.vectors("scene", [shot.id])[0], middle, atol=2e-3)
    first.save(folder.parent / "first.png")
    wanted = SearchOptions(group="segment", base=folder.parent, floor=0)
    hits = Engine(library, [SpaceEncoder(scene)]).search("like:@first.png", wanted).hits
    places = [hit.locator for hit in hits]
    assert moments[0].locator in places
    assert shot.locator not in places


def test_frames_that_come_irregularly(tmp_path, three):
    times = [0, 40, 80, 1900, 2000, 2040, 5000, 5040, 9000]
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=25)
        stream.width, stream.height = three[0].size
        for at in times:
            frame = av.VideoFrame.from_image(three[(at >= 2000) + (at >= 5000)])
            frame.pts, frame.time_base = at, Fraction(1, 1000)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    assert [moment.start_s for moment in moments_of(parts_of(path))] == pytest.approx([0, 2, 5], abs=0.05)


def test_a_cover_is_no_film(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as film:
        sound = film.add_stream("aac", rate=16_000, layout="mono")
        still = film.add_stream("mjpeg", rate=1)
        still.width, still.height, still.pix_fmt = 160, 120, "yuvj420p"
        still.disposition = Disposition.attached_pic
        film.mux(
            [*still.encode(av.VideoFrame.from_image(Image.new("RGB", (160, 120), "red"))), *still.encode()]
        )
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "fltp", "mono")
        silence.sample_rate = 16_000
        film.mux([*sound.encode(silence), *sound.encode(None)])
    (part,) = parts_of(path)
    assert not part.pieces
    ((place, webp),) = part.thumbnails
    assert place == Whole()
    assert Image.open(BytesIO(webp)).convert("RGB").getpixel((80, 60))[0] > 200


def test_only_sound(tmp_path, save_film):
    silent = parts_of(save_film(tmp_path / "a.mp4", [], sound=True))
    assert [len(part.pieces) for part in silent] == [0]
    assert silent[0].content.duration_s == pytest.approx(1.0, abs=0.2)
    assert silent[0].content.width is None
    assert silent[0].thumbnails == []


def test_a_picture_without_sound_and_one_with_it_are_alike(tmp_path, save_film, three):
    with_sound = parts_of(save_film(tmp_path / "a.mp4", three, 1.0, sound=True))
    without = parts_of(save_film(tmp_path / "b.mp4", three, 1.0))
    assert moments_of(with_sound) == moments_of(without)


def test_a_broken_end_costs_only_itself(tmp_path, save_film, three):
    whole = save_film(tmp_path / "a.mkv", three, 4.0, every=10)
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    moments = moments_of(parts_of(path))
    assert [round(moment.start_s) for moment in moments][:2] == [0, 4]
    assert moments[-1].end_s < 11


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"\0\0\0\x18ftypisom\0\0\0\0mp41", b"#EXTM3U\nb.mp4\n"])
def test_no_film_at_all(tmp_path, save_film, three, content):
    save_film(tmp_path / "b.mp4", three[:1], 0.2)
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError):
        parts_of(path)


def test_too_many_pixels(tmp_path, save_film, three):
    path = save_film(tmp_path / "a.mp4", three[:1], 0.2)
    with pytest.raises(LeftOutError, match="--max-megapixels"):
        parts_of(path, limits=Limits(megapixels=0.01))


def test_a_run_ends_in_the_library(folder, save_film, three, run_index, library):
    path = save_film(folder / "a.mp4", three, 3.0)
    (folder / "b.mp4").write_bytes(b"")
    (folder / "c.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\0\0mp41" + b"\0" * 500)
    (folder / "d.mp4").write_text("no film but words, and enough of them")
    outcomes = run_index(folder)
    assert list(map(type, outcomes)) == [Indexed, Skipped, Failed, Skipped]
    digest = library.known_files(str(folder))[str(path)].digest
    content = library.contents([digest])[digest]
    assert content.kind == "video"
    assert content.duration_s == pytest.approx(9.0, abs=0.2)
    for space in ("scene", "phash"):
        segments = library.segments(space, digest)
        assert [segment.n for segment in segments] == [0, 1, 2]
        assert all(isinstance(segment.locator, TimeSpan) for segment in segments)
        assert all(library.thumbnail(digest, segment.locator) for segment in segments)
    assert library.thumbnail(digest, Whole()) != library.thumbnail(digest, segments[0].locator)
    assert library.storyboard(digest) is not None
    assert run_index(folder)[0] == Unchanged(str(path))


def test_another_model_sees_the_same_moments(folder, save_film, three, run_index, library, colours):
    path = save_film(folder / "a.mp4", three, 1.0)
    run_index(folder)
    digest = library.known_files(str(folder))[str(path)].digest
    before = library.segments("scene", digest)
    run_index(folder, spaces=[PerceptualSpace(), colours(revision="2")])
    assert library.segments("scene", digest) == before
    assert library.storyboard(digest) is not None


def test_real_films_have_the_cuts_that_were_made(media_dir):
    cuts = [3.667, 6.667, 12.083, 16.5, 20.25, 25.25, 34.25]
    moments = moments_of(parts_of(media_dir / "video" / "mix_b.mkv"))
    assert [moment.start_s for moment in moments] == pytest.approx([0, *cuts], abs=0.1)


@pytest.mark.parametrize("name", ["flower.mp4", "flower.webm", "flower-fragmented.mp4"])
def test_one_film_in_three_containers(media_dir, name, caplog):
    with caplog.at_level(logging.INFO):
        moments = moments_of(parts_of(media_dir / "video" / name))
    assert [moment.start_s for moment in moments] == [0, 2, 4]


def test_a_photo_finds_the_moment_it_is_shown(media_dir, folder, run_index, library):
    films = [json.loads(line) for line in (media_dir / "video" / "labels.jsonl").read_text().splitlines()]
    film = next(film for film in films if film["file"] == "mix_b.mkv")
    (folder / "mix.mkv").write_bytes((media_dir / "video" / "mix_b.mkv").read_bytes())
    run_index(folder)
    engine = Engine(library, [SpaceEncoder(PerceptualSpace())])
    shown = [event for event in film["events"] if "photo" in event]
    found = {}
    for event in shown:
        hits = engine.search(f'like:@"{media_dir / "photos" / event["photo"]}" type:video').hits
        found.update((event["start"], hit.locator.start_s) for hit in hits)
    assert len(found) >= 5  # of 7; two are cropped too much to be told by their hash
    assert list(found.values()) == pytest.approx(list(found), abs=0.1)


def test_a_transport_stream_is_read_like_any_film(folder, save_film, picture, run_index):
    save_film(folder / "film.ts", [picture(1), picture(2)])
    (outcome,) = run_index(folder)
    assert isinstance(outcome, Indexed)
    assert outcome.segments >= 2
