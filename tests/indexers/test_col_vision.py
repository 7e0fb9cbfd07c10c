"""Models that see pages: what is kept is what the library's own forward pass says of patches and words."""

import json
import shutil
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexers import hugging_face
from indexers.col_vision import ColVision
from indexers.model_facts import Facts
from indexers.page_grids import Grid, Tiles, pooled
from search.errors import ModelError
from tests.page_models import KINDS, dim_of, write

LAYOUTS = {
    "colpali": Grid(4, 4),
    "colqwen2": Grid(6, 4),
    "colqwen2.5": Grid(6, 4),
    "colsmol": Tiles(2, 2, 4),
    "colmodernvbert": Tiles(2, 2, 4),
    "nemotron": Grid(5, 4),
}
PROMPT = "<|im_start|>User:<image>Describe the image.<end_of_utterance>\nAssistant:"


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    return request.param


@pytest.fixture(scope="module")
def folder(kind, tmp_path_factory) -> Path:
    return write(kind, tmp_path_factory.mktemp("models") / kind)


def model_in(folder: Path, **changes: object) -> ColVision:
    facts = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8")) | changes
    return ColVision(folder, Facts(facts, "model.toml"), "1", device="cpu")


@pytest.fixture(scope="module")
def model(folder):
    return model_in(folder)


def page(seed: int = 0, height: int = 168, width: int = 112) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)


@pytest.fixture(scope="module")
def dim(kind) -> int:
    return dim_of(kind)


def wrapped(model: ColVision, kind: str, given: "np.ndarray | str"):
    """What the model's own publishers give it of a page or of a question."""
    prepares = model._family.get()
    image = None if isinstance(given, str) else Image.fromarray(given)
    if kind == "nemotron":
        return _of_qwen3(prepares, image, given)
    if kind == "colsmol":
        said = {"text": [PROMPT if image else given + "<end_of_utterance>" * 10]}
        return prepares.processor(**said, **({"images": [[image]]} if image else {}), return_tensors="pt")
    processor = prepares.processor
    return processor.process_images(images=[image]) if image else processor.process_queries(text=[given])


def _of_qwen3(prepares, image, asked):
    message = [{"type": "image"}, {"type": "text", "text": "passage: "}]
    if not image:
        message = [{"type": "text", "text": f"Query: query: {asked}"}]
    told = [{"role": "user", "content": message}]
    said = prepares.tokenizer.apply_chat_template(told, tokenize=False, add_generation_prompt=True)
    pictures = prepares.pictures(images=[image], return_tensors="pt") if image else {}
    if image:
        patches = int(pictures["image_grid_thw"].prod()) // 4
        said = said.replace("<|image_pad|>", "<|image_pad|>" * patches)
    batch = prepares.tokenizer([said], return_tensors="pt") | pictures
    return batch | {"mm_token_type_ids": (batch["input_ids"] == prepares.page_token).int()}


def embedded(model: ColVision, kind: str, batch) -> np.ndarray:
    """All vectors of the library's own forward pass, of unit length."""
    import torch

    prepares, network = model._family.get(), model._model.get().network.model
    given = {key: value for key, value in batch.items() if key != "labels"}
    with torch.inference_mode():
        if kind == "nemotron":
            made = last_layer_of_qwen3(model._folder, given)
        elif kind == "colsmol":
            weight, bias = (
                hugging_face.tensor(model._folder, f"linear.{name}") for name in ("weight", "bias")
            )
            made = network(**given).last_hidden_state[0] @ weight.T + bias
        else:
            if "image_grid_thw" in given:
                kinds = (given["input_ids"] == prepares.page_token).int()
                places = {"image_grid_thw": given["image_grid_thw"], "mm_token_type_ids": kinds}
                given["position_ids"], _ = network.vlm.get_rope_index(given["input_ids"], **places)
            made = network(**given).embeddings[0]
    return (made / made.norm(dim=-1, keepdim=True)).numpy()


