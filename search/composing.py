"""A picture, but otherwise: the ranking of SDR-CIR (arXiv 2602.04451) for a space of pictures and texts.

What is looked for is described in words: the user's own, or tags of a vocabulary for what is to be seen in
the picture together with the change, or the change alone. The vector of that is drawn towards the picture
(Anchor), and what the description says beyond the change counts less (Debias), for it leads back to the
picture. The score is linear in the candidate, so one vector does it all. See docs/decisions/0031.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from search.changes import INSIST, KEEP, KEEP_UNTOLD
from search.records import Fix, Locator, Page, Region, Whole
from search.spaces import Composition, QueryEncoder, Vector, unit_rows
from search.tags import Tags

BY_TAGS = "tags"
"""The description that asks for tags instead of being one."""

AVOID = 0.25
"""How much what must not be there counts against a picture."""

TAGS = 3
"""At most so many tags describe a picture."""

LEAST_LIKE = 0.75
"""A tag must fit a picture so well, as a share of how well the best one does."""

_INSTEAD = re.compile(r"(?:(?P<adds>.*\S)\s+)?(?:instead of|rather than|in place of)\s+(?P<drops>.+)", re.I)
_TURNS = re.compile(r"(?P<drops>.+?)\s*(?:->|→|=>)\s*(?P<adds>.+)")
_WITHOUT = re.compile(r"(?:and\s+|but\s+)*(?:without|no|not)\s+(?P<drops>.+)", re.I)
_CLAUSES = re.compile(r"\s*[,;]\s*|\s+(?:(?:and|but)\s+)?(?=(?:without|no|not)\s)", re.I)
_EMPTY = frozenset(("a", "an", "the", "any", "some", "of", "in", "on", "at", "with", "and", "or", "to"))


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be otherwise: `adds` in words ("" for nothing), and what is not to be there any more."""

    adds: str
    drops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """The picture that is looked for: its vector, float32 (1, dim), of unit length, and how it came about.

    `text` is what was encoded (None when there was nothing to say), `tags` what was seen in the picture,
    `dropped` those of it that the change rules out, `avoided` what counts against a picture.
    `is_own`: the text is the user's.
    """

    vector: Vector
    text: str | None
    tags: tuple[str, ...]
    dropped: tuple[str, ...]
    avoided: tuple[str, ...]
    keep: float
    insist: float
    is_own: bool

    def told(self, name: str) -> Fix:
        """Say how the picture of this name was taken."""
        said = [
            f"{name} seems to show {', '.join(self.tags)}." if self.tags else "",
            f"Left out of it: {', '.join(self.dropped)}." if self.dropped else "",
            f'Looked for: "{self.text}", keep:{self.keep:g} insist:{self.insist:g}.' if self.text else "",
            f"Avoided: {', '.join(self.avoided)}." if self.avoided else "",
            "" if self.tags or self.is_own else 'as:"..." says what it is to show altogether.',
        ]
        return Fix("description", applied=True, detail=" ".join(filter(None, said)), confidence_gain=0.0)


class Composer:
    """Makes the vector of a picture that is to be found otherwise."""

    def __init__(
        self,
        encoder: QueryEncoder,
        encoded: Callable[[str], Vector],
        middles: tuple[Vector, Vector],
        tags: Tags,
    ) -> None:
        """`encoded` gives the vector of a text, float32 (dim,); `middles` are what texts, and what pictures
        have in common: their means, float32 (dim,)."""
        self._encoder = encoder
        self._encoded = encoded
        self._texts, self._pictures = middles
        self._tags = tags

    def compose(self, ask: Composition, picture: Vector) -> Described:
        """Return what is looked for instead of a picture, float32 (dim,). Raises `ModelError`."""
        reference = unit_rows((picture - self._pictures)[None])[0]
        wish = read_wish(ask.change, ask.without)
        tags: tuple[str, ...] = ()
        told = None if ask.described == BY_TAGS else ask.described
        if ask.described == BY_TAGS:
            tags = best_tags(self._tags.fits(self._encoder, reference), self._tags.words)
        dropped = tuple(tag for tag in tags if rules_out(wish, tag))
        text = told or description([tag for tag in tags if tag not in dropped], wish)
        keep = (KEEP if told else KEEP_UNTOLD) if ask.keep is None else ask.keep
        insist = INSIST if ask.insist is None else ask.insist
        vector = composed(
            reference,
            self._meaning(text) if text else None,
            self._meaning(wish.adds) if wish.adds else None,
            [self._meaning(one) for one in wish.drops],
            keep,
            insist,
        )
        return Described(unit_rows(vector[None]), text, tags, dropped, wish.drops, keep, insist, bool(told))

    def _meaning(self, text: str) -> Vector:
        meaning: Vector = unit_rows((self._encoded(text) - self._texts)[None])[0]
        return meaning


def is_reference(ask: Composition, digest: str, found_digest: str, place: Locator) -> bool:
    """Tell whether what was found is the picture that was asked with: its page of this content, `digest`."""
    of = place.of if isinstance(place, Region) else place
    return found_digest == digest and of in (Whole(), Page(ask.picture.page or 1))


def read_wish(change: str, without: Sequence[str] = ()) -> Wish:
    """Tell what a change adds from what it takes away.

    English has `without x`, `no x`, `not x`, `y instead of x`, `y rather than x`, `x -> y`; what is said in
    another way, or language, is added as it stands.
    """
    adds: list[str] = []
    drops = list(without)
    for clause in filter(None, _CLAUSES.split(change.strip())):
        found = _TURNS.fullmatch(clause) or _INSTEAD.fullmatch(clause) or _WITHOUT.fullmatch(clause)
        told = found.groupdict() if found else {"adds": clause}
        adds += [told["adds"]] if told.get("adds") else []
        drops += [told["drops"]] if told.get("drops") else []
    return Wish(", ".join(adds), tuple(drops))


def rules_out(wish: Wish, tag: str) -> bool:
    """Tell whether a tag of the picture is among what is not to be there any more: all its words are."""
    words = _words(tag)
    return any(words <= _words(dropped) or _words(dropped) <= words for dropped in wish.drops)


def description(tags: Sequence[str], wish: Wish) -> str | None:
    """Return what the picture that is looked for shows, in words; None when there is nothing to say."""
    if not tags:
        return wish.adds or None
    return f"a photo of {', '.join([*tags, *([wish.adds] if wish.adds else [])])}"


def best_tags(fits: Vector, words: Sequence[str], most: int = TAGS) -> tuple[str, ...]:
    """Return the words that fit a picture best, by how well each does, float32 (n,)."""
    best = [int(n) for n in np.argsort(-fits, kind="stable")[:most]]
    return tuple(words[n] for n in best if fits[n] > 0 and fits[n] >= LEAST_LIKE * fits[best[0]])


def composed(
    picture: Vector,
    description: Vector | None,
    change: Vector | None,
    avoided: Sequence[Vector] = (),
    keep: float = KEEP,
    insist: float = INSIST,
) -> Vector:
    """Return the vector, float32 (dim,), whose product with a picture's unit vector is its score.

    All are unit vectors, float32 (dim,), from F_r, F_d and F_m of the paper: with a = `keep`, b = `insist`,
    F_q = unit((1 - a) F_d + a F_r), the score is S_q - b (S_d - S_m - S_q), less `AVOID` times the cosine
    with each of `avoided`. Without a description F_q is F_r; without a change there is no Debias.
    """
    anchored = picture
    if description is not None:
        anchored = unit_rows(((1 - keep) * description + keep * picture)[None])[0]
    wanted: Vector = anchored
    if description is not None and change is not None:
        wanted = (1 + insist) * anchored - insist * (description - change)
    for one in avoided:
        wanted = wanted - AVOID * one
    return np.asarray(wanted, np.float32)


def _words(text: str) -> frozenset[str]:
    found = re.findall(r"\w+", text.casefold())
    return frozenset(word.removesuffix("s") for word in found if word not in _EMPTY)
