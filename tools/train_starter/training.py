"""One training run."""

import copy
import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from tools.train_starter.data import Data, NamedPictures, photo_weights
from tools.train_starter.heads import Heads, PictureHead, SentenceAdapter, TokenTower, token_table
from tools.train_starter.losses import contrast, soft_targets, taught
from tools.train_starter.recipe import Recipe, Tower
from tools.train_starter.teaching import Teacher

TABLE_WIDTH = 192
LAST_RATE = 0.03
IMAGENET_UNSEEN, CALTECH_UNSEEN = 5, 2
SENTENCE_SHARPNESS, SENTENCE_CONTRAST = 25.0, 0.3

Log = Callable[[str], None]


def new_heads(recipe: Recipe, data: Data, token_vectors: Tensor) -> Heads:
    """Return untrained heads; `token_vectors` (vocabulary, 384) is where a token table starts."""
    inputs = data.photos.inputs.shape[1]
    picture = PictureHead(inputs, recipe.hidden, recipe.dim, recipe.dropout, recipe.noise)
    text: SentenceAdapter | TokenTower
    if recipe.tower is Tower.MINILM:
        text = SentenceAdapter(recipe.dim, recipe.sentence_noise)
    else:
        text = TokenTower(token_table(token_vectors, TABLE_WIDTH), recipe.dim)
    return Heads(picture, text, recipe.beta)


class Run:
    """The state of one run: the heads, what they learn from, and the random choices of each step.

    `imagenet` and `caltech` are the rows of the pictures whose names may be learnt.
    """

    def __init__(self, recipe: Recipe, data: Data, heads: Heads, teacher: Teacher | None) -> None:
        self.recipe, self.data, self.heads, self.teacher = recipe, data, heads, teacher
        self._random = np.random.default_rng(recipe.seed)
        self._train = data.pack.rows("train")
        self._weights = photo_weights(data, recipe.coco_factor)
        self._text_inputs = data.text_inputs(heads.tower)
        self.imagenet = self._allowed(data.imagenet, IMAGENET_UNSEEN)
        self.caltech = self._allowed(data.caltech, CALTECH_UNSEEN)

    def loss(self) -> Tensor:
        """Draw a batch and return its loss."""
        recipe = self.recipe
        total = self._photo_loss() + recipe.group_weight * self._group_loss()
        if recipe.name_weight:
            total = total + recipe.name_weight * self._name_loss()
        if isinstance(self.heads.text, TokenTower):
            total = total + recipe.sentence_weight * self._sentence_loss(self.heads.text)
        return total

    def _photo_loss(self) -> Tensor:
        """Photos against captions; every photo is encoded once and meets `captions` captions of its own."""
        recipe, sharpness = self.recipe, self.heads.scales()[0]
        rows = self._draw(len(self._train), recipe.photos, self._weights)
        rows = self._train[rows]
        pictures = self.heads.pictures(*self.data.photos[rows])
        orders = [self._random.permutation(self.data.captions[row])[: recipe.captions] for row in rows]
        total = torch.zeros(())
        for texts in np.stack(orders, 1):
            vectors = self._texts(texts)
            target = soft_targets(self.data.sentences[texts].float(), recipe.soft, recipe.soft_scale)
            total = total + contrast(pictures, vectors, sharpness, target)
            if self.teacher:
                logits = sharpness * pictures @ vectors.T
                total = total + recipe.teaching * taught(logits, self.teacher.logits(rows, texts))
        if self.teacher:
            texts = self._random.choice(self.teacher.unpaired, recipe.unpaired, replace=False)
            logits = sharpness * pictures @ self._texts(texts).T
            total = total + recipe.teaching * taught(logits, self.teacher.logits(rows, texts))
        return total / recipe.captions

    def _group_loss(self) -> Tensor:
        """Captions of one photo against each other."""
        groups = self._draw(len(self.data.groups), self.recipe.group_pairs)
        pairs = [self._random.choice(self.data.groups[n], 2) for n in groups]
        first, second = np.array(pairs).T
        return contrast(self._texts(first), self._texts(second), self.heads.scales()[1])

    def _name_loss(self) -> Tensor:
        """Pictures with names against their names in templates; equal names belong together."""
        pictures, texts, names = [], [], []
        for part, allowed, count in (
            (self.data.imagenet, self.imagenet, self.recipe.imagenet),
            (self.data.caltech, self.caltech, self.recipe.caltech),
        ):
            rows = allowed[self._draw(len(allowed), count)]
            pictures.append(self.heads.pictures(*part.pictures[rows]))
            texts += [self._pick(part.texts[row]) for row in rows]
            names += [part.names[row] for row in rows]
        kinds = np.unique(names, return_inverse=True)[1]
        same = torch.from_numpy(kinds[:, None] == kinds[None]).float()
        return contrast(torch.cat(pictures), self._texts(texts), self.heads.scales()[0], same)

    def _sentence_loss(self, tower: TokenTower) -> Tensor:
        """The tower's guess of sentence vectors against the true ones."""
        rows = self._draw(len(self.data.texts), self.recipe.group_pairs)
        truth = self.data.sentences[rows].float()
        guess: Tensor = tower(self.data.tokens[rows])[1]
        away: Tensor = 1 - (guess * truth).sum(1).mean()
        return away + SENTENCE_CONTRAST * contrast(guess, truth, SENTENCE_SHARPNESS)

    def _texts(self, rows: Sequence[int] | np.ndarray) -> Tensor:
        return self.heads.texts(self._text_inputs[np.asarray(rows)])

    def _draw(self, among: int, count: int, weights: np.ndarray | None = None) -> np.ndarray:
        return self._random.choice(among, min(among, count), replace=False, p=weights)

    def _pick(self, rows: Sequence[int]) -> int:
        return rows[int(self._random.integers(len(rows)))]

    def _allowed(self, part: NamedPictures, every: int) -> np.ndarray:
        hidden = frozenset() if self.recipe.all_names else part.unseen(every)
        return np.array([n for n, name in enumerate(part.names) if name not in hidden])


