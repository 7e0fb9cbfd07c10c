import numpy as np
import pytest

from indexers.base import Limits
from indexers.perceptual import PerceptualSpace
from indexers.query_encoder import SpaceEncoder, caption_of
from search.errors import MediaError, ModelError
from search.spaces import PictureReference


@pytest.fixture
def encoder(scene):
    return SpaceEncoder(scene)


def test_it_says_what_its_space_says(encoder, scene):
    assert (encoder.space, encoder.fingerprint, encoder.accepts) == (
        "scene",
        scene.fingerprint,
        scene.accepts,
    )


def test_words(encoder):
    assert encoder.encode_text("a cat").shape == (28,)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("dog", "a photo of dog"),
        ("Red car", "a photo of Red car"),
        ("狗", "a photo of 狗"),
        ("in snow", "in snow"),
        ("a dog", "a dog"),
        ("dogs run fast", "dogs run fast"),
        ("", ""),
    ],
)
def test_a_name_is_asked_in_a_sentence(text: str, asked: str) -> None:
    assert caption_of(text) == asked


def test_only_models_of_pictures_are_asked_in_sentences(encoder, scene):
    np.testing.assert_array_equal(encoder.encode_text("dog"), scene.encode(["a photo of dog"])[0])


def test_a_query_picture_has_the_vector_of_the_indexed_one(
    folder, save_picture, save_pdf, run_index, library
):
    photo = save_picture(folder / "a.jpg", 1, (1600, 1200))
    pdf = save_pdf(folder / "b.pdf", "one", "two with more words")
    run_index(folder)
    known = library.known_files(str(folder))
    for space in (PerceptualSpace(), run_index.scene):
        encoder = SpaceEncoder(space)
        stored = library.vectors(space.name, [f"{known[str(photo)].digest}:{space.name}:0"])[0]
        assert (encoder.encode_picture(PictureReference(photo)) @ stored).max() > 0.999
        stored = library.vectors(space.name, [f"{known[str(pdf)].digest}:{space.name}:1"])[0]
        assert (encoder.encode_picture(PictureReference(pdf, page=2)) @ stored).max() > 0.999


def test_a_region(tmp_path, encoder, picture):
    image = picture(1, (800, 600))
    image.save(tmp_path / "whole.png")
    image.crop((400, 0, 800, 300)).save(tmp_path / "part.png")
    part = encoder.encode_picture(PictureReference(tmp_path / "part.png"))
    region = encoder.encode_picture(PictureReference(tmp_path / "whole.png", box=(0.5, 0, 1, 0.5)))
    np.testing.assert_allclose(part, region, atol=0.02)


@pytest.mark.parametrize("box", [(0.5, 0, 0.5, 1), (0, 0, 1.5, 1), (-0.1, 0, 1, 1)])
def test_a_region_that_is_none(tmp_path, encoder, save_picture, box):
    with pytest.raises(MediaError, match="region"):
        encoder.encode_picture(PictureReference(save_picture(tmp_path / "a.png"), box=box))


def test_files_that_cannot_be_used(tmp_path, encoder, save_picture, scene):
    with pytest.raises(MediaError, match="cannot be read"):
        encoder.encode_picture(PictureReference(tmp_path / "nothing.png"))
    (tmp_path / "words.png").write_text("only words")
    with pytest.raises(MediaError):
        encoder.encode_picture(PictureReference(tmp_path / "words.png"))
    with pytest.raises(MediaError, match="no page 2"):
        encoder.encode_picture(PictureReference(save_picture(tmp_path / "a.png"), page=2))
    small = SpaceEncoder(scene, Limits(megapixels=0.001))
    with pytest.raises(MediaError, match="--max-megapixels"):
        small.encode_picture(PictureReference(tmp_path / "a.png"))


def test_a_space_of_words_only(tmp_path, scene, save_picture):
    scene.picture_input = None
    with pytest.raises(ModelError):
        SpaceEncoder(scene).encode_picture(PictureReference(save_picture(tmp_path / "a.png")))