def last_layer_of_qwen3(folder: Path, given):
    """What the last layer of an untouched Qwen3-VL makes when its mask lets every token see every other."""
    import torch

    model = hugging_face.pretrained("Qwen3VLModel", folder, "a test")
    made = []
    model.language_model.layers[-1].register_forward_hook(lambda _, __, output: made.append(output))
    length = given["input_ids"].shape[1]
    places = {name: given.get(name) for name in ("image_grid_thw", "mm_token_type_ids")}
    positions, _ = model.get_rope_index(given["input_ids"], **places)
    model(**given | {"attention_mask": torch.zeros(1, 1, length, length), "position_ids": positions})
    return made[0][0]


def test_of_a_page_the_patches_are_kept(kind, model, dim) -> None:
    seen = model.look(page())
    layout = LAYOUTS[kind]
    assert model.layout(page()) == layout
    assert seen.tokens.shape == (layout.tokens, dim)
    np.testing.assert_allclose(np.linalg.norm(seen.tokens, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(seen.rows, pooled(seen.tokens, layout), atol=1e-6)
    batch = wrapped(model, kind, page())
    everything = embedded(model, kind, batch)
    patches = (batch["input_ids"][0] == model._family.get().page_token).numpy()
    assert len(everything) > patches.sum()
    np.testing.assert_allclose(seen.tokens, everything[patches], atol=1e-4)


def test_of_a_question_its_words_are_kept(kind, model) -> None:
    asked = "Where is the gold?"
    found = model.read(asked)
    batch = wrapped(model, kind, asked)
    ids = batch["input_ids"][0].tolist()
    told = model._family.get().tokenizer.convert_ids_to_tokens(ids)
    begin = next(at for at in range(len(told)) if told[at : at + 5] == list("Where"))
    words = [at for at in range(begin, begin + len(asked)) if told[at].isalpha() and len(told[at]) == 1]
    words = [at for at in words if told[at] != "\u0120"]
    assert len(words) == len("Whereisthegold")
    np.testing.assert_allclose(found, embedded(model, kind, batch)[words], atol=1e-4)


def test_a_question_that_says_what_stands_around_questions(kind, model, dim) -> None:
    """Only where the question stands are words its own."""
    for asked in ("query", "assistant", "Query: query: user", "Question"):
        letters = sum(map(str.isalpha, asked))
        assert model.read(asked).shape == (letters, dim)


@pytest.mark.parametrize("asked", ["", "  \n ", "?! …"])
def test_without_a_word_there_is_no_vector(model, dim, asked) -> None:
    assert model.read(asked).shape == (0, dim)


@pytest.mark.parametrize("asked", ["富士山", "мост", "ü" * 3000, "<image> <|image_pad|> <pad> <bos>"])
def test_questions_of_any_letters(model, dim, asked) -> None:
    found = model.read(asked)
    assert found.shape[1] == dim
    assert np.isfinite(found).all()


@pytest.mark.parametrize("shape", [(8, 8), (60, 160), (160, 60), (160, 12)])
def test_pages_of_any_form(model, shape) -> None:
    seen = model.look(page(1, *shape))
    assert len(seen.tokens) == model.layout(page(1, *shape)).tokens
    assert 0 < len(seen.rows) <= 32


def test_the_same_page_is_seen_the_same_again(folder, model) -> None:
    again = model_in(folder)
    np.testing.assert_array_equal(model.look(page()).tokens, again.look(page()).tokens)
    assert model.fingerprint == again.fingerprint
    again.close()
    np.testing.assert_array_equal(model.read("gold"), again.read("gold"))


def test_what_changes_vectors_changes_the_fingerprint(folder, model) -> None:
    for changed in ({"side": 200}, {"smooth": "gaussian"}):
        assert model_in(folder, **changed).fingerprint != model.fingerprint
    smooth = model_in(folder, smooth="triangular").look(page())
    layout = model.layout(page())
    np.testing.assert_allclose(smooth.rows, pooled(smooth.tokens, layout, "triangular"), atol=1e-6)


def test_half_the_memory_gives_nearly_the_same(folder, model) -> None:
    half = model_in(folder, precision="bfloat16")
    cosines = (half.look(page()).tokens * model.look(page()).tokens).sum(axis=1)
    assert np.median(cosines) > 0.98


@pytest.mark.parametrize(
    ("key", "value"), [("side", 10), ("smooth", "much"), ("precision", "int4"), ("dim", "many")]
)
def test_facts_that_make_no_sense(folder, key, value) -> None:
    with pytest.raises(ModelError, match=key):
        model_in(folder, **{key: value})


def test_files_that_are_amiss_are_named(kind, folder, tmp_path) -> None:
    def copy(name: str) -> Path:
        return Path(shutil.copytree(folder, tmp_path / name))

    with pytest.raises(ModelError, match="promises 9 numbers, it makes"):
        model_in(folder, dim=9).read("gold")
    other = copy("other")
    (other / "config.json").write_text(json.dumps({"model_type": "bert"}), encoding="utf-8")
    with pytest.raises(ModelError, match="it is of the kind 'bert'; pages are seen with models of the kinds"):
        model_in(other).read("gold")
    cut = copy("cut")
    whole = (cut / "model.safetensors").read_bytes()
    (cut / "model.safetensors").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match="cut cannot be loaded"):
        model_in(cut).look(page())
    pictures = "preprocessor_config.json" if kind == "nemotron" else "processor_config.json"
    for name in ("config.json", pictures, "tokenizer.json", "model.safetensors"):
        lacking = copy(f"without-{name}")
        (lacking / name).unlink()
        with pytest.raises(ModelError, match="cannot be loaded"):
            model_in(lacking).look(page())


def test_a_checkpoint_that_lacks_a_layer_is_refused(folder, tmp_path) -> None:
    from safetensors.torch import load_file, save_file

    lacking = Path(shutil.copytree(folder, tmp_path / "lacking"))
    weights = load_file(lacking / "model.safetensors")
    own = ("embedding_proj", "linear", "model.language_model.layers.1.mlp")
    name = next(name for name in sorted(weights) if name.startswith(own))
    del weights[name]
    save_file(weights, lacking / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=name.removeprefix("model.").partition(".")[0]):
        model_in(lacking).look(page())


def test_a_model_whose_parts_do_not_fit_together_is_named(tmp_path) -> None:
    """Its tower makes vectors of another length than its words have: an error of the model, of no page."""
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    from safetensors.torch import load_file, save_file

    folder = write("nemotron", tmp_path / "model")
    told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    told["vision_config"]["out_hidden_size"] = 8
    (folder / "config.json").write_text(json.dumps(told), encoding="utf-8")
    weights = load_file(folder / "model.safetensors")
    cut = {
        name: one[:8] if ".linear_fc2." in name and "merger" in name else one for name, one in weights.items()
    }
    save_file(
        {name: one.clone() for name, one in cut.items()}, folder / "model.safetensors", {"format": "pt"}
    )
    with pytest.raises(ModelError, match="model cannot be loaded: Image features"):
        model_in(folder).look(page())


def test_nemotron_without_its_chat_template_is_refused(tmp_path) -> None:
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    folder = write("nemotron", tmp_path / "model")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match="its tokenizer has no chat template"):
        model_in(folder).read("gold")


def test_without_transformers_the_command_is_named(tmp_path, monkeypatch) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "colpali"}', encoding="utf-8")
    facts = Facts({"id": "a", "dim": 8}, "model.toml")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(ModelError, match="A model that sees pages needs the package transformers"):
        ColVision(tmp_path, facts, "1", device="cpu").read("gold")


def test_loading_says_nothing(folder, capfd) -> None:
    model_in(folder).read("gold")
    assert capfd.readouterr() == ("", "")
