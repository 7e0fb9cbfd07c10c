"""Models of ColPali's family, very small and of random weights: architecture, processor and tokenizer as
published ones have them, eight numbers to a vector."""

import json
import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

DIM = 8

_SMALL = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}


def write(kind: str, folder: Path) -> Path:
    """Write one of `KINDS` with its `model.toml`, and return its folder."""
    import torch

    from indexers import hugging_face

    folder.mkdir(parents=True)
    with torch.random.fork_rng(devices=[]), hugging_face.quiet():
        torch.manual_seed(5)
        logging.disable()
        try:
            KINDS[kind](folder)
        finally:
            logging.disable(logging.NOTSET)
    facts = f'id = "tiny-{kind}"\ntask = "page-look"\nengine = "col-vision"\nlicence = "MIT"\n'
    facts += f"dim = {dim_of(kind)}\n"
    (folder / "model.toml").write_text(facts + "side = 160\n", encoding="utf-8")
    return folder


def dim_of(kind: str) -> int:
    """How many numbers its vectors have: Nemotron's as many as its layers are wide."""
    return 16 if kind == "nemotron" else DIM


def _tokenizer(special: Sequence[str], **named: str) -> Any:
    """A tokenizer of single letters, with the special tokens of a family."""
    import transformers
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    made = Tokenizer(models.BPE(vocab={letter: n for n, letter in enumerate(letters)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in special])
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, additional_special_tokens=list(special), **named
    )


def _colpali(folder: Path) -> None:
    import transformers

    special = {"pad_token": "<pad>", "eos_token": "<eos>", "bos_token": "<bos>", "unk_token": "<unk>"}
    pictures = transformers.SiglipImageProcessor(size={"height": 56, "width": 56})
    pictures.image_seq_length = 16
    tokenizer = _tokenizer([*special.values(), "<image>"], **special)
    processor = transformers.ColPaliProcessor(pictures, tokenizer)
    text = {"model_type": "gemma", "num_key_value_heads": 1, "head_dim": 8, **_SMALL}
    vision = {"model_type": "siglip_vision_model", "image_size": 56, "patch_size": 14, "projection_dim": 16}
    config = transformers.PaliGemmaConfig(
        text_config=text | {"vocab_size": len(processor.tokenizer)},
        vision_config=vision | {"vision_use_head": False, **_SMALL},
        image_token_index=processor.image_token_id,
        projection_dim=16,
    )
    whole = transformers.ColPaliConfig(vlm_config=config, embedding_dim=DIM)
    transformers.ColPaliForRetrieval(whole).save_pretrained(folder)
    processor.save_pretrained(folder)


def _colqwen(folder: Path, newer: bool) -> None:
    import transformers

    names = ("vision_start", "vision_end", "image_pad", "video_pad")
    every = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *(f"<|{name}|>" for name in names)]
    tokenizer = _tokenizer(every, pad_token="<|endoftext|>", eos_token="<|im_end|>")
    ids = {name: tokenizer.convert_tokens_to_ids(f"<|{name}|>") for name in (*names, "endoftext", "im_end")}
    rope = {"type": "mrope", "mrope_section": [1, 1, 2], "rope_type": "default"}
    text = {"vocab_size": len(tokenizer), "num_key_value_heads": 1, "rope_scaling": rope, **_SMALL}
    vision: dict[str, Any] = {"depth": 2, "hidden_size": 16, "num_heads": 2, "patch_size": 14}
    if newer:
        vision |= {"out_hidden_size": 16, "intermediate_size": 32, "window_size": 56}
        vision |= {"fullatt_block_indexes": [1]}
    else:
        vision |= {"embed_dim": 16, "mlp_ratio": 2}
    kind = transformers.Qwen2_5_VLConfig if newer else transformers.Qwen2VLConfig
    config = kind(
        text_config=text | {"bos_token_id": ids["endoftext"], "eos_token_id": ids["im_end"]},
        vision_config=vision,
        image_token_id=ids["image_pad"],
        video_token_id=ids["video_pad"],
        vision_start_token_id=ids["vision_start"],
        vision_end_token_id=ids["vision_end"],
    )
    whole = transformers.ColQwen2Config(vlm_config=config, embedding_dim=DIM)
    transformers.ColQwen2ForRetrieval(whole).save_pretrained(folder)
    pictures = transformers.Qwen2VLImageProcessor(min_pixels=56 * 56, max_pixels=28 * 28 * 48)
    transformers.ColQwen2Processor(pictures, tokenizer).save_pretrained(folder)


