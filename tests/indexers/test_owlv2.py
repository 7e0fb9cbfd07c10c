"""OWLv2: what is kept is what the library's own forward pass says; files that are amiss get a sentence."""

import shutil
import sys
import tomllib

import numpy as np
import pytest

from indexers import hugging_face
from indexers.base import Piece
from indexers.model_facts import Facts
from indexers.object_reader import ObjectQueries, ObjectReader
from indexers.owlv2 import MOST, Owlv2, Owlv2Texts, fingerprint_of, prepared
from search.errors import ModelError
from search.records import Page, Whole

SIDE, PATCHES, DIM = 64, 8, 16
PHRASE = "a photo of a dog"


def facts_of(folder) -> Facts:
    return Facts(tomllib.loads((folder / "model.toml").read_text(encoding="utf-8")), "model.toml")


@pytest.fixture(scope="module")
def owl(tiny_owlv2):
    return Owlv2(tiny_owlv2, facts_of(tiny_owlv2), device="cpu")


@pytest.fixture(scope="module")
def texts(tiny_owlv2):
    return Owlv2Texts(tiny_owlv2, facts_of(tiny_owlv2), device="cpu")


@pytest.fixture(scope="module")
def reference(tiny_owlv2):
    """The library's own model and what it says of a picture and `PHRASE`, padded as its processor does."""
    import torch
    from transformers import CLIPTokenizer, Owlv2ForObjectDetection

    with hugging_face.quiet():
        model = Owlv2ForObjectDetection.from_pretrained(tiny_owlv2, local_files_only=True).eval()
        tokenizer = CLIPTokenizer.from_pretrained(tiny_owlv2, pad_token="!", local_files_only=True)
    words = tokenizer(PHRASE, padding="max_length", max_length=16, return_tensors="pt")

    def forward(picture):
        with torch.inference_mode():
            return model, model(**words, pixel_values=torch.from_numpy(prepared(picture, SIDE)))

    return forward


def shown(seed: int, height: int = 48, width: int = 64) -> np.ndarray:
    coarse = np.random.default_rng(seed).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return coarse.repeat(8, 0).repeat(8, 1)


def patch_of(thing, output) -> int:
    """Return the patch that a thing came from, by its objectness."""
    sure = output.objectness_logits[0].sigmoid().numpy()
    n = int(np.abs(sure - thing.score).argmin())
    assert sure[n] == pytest.approx(thing.score, abs=1e-6)
    return n


def test_boxes_are_those_of_the_library(owl, reference):
    from transformers import Owlv2ImageProcessor

    picture = shown(1)
    _, output = reference(picture)
    [told] = Owlv2ImageProcessor().post_process_object_detection(output, 0.0, [picture.shape[:2]])
    things = owl.find(picture)
    assert 0 < len(things) <= MOST
    assert [t.score for t in things] == sorted((t.score for t in things), reverse=True)
    for thing in things:
        wanted = told["boxes"][patch_of(thing, output)].numpy() / [64, 48, 64, 48]
        np.testing.assert_allclose(thing.box, np.clip(wanted, 0, 1), atol=1e-5)
        assert 0 <= thing.box[0] < thing.box[2] <= 1
        assert 0 <= thing.box[1] < thing.box[3] <= 1


def test_without_an_offset_of_its_own_a_box_lies_at_its_patch(tiny_owlv2, reference):
    owl = Owlv2(tiny_owlv2, facts_of(tiny_owlv2), device="cpu")
    picture = shown(2, 64, 64)
    owl.find(picture)
    for weights in owl._model.get().box_head.dense2.parameters():
        weights.data.zero_()
    _, output = reference(picture)
    for thing in owl.find(picture):
        row, column = divmod(patch_of(thing, output), PATCHES)
        centre, half = np.array([column + 1, row + 1]) / PATCHES, 0.5 / PATCHES
        wanted = np.clip([*(centre - half), *(centre + half)], 0, 1)
        np.testing.assert_allclose(thing.box, wanted, atol=2e-3)


def test_things_in_the_padding_are_none(owl, reference):
    picture = shown(3, 16, 64)
    _, output = reference(picture)
    things = owl.find(picture)
    assert things
    assert all(output.pred_boxes[0][patch_of(thing, output), 1] * 64 < 16 for thing in things)


def test_texts_and_things_are_in_the_space_of_the_model(owl, texts, reference):
    """The model's own score is (cosine + shift) * scale."""
    import torch

    picture = shown(4)
    model, output = reference(picture)
    [said] = texts.encode([PHRASE])
    np.testing.assert_allclose(said, output.text_embeds[0, 0].numpy(), atol=1e-5)
    patches = output.image_embeds.flatten(1, 2)
    with torch.inference_mode():
        shift = model.class_head.logit_shift(patches)[0, :, 0].numpy()
        scale = model.class_head.elu(model.class_head.logit_scale(patches))[0, :, 0].numpy() + 1
    things = owl.find(picture)
    cosines = np.array([thing.vector @ said for thing in things])
    assert np.ptp(cosines) > 0.05
    for thing, cosine in zip(things, cosines, strict=True):
        n = patch_of(thing, output)
        assert np.linalg.norm(thing.vector) == pytest.approx(1, abs=1e-5)
        assert (cosine + shift[n]) * scale[n] == pytest.approx(output.logits[0, n, 0].item(), abs=1e-4)


