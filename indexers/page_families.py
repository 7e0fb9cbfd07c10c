"""What sets models of ColPali's family apart: how they are loaded, what they are given, what they say.

Nemotron ColEmbed V2 (arXiv 2602.03992) is Qwen3-VL whose tokens see those behind them as well; its vectors
are what the last layer makes, before the norm that ends Qwen3-VL. `transformers` has no class for that; the
model is made of its Qwen3-VL, and the program code that the weights are published with is not run.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL.Image import Image

from indexers import hugging_face, lora
from indexers.page_grids import Grid, grid_positions

Precision = Literal["float32", "bfloat16"]

Given = dict[str, Any]
"""What a model takes, by name: tensors of one text or picture."""

_NAME = "A model that sees pages"
_NOT_TAKEN = frozenset(("labels", "token_type_ids", "mm_token_type_ids"))


@dataclass(frozen=True, slots=True)
class Network:
    """A model that was loaded: how many numbers its vectors have, and what makes a tensor (length, dim) of
    every token of what it is given."""

    model: Any
    dim: int
    vectors: Callable[[Given], Any]


@dataclass(frozen=True, slots=True)
class Family(ABC):
    """What prepares pages and questions for a model; cheap, the model itself is loaded by `load`."""

    folder: Path
    pictures: Any
    tokenizer: Any
    page_token: int
    """What stands in a text for one patch of a picture."""

    @abstractmethod
    def page(self, image: Image) -> Given:
        """Return what the model takes of a page."""

    @abstractmethod
    def question(self, asked: str) -> tuple[Given, NDArray[np.intp]]:
        """Return what the model takes of a question of one line, and which tokens are its own words: those
        that hold a letter or digit, or a part of one."""

    @abstractmethod
    def load(self, precision: Precision) -> Network:
        """Load the model. Raises `ModelError`."""


@dataclass(frozen=True, slots=True)
class Retrieval(Family):
    """ColPali, ColQwen2 and ColModernVBERT, which `transformers` knows as a whole."""

    processor: Any
    kind: str

    @classmethod
    def of(cls, kind: str, folder: Path) -> "Retrieval":
        """Load the processor; `kind` is how the names of its classes begin."""
        processor = hugging_face.processor(f"{kind}Processor", folder, _NAME)
        return cls(folder, *_parts(processor), processor, kind)

    def page(self, image: Image) -> Given:
        """Return what the model takes of a page; of ColQwen2, where its patches lie as well: the class in
        `transformers` would have them one behind the other."""
        given = _taken(self.processor.process_images(images=[image]))
        if "image_grid_thw" in given:
            given["position_ids"] = _positions(given, self.page_token, self.pictures)
        return given

    def question(self, asked: str) -> tuple[Given, NDArray[np.intp]]:
        """Let the processor wrap the question up."""
        given = _taken(self.processor.process_queries(text=[asked]))
        prefix = getattr(self.processor, "query_prefix", None) or ""
        return given, _words(self.tokenizer, given["input_ids"][0].tolist(), prefix)

    def load(self, precision: Precision) -> Network:
        """Load the model, whose vectors are what it calls embeddings."""
        model = hugging_face.pretrained(f"{self.kind}ForRetrieval", self.folder, _NAME, precision)
        return Network(model, int(model.config.embedding_dim), lambda given: model(**given).embeddings[0])


@dataclass(frozen=True, slots=True)
class ColSmol(Family):
    """Idefics3 and a layer `linear` behind it, for which `transformers` has no name; its words are those it
    was trained with."""

    processor: Any

    @classmethod
    def of(cls, folder: Path) -> "ColSmol":
        """Load the processor."""
        processor = hugging_face.processor("Idefics3Processor", folder, _NAME)
        return cls(folder, *_parts(processor), processor)

    def page(self, image: Image) -> Given:
        """Put the page into the words it was trained with."""
        prompt = "<|im_start|>User:<image>Describe the image.<end_of_utterance>\nAssistant:"
        return _taken(self.processor(text=[prompt], images=[[image]], return_tensors="pt"))

    def question(self, asked: str) -> tuple[Given, NDArray[np.intp]]:
        """Put behind the question what it was trained with."""
        given = _taken(self.processor(text=[asked + "<end_of_utterance>" * 10], return_tensors="pt"))
        return given, _words(self.tokenizer, given["input_ids"][0].tolist())

    def load(self, precision: Precision) -> Network:
        """Load the model, and its adapter where there is one."""
        model = hugging_face.pretrained("Idefics3Model", self.folder, _NAME, precision)
        weight, bias = (hugging_face.tensor(self.folder, name) for name in ("linear.weight", "linear.bias"))
        if lora.has_adapter(self.folder):
            own = {f"model.{name}": one for name, one in model.named_parameters()}
            lora.merge(self.folder, own | {"linear.weight": weight})

        def vectors(given: Given) -> Any:
            made = model(**given).last_hidden_state[0].float()
            return made @ weight.to(made.device).T + bias.to(made.device)

        return Network(model, len(weight), vectors)


@dataclass(frozen=True, slots=True)
class Nemotron(Family):
    """Nemotron ColEmbed V2 of Qwen3-VL, and what its publishers put around pages and questions."""

    @classmethod
    def of(cls, folder: Path) -> "Nemotron":
        """Load what prepares pictures, and the tokenizer."""
        pictures = hugging_face.processor("Qwen2VLImageProcessor", folder, _NAME)
        tokenizer = hugging_face.processor("PreTrainedTokenizerFast", folder, _NAME)
        if not tokenizer.chat_template:
            raise hugging_face.broken(folder, "its tokenizer has no chat template")
        return cls(folder, pictures, tokenizer, int(tokenizer.convert_tokens_to_ids(_PATCH)))

    def page(self, image: Image) -> Given:
        """Return the picture and, in the words that go with it, a token for each of its patches."""
        given = _taken(self.pictures(images=[image], return_tensors="pt"))
        said = self._chat([{"type": "image"}, {"type": "text", "text": "passage: "}])
        said = said.replace(_PATCH, _PATCH * grid_of(given, self.pictures).tokens, 1)
        given |= _taken(self.tokenizer([said], return_tensors="pt"))
        return given | {"position_ids": _positions(given, self.page_token, self.pictures)}

    def question(self, asked: str) -> tuple[Given, NDArray[np.intp]]:
        """Return the question as one asks this model."""
        said = self._chat([{"type": "text", "text": _ASKED + asked}])
        begin = said.index(_ASKED) + len(_ASKED)
        encoded = self.tokenizer([said], return_offsets_mapping=True, return_tensors="pt")
        spans = encoded.pop("offset_mapping")[0].tolist()
        own = [(max(first, begin), min(end, begin + len(asked))) for first, end in spans]
        words = [at for at, (first, end) in enumerate(own) if any(map(str.isalnum, said[first:end]))]
        return _taken(encoded), np.array(words, np.intp)

    def load(self, precision: Precision) -> Network:
        """Load Qwen3-VL, let every token see every other, and leave out its last norm."""
        model = hugging_face.pretrained("Qwen3VLModel", self.folder, _NAME, precision)
        text = model.language_model
        text.config.is_causal = False
        for layer in text.layers:
            layer.self_attn.is_causal = False
        _leave_out_norm(text)

        def vectors(given: Given) -> Any:
            return model(**given, use_cache=False).last_hidden_state[0]

        return Network(model, int(model.config.text_config.hidden_size), vectors)

    def _chat(self, content: list[dict[str, str]]) -> str:
        messages = [{"role": "user", "content": content}]
        said: str = self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        return said


_PATCH, _ASKED = "<|image_pad|>", "Query: query: "

FAMILIES: Mapping[str, Callable[[Path], Family]] = {
    "colpali": partial(Retrieval.of, "ColPali"),
    "colqwen2": partial(Retrieval.of, "ColQwen2"),
    "colmodernvbert": partial(Retrieval.of, "ColModernVBert"),
    "idefics3": ColSmol.of,
    "qwen3_vl_nemotron_embed": Nemotron.of,
}
"""By `model_type`."""


def family(folder: Path) -> Family:
    """Return the family of a folder's model, which its `config.json` tells. Raises `ModelError`."""
    try:
        told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = told.get("model_type") if isinstance(told, dict) else None
    except (OSError, ValueError) as error:
        raise hugging_face.broken(folder, "its config.json is not there or not whole") from error
    if not isinstance(kind, str) or kind not in FAMILIES:
        known = ", ".join(FAMILIES)
        why = f"it is of the kind {kind!r}; pages are seen with models of the kinds {known}"
        raise hugging_face.broken(folder, why)
    return FAMILIES[kind](folder)


