"""From an OpenCLIP checkpoint's own configuration to the tables of a `model.toml`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexers.open_clip_space import CONFIG, architecture_of, picture_size
from search.errors import ModelError

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")

_MEAN, _STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
_KNOWN_TOKENIZER_OPTIONS = {"clean"}


def tables(folder: Path) -> dict[str, Any]:
    """Return `dim`, `[image]` and, for a Hugging Face tokenizer, `[text]`. Raises `ModelError`."""
    config = architecture_of(folder)
    preprocess = {key: value for key, value in config.get("preprocess_cfg", {}).items() if value is not None}
    width, height = picture_size(config)
    resample = preprocess.get("interpolation", "bicubic")
    found: dict[str, Any] = {
        "dim": config["model_cfg"]["embed_dim"],
        "image": {
            "width": width,
            "height": height,
            "resize": preprocess.get("resize_mode", "shortest"),
            "resample": "bilinear" if resample == "bilinear" else "bicubic",  # as OpenCLIP reads it
            "fill": preprocess.get("fill_color", 0),
            "mean": preprocess.get("mean", _MEAN),
            "std": preprocess.get("std", _STD),
        },
    }
    text = config["model_cfg"]["text_cfg"]
    return found | ({"text": _text(folder, text)} if text.get("hf_tokenizer_name") else {})


def write_config(folder: Path, architecture: str, pretrained: str) -> None:
    """Write the configuration of one of OpenCLIP's own models, by its name and the tag of its weights.

    Raises `ModelError` when OpenCLIP has no such model or tag.
    """
    import open_clip

    model = open_clip.get_model_config(architecture)
    if model is None:
        raise ModelError(f"OpenCLIP has no architecture {architecture!r}.", "It has, for example, ViT-B-32.")
    tag = open_clip.get_pretrained_cfg(architecture, pretrained)
    if not tag:
        known = ", ".join(open_clip.list_pretrained_tags_by_model(architecture)) or "none"
        raise ModelError(
            f"OpenCLIP knows no weights {pretrained!r} of {architecture}.", f"It knows: {known}."
        )
    if tag.get("quick_gelu"):
        model["quick_gelu"] = True
    keys = ("mean", "std", "interpolation", "resize_mode", "fill_color")
    preprocess = {key: tag[key] for key in keys if tag.get(key) is not None}
    config = {"model_cfg": model, "preprocess_cfg": preprocess}
    (folder / CONFIG).write_text(json.dumps(config, indent=1), encoding="utf-8")


def _text(folder: Path, text: Mapping[str, Any]) -> dict[str, Any]:
    options = text.get("tokenizer_kwargs", {})
    if text.get("tokenizer_mode") or options.keys() - _KNOWN_TOKENIZER_OPTIONS:
        raise ModelError(f"{folder.name} splits texts in a way that Crossfind does not know yet.")
    if not (folder / TOKENIZER[0]).is_file():
        raise ModelError(f"{folder} lacks {TOKENIZER[0]}.", "Get that file of the same model as well.")
    return {
        "tokenizer": TOKENIZER[0],
        "max_length": text.get("context_length", 77),
        "pad_id": _pad_id(folder),
        "clean": options.get("clean", "whitespace"),
    }


def _pad_id(folder: Path) -> int:
    from tokenizers import Tokenizer

    pad: Any = "<pad>"
    if (folder / TOKENIZER[1]).is_file():
        settings = json.loads((folder / TOKENIZER[1]).read_text(encoding="utf-8"))
        pad = settings.get("pad_token") or pad
    name = pad["content"] if isinstance(pad, dict) else pad
    return Tokenizer.from_file(str(folder / TOKENIZER[0])).token_to_id(name) or 0