def test_pictures_are_padded_as_the_library_does(tiny_owlv2):
    from transformers import Owlv2ImageProcessor

    process = Owlv2ImageProcessor(size={"height": SIDE, "width": SIDE})
    for picture in (shown(5, 64, 64), shown(6, 64, 24), shown(7, 40, 64)):
        wanted = process(picture, return_tensors="np", input_data_format="channels_last")["pixel_values"]
        np.testing.assert_allclose(prepared(picture, SIDE), wanted, atol=1e-5)


def test_the_same_alone_and_together(owl, texts):
    reader = ObjectReader(lambda: owl, None, fingerprint_of("tiny", "1", DIM))
    pieces = [Piece("object", Page(n), payload=shown(n, 8 * n)) for n in (4, 6, 9)]
    for piece, together in zip(pieces, reader.read(pieces), strict=True):
        [alone] = reader.read([piece])
        assert [p.locator for p in alone] == [p.locator for p in together]
        np.testing.assert_array_equal([p.vector for p in alone], [p.vector for p in together])
    said = ["a dog", "a very long text " * 20, ""]
    np.testing.assert_array_equal(texts.encode(said), np.concatenate([texts.encode([s]) for s in said]))
    assert texts.encode([]).shape == (0, DIM)


def test_large_pictures_are_looked_at_in_tiles(owl):
    things = owl.find(shown(8, 400, 640))
    assert 0 < len(things) <= MOST
    boxes = np.array([thing.box for thing in things])
    assert boxes.min() >= 0
    assert boxes.max() <= 1
    whole = owl.find(shown(8, 400, 640)[:128, :128])
    assert np.median((boxes[:, 2] - boxes[:, 0]) * 640) < 640 / 2
    assert whole[0].box != things[0].box


def test_names_of_things_are_asked_as_photos_of_them(texts):
    queries = ObjectQueries(texts, fingerprint_of("tiny", "1", DIM))
    np.testing.assert_array_equal(queries.encode_text("dog"), texts.encode([PHRASE])[0])
    long = "the dog that we had in summer"
    np.testing.assert_array_equal(queries.encode_text(long), texts.encode([long])[0])


def test_without_the_package_the_command_is_named(tiny_owlv2, monkeypatch):
    monkeypatch.setitem(sys.modules, "transformers", None)
    reader = ObjectReader(lambda: Owlv2(tiny_owlv2, facts_of(tiny_owlv2)), None, fingerprint_of("t", "1", 16))
    for ask in (
        lambda: reader.read([Piece("object", Whole(), payload=shown(1))]),
        lambda: Owlv2Texts(tiny_owlv2, facts_of(tiny_owlv2)).encode(["a dog"]),
    ):
        with pytest.raises(ModelError, match="OWLv2 needs the package transformers") as told:
            ask()
        assert "crossfind[transformers]" in (told.value.remedy or "")


def altered(tiny_owlv2, tmp_path, alter):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "altered"
    shutil.copytree(tiny_owlv2, folder)
    weights = load_file(folder / "model.safetensors")
    alter(weights)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


def test_weights_that_are_not_there_are_not_made_up(tiny_owlv2, tmp_path):
    def without_heads(weights):
        del weights["objectness_head.dense0.weight"], weights["owlv2.text_projection.weight"]

    folder = altered(tiny_owlv2, tmp_path, without_heads)
    with pytest.raises(ModelError, match=r"lacks objectness_head\.dense0\.weight"):
        Owlv2(folder, facts_of(folder), device="cpu").find(shown(1))
    with pytest.raises(ModelError, match="text_projection"):
        Owlv2Texts(folder, facts_of(folder), device="cpu").encode(["a dog"])


def test_numbers_that_are_none_are_told(tiny_owlv2, tmp_path):
    folder = altered(tiny_owlv2, tmp_path, lambda weights: weights["layer_norm.bias"].fill_(float("nan")))
    with pytest.raises(ModelError, match="numbers that are none"):
        Owlv2(folder, facts_of(folder), device="cpu").find(shown(1))


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
@pytest.mark.parametrize("contents", [None, b"", b"{}", b"\x80\x02nonsense"])
def test_broken_files_get_a_sentence(tiny_owlv2, tmp_path, name, contents):
    folder = tmp_path / "broken"
    shutil.copytree(tiny_owlv2, folder)
    (folder / name).unlink()
    if contents is not None:
        (folder / name).write_bytes(contents)
    with pytest.raises(ModelError, match="broken cannot be loaded"):
        Owlv2(folder, facts_of(folder), device="cpu").find(shown(1))


def test_weights_as_a_pickle_are_not_read(tiny_owlv2, tmp_path):
    import torch

    folder = tmp_path / "pickled"
    shutil.copytree(tiny_owlv2, folder)
    (folder / "model.safetensors").unlink()
    torch.save({}, folder / "pytorch_model.bin")
    with pytest.raises(ModelError, match="pickled cannot be loaded"):
        Owlv2(folder, facts_of(folder), device="cpu").find(shown(1))


def test_a_vocabulary_that_is_not_there_is_told(tiny_owlv2, tmp_path):
    folder = tmp_path / "mute"
    shutil.copytree(tiny_owlv2, folder)
    (folder / "merges.txt").unlink()
    with pytest.raises(ModelError, match=r"merges\.txt"):
        Owlv2Texts(folder, facts_of(folder), device="cpu").encode(["a dog"])


def test_another_dimension_than_promised_is_told(tiny_owlv2):
    facts = Facts({"dim": 512}, "model.toml")
    for ask in (
        lambda: Owlv2(tiny_owlv2, facts, device="cpu").find(shown(1)),
        lambda: Owlv2Texts(tiny_owlv2, facts, device="cpu").encode(["a dog"]),
    ):
        with pytest.raises(ModelError, match="promises 512 numbers, it makes 16"):
            ask()
