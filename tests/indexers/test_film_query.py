"""A film as a query: its moments, and where it is found again when it was cut, scaled and encoded anew."""

import numpy as np
import pytest
from PIL import Image

from indexers import film_query
from indexers.base import Limits
from indexers.film_query import FilmSpaceEncoder
from indexers.perceptual import PerceptualSpace
from search.engine import Engine, SearchOptions
from search.errors import MediaError
from search.records import TimeSpan
from search.spaces import ClipReference


@pytest.fixture
def encoder(scene):
    return FilmSpaceEncoder(scene)


@pytest.fixture
def scenes(picture):
    return [picture(n, (160, 120)) for n in range(1, 6)]


def test_moments_are_those_of_the_library(folder, save_film, scenes, run_index, library):
    film = save_film(folder / "a.mp4", scenes[:3], 3.0)
    run_index(folder)
    (known,) = library.known_files(str(folder)).values()
    stored = [one for one in library.segments("scene", known.digest) if one.locator.end_s <= 9.0]
    footage = FilmSpaceEncoder(run_index.scene).encode_film(ClipReference(film))
    assert footage.starts_s == pytest.approx([0.0, 3.0, 6.0], abs=0.2)
    assert footage.end_s == pytest.approx(9.0, abs=0.2)
    assert not footage.is_cut
    starts = [one.locator.start_s for one in stored]
    assert list(footage.starts_s) == starts
    vectors = library.vectors("scene", [one.id for one in stored])
    assert np.vecdot(footage.vectors, vectors) == pytest.approx(1, abs=1e-3)


def test_a_stretch(encoder, tmp_path, save_film, scenes):
    film = save_film(tmp_path / "a.mp4", scenes, 2.0)
    footage = encoder.encode_film(ClipReference(film, 4.0, 8.0))
    assert footage.starts_s == pytest.approx([4.0, 6.0], abs=0.2)
    assert footage.end_s <= 8.0
    assert encoder.encode_film(ClipReference(film, last_s=1.5)).starts_s == (0.0,)


def test_a_long_film_is_cut(encoder, tmp_path, save_film, scenes, monkeypatch):
    monkeypatch.setattr(film_query, "MOMENTS", 2)
    footage = encoder.encode_film(ClipReference(save_film(tmp_path / "a.mp4", scenes, 1.0)))
    assert (len(footage.vectors), footage.is_cut) == (2, True)
    assert footage.end_s == pytest.approx(2.0, abs=0.2)


@pytest.mark.parametrize(
    ("clip", "says"),
    [
        ("sound.mp4", r"There are no moving pictures in sound\.mp4"),
        ("broken.mp4", "damaged or cut off"),
        ("photo.jpg", r"photo\.jpg is no film"),
        ("page.pdf", r"page\.pdf is no film"),
        ("notes.txt", "damaged or cut off"),
    ],
)
def test_what_shows_nothing_says_so(encoder, tmp_path, save_film, save_picture, save_pdf, clip, says):
    save_film(tmp_path / "sound.mp4", [], sound=True)
    (tmp_path / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(200))
    save_picture(tmp_path / "photo.jpg", 1)
    save_pdf(tmp_path / "page.pdf", "words")
    (tmp_path / "notes.txt").write_text("words")
    with pytest.raises(MediaError, match=says):
        encoder.encode_film(ClipReference(tmp_path / clip))


def test_beyond_the_end(encoder, tmp_path, save_film, scenes):
    film = save_film(tmp_path / "a.mp4", scenes[:1], 2.0)
    with pytest.raises(MediaError, match="shows nothing from second 50 on"):
        encoder.encode_film(ClipReference(film, 50.0))


def test_too_large(scene, tmp_path, save_film, scenes):
    film = save_film(tmp_path / "a.mp4", scenes[:1], 1.0)
    with pytest.raises(MediaError, match="too large"):
        FilmSpaceEncoder(scene, Limits(megapixels=0.01)).encode_film(ClipReference(film))


class TestFound:
    """Whole films and pieces, scaled and encoded anew, through a real library."""

    @pytest.fixture
    def engine(self, folder, save_film, save_picture, scenes, run_index, library):
        save_film(folder / "long.mp4", scenes, 3.0)
        save_film(folder / "other.mp4", [scenes[n].transpose(Image.Transpose.ROTATE_90) for n in (1, 3)], 3.0)
        for n in range(20, 30):
            save_picture(folder / f"{n}.jpg", n)
        run_index(folder)
        return Engine(library, [FilmSpaceEncoder(run_index.scene), FilmSpaceEncoder(PerceptualSpace())])

    def test_a_piece_is_found_at_its_second(self, engine, tmp_path, save_film, scenes):
        small = [one.resize((80, 60)) for one in scenes[2:4]]
        save_film(tmp_path / "piece.mkv", small, 3.0, codec="mpeg4", fps=25)
        hit = engine.search("clip:@piece.mkv", SearchOptions(base=tmp_path)).hits[0]
        assert hit.file.name == "long.mp4"
        assert isinstance(hit.locator, TimeSpan)
        assert (hit.locator.start_s, hit.locator.end_s) == pytest.approx((6.0, 12.0), abs=0.3)
        assert hit.score > 0.9
        assert hit.thumbnail is not None
        assert "-t" in hit.thumbnail.name

    def test_a_stretch_of_a_film(self, engine, folder):
        hit = engine.search("clip:@long.mp4[9..15]", SearchOptions(base=folder)).hits[0]
        assert hit.file.name == "long.mp4"
        assert hit.locator.start_s == pytest.approx(9.0, abs=0.3)

    def test_the_whole_film_finds_a_piece_in_the_library(self, engine, tmp_path, save_film, picture):
        scenes = [picture(n, (160, 120)) for n in (7, 1, 2, 3, 4, 5, 8)]
        save_film(tmp_path / "longer.mp4", scenes, 3.0)
        hit = engine.search("clip:@longer.mp4", SearchOptions(base=tmp_path)).hits[0]
        assert hit.file.name == "long.mp4"
        assert hit.score > 0.9

    def test_with_filters_and_other_parts(self, engine, folder):
        options = SearchOptions(base=folder)
        assert {hit.file.name for hit in engine.search("clip:@long.mp4 type:image", options)} <= {
            f"{n}.jpg" for n in range(20, 30)
        }
        assert [hit.file.name for hit in engine.search("clip:@long.mp4 name:long", options)] == ["long.mp4"]