_CHAT = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{% for part in message.content %}"
    "{% if part.type == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% else %}{{ part.text }}"
    "{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _nemotron(folder: Path) -> None:
    """Weights as `Qwen3VLForConditionalGeneration` has them, under the name of NVIDIA's class."""
    import torch
    import transformers

    names = ("vision_start", "vision_end", "image_pad", "video_pad")
    every = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *(f"<|{name}|>" for name in names)]
    tokenizer = _tokenizer(every, pad_token="<|endoftext|>", eos_token="<|im_end|>")
    tokenizer.chat_template = _CHAT
    ids = {name: tokenizer.convert_tokens_to_ids(f"<|{name}|>") for name in names}
    rope = {"rope_type": "default", "mrope_section": [2, 1, 1], "mrope_interleaved": True}
    text = {"vocab_size": len(tokenizer), "num_key_value_heads": 1, "head_dim": 8, "rope_scaling": rope}
    vision = {"depth": 2, "hidden_size": 16, "intermediate_size": 32, "num_heads": 2, "patch_size": 16}
    vision |= {"out_hidden_size": 16, "num_position_embeddings": 16, "deepstack_visual_indexes": [0]}
    config = transformers.Qwen3VLConfig(
        text_config=text | _SMALL,
        vision_config=vision,
        image_token_id=ids["image_pad"],
        video_token_id=ids["video_pad"],
        vision_start_token_id=ids["vision_start"],
        vision_end_token_id=ids["vision_end"],
    )
    model = transformers.Qwen3VLForConditionalGeneration(config)
    for name, weight in model.named_parameters():
        if name.endswith("norm.weight"):  # as made, all of them are ones: one left out would change nothing
            torch.nn.init.uniform_(weight, 0.5, 1.5)
    model.save_pretrained(folder)
    told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    told |= {"model_type": "qwen3_vl_nemotron_embed", "architectures": ["Qwen3VLNemotronEmbedModel"]}
    told |= {"auto_map": {"AutoModel": "modeling.Qwen3VLNemotronEmbedModel"}, "pooling": "colbert"}
    (folder / "config.json").write_text(json.dumps(told), encoding="utf-8")
    tokenizer.save_pretrained(folder)
    pictures = transformers.Qwen2VLImageProcessor(
        patch_size=16, min_pixels=64 * 64, max_pixels=32 * 32 * 48, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    pictures.save_pretrained(folder)


def _tiled(folder: Path, bert: bool) -> None:
    """ColSmol, which `transformers` knows no name for: Idefics3 and a layer `linear`; or ColModernVBERT."""
    import torch
    import transformers
    from safetensors.torch import save_file

    rows = [f"<row_{row}_col_{column}>" for row in range(1, 7) for column in range(1, 7)]
    special = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>", *rows]
    every = ["<|im_start|>", "<|im_end|>", "<|begin_of_text|>", *special]
    tokenizer = _tokenizer(every, pad_token="<|im_end|>", eos_token="<|im_end|>")
    pictures = transformers.Idefics3ImageProcessor(
        size={"longest_edge": 128}, max_image_size={"longest_edge": 64}
    )
    vision = {"image_size": 64, "patch_size": 8, **_SMALL}
    if bert:
        processor = transformers.ColModernVBertProcessor(pictures, tokenizer, image_seq_len=16)
        ends = dict.fromkeys(("pad", "bos", "eos", "cls", "sep"), 0)
        text = {"model_type": "modernbert", "vocab_size": len(processor.tokenizer), **_SMALL}
        config = transformers.ModernVBertConfig(
            text_config=text | {f"{name}_token_id": id_ for name, id_ in ends.items()},
            vision_config={"model_type": "siglip_vision_model", **vision},
            image_token_id=processor.image_token_id,
            pixel_shuffle_factor=2,
        )
        whole = transformers.ColModernVBertConfig(vlm_config=config, embedding_dim=DIM)
        transformers.ColModernVBertForRetrieval(whole).save_pretrained(folder)
    else:
        processor = transformers.Idefics3Processor(pictures, tokenizer, image_seq_len=16)
        text = {"model_type": "llama", "num_key_value_heads": 1, "pad_token_id": 0, **_SMALL}
        config = transformers.Idefics3Config(
            text_config=text | {"vocab_size": len(processor.tokenizer)},
            vision_config=vision,
            image_token_id=processor.image_token_id,
            scale_factor=2,
            pad_token_id=0,
        )
        model = transformers.Idefics3Model(config)
        weights = {f"model.{name}": value.contiguous() for name, value in model.state_dict().items()}
        weights |= {"linear.weight": torch.randn(DIM, 16), "linear.bias": torch.randn(DIM)}
        config.save_pretrained(folder)
        save_file(weights, folder / "model.safetensors", {"format": "pt"})
    processor.save_pretrained(folder)


KINDS: dict[str, Callable[[Path], None]] = {
    "colpali": _colpali,
    "colqwen2": lambda folder: _colqwen(folder, newer=False),
    "colqwen2.5": lambda folder: _colqwen(folder, newer=True),
    "colsmol": lambda folder: _tiled(folder, bert=False),
    "colmodernvbert": lambda folder: _tiled(folder, bert=True),
    "nemotron": _nemotron,
}
