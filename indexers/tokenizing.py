"""Texts to token ids with a Hugging Face `tokenizer.json`, padded as a text tower wants them."""

import html
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Cleaning, Facts, Padding
from search.errors import ModelError

Ids = NDArray[np.int64]

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class TextFacts:
    """A `[text]` table: the tokenizer file, the length in tokens, padding and cleaning."""

    tokenizer: str
    max_length: int
    pad_id: int
    pad: Padding
    clean: Cleaning

    @classmethod
    def of(cls, facts: Facts) -> "TextFacts":
        """Read the table. Raises `ModelError`."""
        length = facts.whole("max_length")
        if not 2 <= length <= 65_536:
            raise facts.wrong("max_length", "must be between 2 and 65536")
        return cls(
            facts.file("tokenizer", "tokenizer.json"),
            length,
            facts.whole("pad_id", 0),
            facts.choice("pad", Padding, "max_length"),
            facts.choice("clean", Cleaning, "none"),
        )


def cleaned(text: str, how: Cleaning) -> str:
    """Tidy a text as the model saw texts in training."""
    if how == "none":
        return text
    text = " ".join(html.unescape(html.unescape(text)).split())
    if how == "whitespace":
        return text
    text = text.lower()
    return text if how == "lower" else " ".join(text.translate(_NO_PUNCTUATION).split())


class Tokenizer:
    """Turns texts into ids and attention masks. Loads its file at once; safe to use from many threads."""

    def __init__(self, folder: Path, facts: TextFacts, clean: Callable[[str], str] | None = None) -> None:
        self._facts = facts
        self._clean = clean or (lambda text: cleaned(text, facts.clean))
        self._tokenizer = _load(folder / facts.tokenizer)
        self._tokenizer.enable_truncation(facts.max_length)
        length = facts.max_length if facts.pad == "max_length" else None
        token = self._tokenizer.id_to_token(facts.pad_id) or "[PAD]"
        self._tokenizer.enable_padding(pad_id=facts.pad_id, pad_token=token, length=length)

    def __call__(self, texts: Sequence[str]) -> tuple[Ids, Ids]:
        """Return ids and mask, both int64 (n, length); the mask is 0 where ids are padding."""
        found = self._tokenizer.encode_batch([self._clean(text) for text in texts])
        ids = np.array([encoding.ids for encoding in found], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in found], dtype=np.int64)
        return ids, mask


def _load(file: Path) -> Any:
    from tokenizers import Tokenizer as HuggingFaceTokenizer

    if not file.is_file():
        raise ModelError(f"{file} is missing.", "Get the model again.")
    try:
        return HuggingFaceTokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises bare Exception for every bad file
        raise ModelError(
            f"{file} is no tokenizer that can be read: {error}.", "Get the model again."
        ) from error