def learning_rate(step: int, recipe: Recipe) -> float:
    """Return the share of the full rate at a step: a linear start, then a cosine down to 3 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
    return min(1.0, (step + 1) / recipe.warmup) * (cosine * (1 - LAST_RATE) + LAST_RATE)


def follow(mean: Heads, heads: Heads, decay: float) -> None:
    """Move the running mean of the weights towards the present ones; a decay of 0 copies them."""
    with torch.no_grad():
        for held, new in zip(mean.parameters(), heads.parameters(), strict=True):
            held.lerp_(new, 1 - decay)


def train(
    recipe: Recipe,
    data: Data,
    token_vectors: Tensor,
    log: Log,
    *,
    teacher: Teacher | None = None,
    start: Heads | None = None,
) -> Heads:
    """Train heads by a recipe and return them, ready for use; `log` is told the loss now and then.

    They begin as copies of `start`, which must have the recipe's sizes, or at random.
    """
    torch.manual_seed(recipe.seed)
    heads = new_heads(recipe, data, token_vectors)
    if start:
        heads.load_state_dict(start.state_dict())
    run = Run(recipe, data, heads, teacher)
    table = [value for name, value in heads.named_parameters() if name.startswith("text.E")]
    others = [value for name, value in heads.named_parameters() if "E." not in name and name != "sharpness"]
    optimiser = torch.optim.AdamW(
        [
            {"params": others, "weight_decay": recipe.decay},
            {"params": table, "weight_decay": 0.0, "lr": recipe.rate * recipe.token_rate},
            {"params": [heads.sharpness], "weight_decay": 0.0},
        ],
        lr=recipe.rate,
        betas=(0.9, 0.98),
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: learning_rate(step, recipe))
    mean = copy.deepcopy(heads)
    heads.train()
    recent = []
    for step in range(recipe.steps):
        loss = run.loss()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
        schedule.step()
        follow(mean, heads, min(recipe.average, (step + 1) / (step + 10)))
        recent.append(loss.item())
        if (step + 1) % 100 == 0 or step + 1 == recipe.steps:
            log(f"step {step + 1}: loss {np.mean(recent):.3f}")
            recent.clear()
    return mean.eval()
