"""The pack as tensors: what a training step picks its rows from."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tools.train_starter.inputs import Labels, head_inputs
from tools.train_starter.pack import Named, Pack
from tools.train_starter.recipe import Tower
from tools.train_starter.sentences import Sentences

NAMES = 3
"""So many names of an ImageNet class are used; the rest of the list is rare words."""
LABEL_NAMES, LABEL_TEMPLATES = 2, 2
TOKENS = 32

Tokenize = Callable[[Sequence[str]], tuple[NDArray[np.int64], NDArray[np.int64]]]
"""Texts to ids and mask, both (n, length); the ids are 0 where the mask is."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Inputs of the picture head, standardised and in the basis of `Data`, and label mixtures (n, 384)."""

    inputs: Tensor
    mixture: Tensor

    def __getitem__(self, rows: object) -> tuple[Tensor, Tensor]:
        return self.inputs[rows], self.mixture[rows]  # type: ignore[index]


@dataclass(frozen=True, slots=True)
class NamedPictures:
    """Pictures with names: the usual name of each, and the rows of its templated names among the texts."""

    pictures: Pictures
    names: tuple[str, ...]
    texts: tuple[tuple[int, ...], ...]

    def unseen(self, every: int) -> frozenset[str]:
        """Return every so-manyth name, for runs that keep these from training to see how new names do."""
        return frozenset(sorted(set(self.names))[::every])


@dataclass(frozen=True, slots=True)
class Data:
    """Everything a run needs, as tensors.

    Texts are rows of `sentences` (m, 384), float16, and of `tokens` (m, 32), int32, 0 as padding. `captions`
    are the rows of each photo's captions, `groups` those of captions of one photo each, training photos
    included. `mean` and `deviation` (4728) standardise the inputs, `basis` (4728, k) has the directions in
    which they are then taken.
    """

    pack: Pack
    labels: Labels
    mean: Tensor
    deviation: Tensor
    basis: Tensor
    photos: Pictures
    imagenet: NamedPictures
    caltech: NamedPictures
    texts: tuple[str, ...]
    sentences: Tensor
    tokens: Tensor
    captions: tuple[tuple[int, ...], ...]
    groups: tuple[tuple[int, ...], ...]

    def text_inputs(self, tower: Tower) -> Tensor:
        """Return what a tower takes of each text: its sentence vector, or its token ids."""
        return self.sentences if tower is Tower.MINILM else self.tokens


def name_texts(pictures: Named, templates: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield for each picture its names in every template."""
    for names in pictures.names:
        yield tuple(template.format(name) for name in names[:NAMES] for template in templates)


def all_texts(pack: Pack) -> tuple[str, ...]:
    """Return every text of a pack once, sorted."""
    named = (texts for part in (pack.imagenet, pack.caltech) for texts in name_texts(part, pack.templates))
    captions = (photo.captions for photo in pack.photos)
    return tuple(sorted({text for group in (*named, *captions, *pack.groups) for text in group}))


def label_vectors(pack: Pack, sentences: Sentences) -> Tensor:
    """Return a unit sentence vector (1000, 384) of each label: the mean over names and templates."""
    texts = [
        [
            template.format(name)
            for name in names[:LABEL_NAMES]
            for template in pack.templates[:LABEL_TEMPLATES]
        ]
        for names in pack.imagenet.names
    ]
    return torch.nn.functional.normalize(torch.stack([sentences.of(each).mean(0) for each in texts]), dim=-1)


def token_ids(texts: Sequence[str], tokenize: Tokenize) -> Tensor:
    """Return the ids of the first 32 tokens of each text, int32 (n, 32), padded with 0."""
    found = torch.from_numpy(tokenize(texts)[0][:, :TOKENS]).to(torch.int32)
    return torch.nn.functional.pad(found, (0, TOKENS - found.shape[1]))


def principal_basis(inputs: Tensor, count: int) -> Tensor:
    """Return an orthonormal basis (columns, count) of the directions in which standardised inputs vary most.

    It is turned at random, so that every direction carries about the same variance and dropout weakens all
    alike. With as many directions as there are columns, or more, it is the identity.
    """
    columns = inputs.shape[1]
    if count >= min(inputs.shape):
        return torch.eye(columns)
    torch.manual_seed(0)
    directions = torch.svd_lowrank(inputs, q=min(count + 64, *inputs.shape), niter=2)[2][:, :count]
    turn: Tensor = torch.linalg.qr(torch.randn(count, count))[0]
    return directions @ turn


def prepare(
    pack: Pack,
    classifier: tuple[Tensor, Tensor],
    sentences: Sentences,
    tokenize: Tokenize,
    components: int,
) -> Data:
    """Turn a pack into tensors.

    Inputs are standardised by the training photos and reduced to the principal `components` of all pictures
    that are trained on.
    """
    labels = Labels(*classifier, label_vectors(pack, sentences))
    parts = [
        head_inputs(part, labels) for part in (pack.features, pack.imagenet.features, pack.caltech.features)
    ]
    train = parts[0][0][pack.rows("train")]
    mean, deviation = train.mean(0), train.std(0) + 0.05
    seen = torch.cat([train, parts[1][0], parts[2][0]])
    basis = principal_basis((seen - mean) / deviation, components)
    photos, imagenet, caltech = (
        Pictures((inputs - mean) / deviation @ basis, mixture) for inputs, mixture in parts
    )
    texts = all_texts(pack)
    row = {text: n for n, text in enumerate(texts)}

    def rows_of(groups: Iterable[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(row[text] for text in group) for group in groups)

    def named(part: Named, pictures: Pictures) -> NamedPictures:
        usual = tuple(names[0] for names in part.names)
        return NamedPictures(pictures, usual, rows_of(name_texts(part, pack.templates)))

    captions = rows_of(photo.captions for photo in pack.photos)
    return Data(
        pack,
        labels,
        mean,
        deviation,
        basis,
        photos,
        named(pack.imagenet, imagenet),
        named(pack.caltech, caltech),
        texts,
        sentences.of(texts).half(),
        token_ids(texts, tokenize),
        captions,
        (*(captions[n] for n in pack.rows("train")), *rows_of(pack.groups)),
    )


def photo_weights(data: Data, coco_factor: float) -> NDArray[np.float64]:
    """Return how likely each training photo is drawn; photos with COCO ids are drawn more often."""
    photos = (data.pack.photos[n] for n in data.pack.rows("train"))
    weights = np.array([coco_factor if photo.id.startswith("coco:") else 1.0 for photo in photos])
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares
