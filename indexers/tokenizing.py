"""Texts to token ids with a Hugging Face `tokenizer.json`, padded as a text tower wants them."""

import html
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Cleaning, Facts, Padding
from search.errors import ModelError

Ids = NDArray[np.int64]

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)

_WORD_MARKS = "#\u2581\u0120"
"""What tokenizers write before a token to say whether it begins a word."""


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


class Pairs(NamedTuple):
    """Pairs of texts, each int64 (n, length): ids, a mask that is 0 where they are padding, and 0 for the
    first text, 1 for the second."""

    ids: Ids
    mask: Ids
    kinds: Ids


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
        self._worded: NDArray[np.bool_] | None = None
        self._clean = clean or (lambda text: cleaned(text, facts.clean))
        self._tokenizer = _load(folder / facts.tokenizer)
        self._tokenizer.enable_truncation(facts.max_length)
        length = facts.max_length if facts.pad == "max_length" else None
        token = self._tokenizer.id_to_token(facts.pad_id) or "[PAD]"
        self._tokenizer.enable_padding(pad_id=facts.pad_id, pad_token=token, length=length)

    def __call__(self, texts: Sequence[str]) -> tuple[Ids, Ids]:
        """Return ids and mask, both int64 (n, length); the mask is 0 where ids are padding."""
        found = self._tokenizer.encode_batch([_well_formed(self._clean(text)) for text in texts])
        ids = np.array([encoding.ids for encoding in found], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in found], dtype=np.int64)
        return ids, mask

    def placed(self, texts: Sequence[str]) -> tuple[Ids, Ids, Ids]:
        """Return ids, mask, and where each token begins and ends in its text, int64 (n, length, 2). Where a
        text is cleaned first, places are those in the cleaned one."""
        found = self._tokenizer.encode_batch([_well_formed(self._clean(text)) for text in texts])
        ids = np.array([encoding.ids for encoding in found], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in found], dtype=np.int64)
        return ids, mask, np.array([encoding.offsets for encoding in found], dtype=np.int64)

    def worded(self, ids: Ids) -> NDArray[np.bool_]:
        """Return for each token whether it stands for letters or digits of the text, of ids' shape."""
        if self._worded is None:
            added = {token.content for token in self._tokenizer.get_added_tokens_decoder().values()}
            vocabulary = self._tokenizer.get_vocab()
            self._worded = np.zeros(max(vocabulary.values()) + 1, np.bool_)
            for token, number in vocabulary.items():
                self._worded[number] = token not in added and any(map(str.isalnum, token.lstrip(_WORD_MARKS)))
        return self._worded[ids]

    def pairs(self, first: str, others: Sequence[str]) -> Pairs:
        """Return each of the texts together with the first one; what is too long is cut off the texts."""
        self._tokenizer.enable_truncation(self._facts.max_length, strategy="longest_first")
        start = _well_formed(self._clean(first))
        found = self._tokenizer.encode_batch([(start, _well_formed(self._clean(one))) for one in others])
        return Pairs(
            np.array([encoding.ids for encoding in found], dtype=np.int64),
            np.array([encoding.attention_mask for encoding in found], dtype=np.int64),
            np.array([encoding.type_ids for encoding in found], dtype=np.int64),
        )

    def knows(self, word: str) -> bool:
        """Whether a word is a single token, as tokenizers of sentence models write words (WordPiece plain,
        SentencePiece with a mark before it)."""
        return any(self._tokenizer.token_to_id(one) is not None for one in (word, f"\u2581{word}"))


def text_input(name: str, ids: Ids, mask: Ids) -> Ids:
    """Return what a graph's input takes, told by its name as exporters name them: the mask, zeros for
    kinds of token, positions, or else the ids.
    """
    if "mask" in name:
        return mask
    if "type" in name:
        return np.zeros_like(ids)
    if "position" in name:
        return np.broadcast_to(np.arange(ids.shape[1]), ids.shape)
    return ids


def _well_formed(text: str) -> str:
    """Put `?` for lone surrogates (bytes of a file name or argument that are no text)."""
    return text.encode("utf-8", "replace").decode("utf-8")


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
