"""What a training run is told."""

from dataclasses import dataclass
from enum import StrEnum


class Tower(StrEnum):
    """Where the vector of a text comes from: an adapter on MiniLM, or a small network of our own."""

    MINILM = "minilm"
    STATIC = "static"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All settings of one run; the defaults are for heads that begin at random.

    Each step draws `photos` captioned photos with `captions` of their captions, `group_pairs` pairs of
    captions of one photo, and pictures with names. COCO photos, of which there are few, are drawn
    `coco_factor` times as often. `soft` is the share of the target that goes to captions of similar meaning
    instead of the photo's own. `beta` is the share of the label mixture in the cosine that is trained;
    `average` the decay of the running mean of the weights that is kept (0: the last weights). `token_rate`
    is the learning rate of the token table relative to the rest. With teachers, `teaching` weighs the loss
    towards their similarities, which are also asked about `unpaired` texts that belong to no photo.
    `groups` is how many groups of captions without a photo are read (each text costs a sentence vector), and
    `components` how many principal components of the inputs the picture head is trained on: the rest
    holds little that captions tell of, and a step takes a third of the time.
    """

    tower: Tower = Tower.MINILM
    steps: int = 300
    photos: int = 600
    captions: int = 2
    group_pairs: int = 384
    imagenet: int = 160
    caltech: int = 96
    rate: float = 1e-3
    token_rate: float = 0.5
    warmup: int = 50
    decay: float = 0.1
    hidden: int = 768
    dim: int = 256
    dropout: float = 0.4
    noise: float = 0.0
    sentence_noise: float = 0.3
    soft: float = 0.2
    soft_scale: float = 25.0
    beta: float = 0.15
    coco_factor: float = 4.0
    group_weight: float = 0.3
    name_weight: float = 0.8
    sentence_weight: float = 0.5
    average: float = 0.98
    teachers: int = 0
    teaching: float = 1.5
    unpaired: int = 600
    all_names: bool = True
    groups: int = 4713
    components: int = 1024
    seed: int = 0