def grid_of(given: Given, pictures: Any) -> Grid:
    """Return how the patches of a page lie that were prepared with their rows and columns."""
    _, rows, columns = given["image_grid_thw"][0].tolist()
    return Grid(rows // int(pictures.merge_size), columns // int(pictures.merge_size))


def _leave_out_norm(text: Any) -> None:
    import torch

    text.norm = torch.nn.Identity()


def _parts(processor: Any) -> tuple[Any, Any, int]:
    return processor.image_processor, processor.tokenizer, int(processor.image_token_id)


def _taken(batch: Mapping[str, Any]) -> Given:
    return {name: value for name, value in batch.items() if name not in _NOT_TAKEN}


def _positions(given: Given, page_token: int, pictures: Any) -> Any:
    """Return a tensor (3, 1, length) of where each token lies."""
    import torch

    is_patch = (given["input_ids"][0] == page_token).numpy()
    return torch.from_numpy(grid_positions(is_patch, grid_of(given, pictures)))[:, None]


def _words(tokenizer: Any, ids: list[int], prefix: str = "") -> NDArray[np.intp]:
    """Return where the words of a question stand, without the prefix and what the tokenizer adds."""
    added = set(tokenizer.all_special_ids)
    own = [at for at, id_ in enumerate(ids) if id_ not in added]
    before = tokenizer(prefix, add_special_tokens=False)["input_ids"] if prefix else []
    for id_ in before:
        if not own or ids[own[0]] != id_:
            break
        own = own[1:]
    texts = tokenizer.batch_decode([[ids[at]] for at in own])
    said = [
        at for at, text in zip(own, texts, strict=True) if any(c.isalnum() or c == "\ufffd" for c in text)
    ]
    return np.array(said, np.intp)
