"""The networks that are trained."""

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout, gelu, normalize

from tools.train_starter.recipe import Tower

SENTENCE = 384
SENTENCE_SCALE = 19.6
"""About the root of 384: gives the entries of a unit sentence vector a deviation of one."""
CLS = 101


def joined(main: Tensor, side: Tensor, beta: float) -> Tensor:
    """Return unit vectors whose cosine is (1 - beta) times that of `main` plus beta times that of `side`."""
    if beta == 0:
        return main
    return torch.cat([(1 - beta) ** 0.5 * main, beta**0.5 * side], -1)


def _linear(inputs: int, outputs: int, *, bias: bool = True) -> nn.Linear:
    layer = nn.Linear(inputs, outputs, bias=bias)
    nn.init.normal_(layer.weight, std=inputs**-0.5)
    return layer


class PictureHead(nn.Module):
    """Standardised inputs (n, 4728) to unit vectors (n, dim): one hidden layer beside a direct map."""

    def __init__(self, inputs: int, hidden: int, dim: int, drop: float, noise: float = 0.0) -> None:
        super().__init__()
        self.a = _linear(inputs, hidden)
        self.b = _linear(hidden, dim)
        self.c = _linear(inputs, dim, bias=False)
        self.drop, self.noise = drop, noise

    def forward(self, inputs: Tensor) -> Tensor:
        """Return the unit vectors of pictures."""
        if self.training and self.noise:
            inputs = inputs + self.noise * torch.randn_like(inputs)
        inputs = dropout(inputs, self.drop, self.training)
        hidden = dropout(gelu(self.a(inputs)), 0.2, self.training)
        return normalize(self.b(hidden) + self.c(inputs), dim=-1)


class SentenceAdapter(nn.Module):
    """MiniLM's sentence vectors (n, 384) to unit vectors (n, dim)."""

    def __init__(self, dim: int, noise: float, hidden: int = 512) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(SENTENCE, hidden), nn.Linear(hidden, dim)
        self.c = nn.Linear(SENTENCE, dim, bias=False)
        self.noise = noise
        nn.init.orthogonal_(self.c.weight)
        nn.init.normal_(self.b.weight, std=0.02)

    def forward(self, sentences: Tensor) -> tuple[Tensor, Tensor]:
        """Return the joint vectors, and the sentence vectors as they came."""
        wide = sentences.float() * SENTENCE_SCALE
        if self.training:
            wide = wide + self.noise * torch.randn_like(wide)
        hidden = dropout(gelu(self.a(wide)), 0.1, self.training)
        return normalize(self.b(hidden) * 0.5 + self.c(wide), dim=-1), sentences.float()


class TokenTower(nn.Module):
    """Token ids (n, length), 0 as padding, to unit vectors (n, dim) and a guess of the sentence vector.

    A token table, one convolution over three tokens, four attention queries that pool, one hidden layer.
    `table` (vocabulary, width) is where the token table starts.
    """

    def __init__(self, table: Tensor, dim: int, hidden: int = 512, drop_tokens: float = 0.1) -> None:
        super().__init__()
        width = table.shape[1]
        self.E = nn.Embedding(len(table), width, _weight=table)
        self.conv = nn.Conv1d(width, width, 3, padding=1)
        nn.init.normal_(self.conv.weight, std=0.02)
        self.q = nn.Linear(width, 4)
        self.a, self.b = _linear(4 * width, hidden), _linear(hidden, dim)
        self.c = _linear(4 * width, dim, bias=False)
        self.m, self.mc = _linear(hidden, SENTENCE), _linear(4 * width, SENTENCE, bias=False)
        self.drop_tokens = drop_tokens

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return the joint vectors and the guessed sentence vectors, both unit."""
        ids = ids[:, : max(4, int((ids > 0).sum(1).max()))].long()
        mask = (ids > 0).float()
        if self.training:
            mask = mask * ((torch.rand_like(mask) > self.drop_tokens) | (ids == CLS)).float()
        tokens = dropout(self.E(ids), 0.1, self.training) * mask[..., None]
        context = tokens + gelu(self.conv(tokens.transpose(1, 2)).transpose(1, 2))
        weights = torch.softmax(self.q(context) - 1e4 * (1 - mask[..., None]), 1)
        pooled = torch.einsum("blh,bld->bhd", weights, context).flatten(1)
        pooled = pooled / (pooled.std(-1, keepdim=True) + 1e-3)
        hidden = gelu(self.a(pooled))
        joint = normalize(self.b(hidden) + self.c(pooled), dim=-1)
        return joint, normalize(self.m(hidden) + self.mc(pooled), dim=-1)


def token_table(vectors: Tensor, width: int) -> Tensor:
    """Return the start of a token table: principal components of each token's vector, deviation 0.25.

    A word that no caption holds thus begins beside its synonyms.
    """
    centred = vectors - vectors.mean(0)
    _, directions = torch.linalg.eigh(centred.T @ centred)
    table: Tensor = centred @ directions.flip(1)[:, :width]
    return table / table.std() * 0.25


class Heads(nn.Module):
    """A picture head and a text tower, with the sharpness of both contrasts."""

    def __init__(self, picture: PictureHead, text: SentenceAdapter | TokenTower, beta: float) -> None:
        super().__init__()
        self.picture, self.text, self.beta = picture, text, beta
        self.sharpness = nn.Parameter(torch.full((2,), 20.0).log())

    @property
    def tower(self) -> Tower:
        """Return which kind of text tower these heads have."""
        return Tower.MINILM if isinstance(self.text, SentenceAdapter) else Tower.STATIC

    def pictures(self, inputs: Tensor, mixture: Tensor) -> Tensor:
        """Return the unit vectors of pictures."""
        main: Tensor = self.picture(inputs)
        return joined(main, mixture, self.beta)

    def texts(self, rows: Tensor) -> Tensor:
        """Return the unit vectors of texts, given as the tower takes them (sentence vectors or token ids)."""
        joint, sentence = self.text(rows)
        return joined(joint, sentence, self.beta)

    def scales(self) -> tuple[Tensor, Tensor]:
        """Return what cosines are multiplied with: picture against text, and text against text."""
        photo, text = self.sharpness.clamp(0, 4.2).exp()
        return photo, text
