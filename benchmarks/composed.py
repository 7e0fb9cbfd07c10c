"""Composed pictures: how often a reference and a change in words find the right picture, and what helps.

    python -m benchmarks.composed [MODEL ...]

For every scene model that is installed, or those named, on the photos in CROSSFIND_TEST_MEDIA. Nobody has
labelled pairs of a reference and a change here, so rules make them of five captions a photo; what two
captions name counts as seen:

- `word`: the reference shares one thing with the target, the change names a thing that no caption of the
  reference has (`dog`, but `snow`). Every other photo with both is right, ten at most. Little of the
  reference is to be kept, and captions leave out much that is there: the weakest data.
- `near`: the reference is the nearest, third or fifth nearest photo of the target by the model itself, the
  change up to two words that tell the target from it. Only the target is right.
- `look`: the target is the reference in black and white, at night (darker, bluish) or tinted red, among all
  photos and all such variants of those that are references.

`own words` stand for what a user would write behind `as:`: the shared things, or a caption, with the change.
The constants of `search/composing.py` were chosen on half of the references; the figures are of the others.
"""

import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

import resources
from app.models.installed import InstalledModel, installed
from app.models.spaces import build_spaces
from benchmarks.common import table
from benchmarks.scene_quality import COMMON, captions_of
from indexers.base import USUAL_LIMITS
from indexers.imaging import needed_side, prepare
from indexers.query_encoder import upright_picture
from search.calibration import TEXT_PROBES
from search.changes import INSIST, KEEP, KEEP_UNTOLD
from search.composing import Wish, best_tags, composed, description
from search.spaces import PictureReference, Space, Vector, unit_rows

CHANGES = ("black and white", "at night", "red")
MOST = 300
"""At most so many cases of a kind, drawn at random."""

Right = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Case:
    """A reference, what is to be otherwise, the user's own words for the target, and the right answers."""

    reference: int
    change: str
    own_words: str
    right: Right


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo's things, each with the number of captions that name it, and all words of its captions."""

    things: dict[str, int]
    words: frozenset[str]


def seen_in(captions: Sequence[str]) -> Seen:
    """Return what at least two captions of a photo name, in the singular, and every word of them."""
    told = [{_singular(word) for word in re.findall(r"[a-z]{3,}", caption.lower())} for caption in captions]
    times = Counter(word for words in told for word in words)
    common = frozenset(COMMON.split())
    things = {w: n for w, n in times.items() if n >= 2 and w not in common and not w.endswith("ing")}
    return Seen(things, frozenset(times))


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def word_cases(seen: Sequence[Seen]) -> Iterator[Case]:
    """Yield what one shared thing and one other thing ask for."""
    asked = {
        (r, _most(shared, one, other), _most(other.things.keys() - one.words, other))
        for r, one in enumerate(seen)
        for t, other in enumerate(seen)
        if r != t and (shared := one.things.keys() & other.things.keys()) and other.things.keys() - one.words
    }
    for reference, kept, change in sorted(asked):
        both = [p for p, one in enumerate(seen) if p != reference and {kept, change} <= one.things.keys()]
        if 1 <= len(both) <= 10:
            yield Case(reference, change, f"a photo of {kept}, {change}", np.array(both))


def near_cases(seen: Sequence[Seen], likeness: Vector) -> Iterator[Case]:
    """Yield targets with a near neighbour as reference; `likeness`, float32 (n, n), are cosines."""
    for target, row in enumerate(likeness):
        order = [int(n) for n in np.argsort(-row, kind="stable") if n != target]
        for reference in (order[0], order[2], order[4]):
            one, other = seen[reference], seen[target]
            new = sorted(other.things.keys() - one.words, key=lambda w: (-other.things[w], w))[:2]
            if new:
                kept = sorted(one.things.keys() & other.things.keys())
                text = f"a photo of {', '.join([*kept, *new])}"
                yield Case(reference, " ".join(new), text, np.array([target]))


def look_cases(captions: Sequence[Sequence[str]], references: Sequence[int]) -> Iterator[Case]:
    """Yield each reference with its variants, which lie behind all photos."""
    targets = count(len(captions))
    for reference in references:
        for change in CHANGES:
            own = f"{captions[reference][0].rstrip(' .')}, {change}"
            yield Case(reference, change, own, np.array([next(targets)]))


def _most(words: set[str], *seen: Seen) -> str:
    return max(words, key=lambda word: (sum(one.things[word] for one in seen), word))


def variants(photo: Image.Image) -> list[Image.Image]:
    """Return a photo as `CHANGES` have it."""
    grey = ImageOps.grayscale(photo)
    red, green, blue = ImageEnhance.Brightness(photo).enhance(0.3).split()
    night = (
        red.point(lambda v: v * 0.7),
        green.point(lambda v: v * 0.8),
        blue.point(lambda v: min(255, v * 1.3)),
    )
    tinted = ImageOps.colorize(grey, "black", "white", mid="red")
    return [grey.convert("RGB"), Image.merge("RGB", night), tinted]


class Model:
    """A scene model with what is needed of it, each text encoded once."""

    def __init__(self, space: Space, photos: Sequence[Path], references: Sequence[int]) -> None:
        self._space = space
        self._texts: dict[str, Vector] = {}
        self.gallery = self._pictures(photos, lambda photo: [photo])
        self.changed = self._pictures([photos[n] for n in references], variants)
        self._middle = self._of(TEXT_PROBES).mean(axis=0)
        self.words = resources.path("tags.txt").read_text(encoding="utf-8").splitlines()
        tags = self._of([f"a photo of {word}" for word in self.words])
        self._tags = unit_rows(tags - tags.mean(axis=0))

    def _pictures(
        self, photos: Sequence[Path], seen: Callable[[Image.Image], Sequence[Image.Image]]
    ) -> Vector:
        spec = self._space.picture_input
        assert spec is not None
        vectors = []
        for path in photos:
            photo = upright_picture(PictureReference(path), needed_side([spec]), USUAL_LIMITS)
            vectors.append(self._space.encode([prepare(one, spec) for one in seen(photo)]))
        return np.concatenate(vectors)

    def _of(self, texts: Sequence[str]) -> Vector:
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        for n in range(0, len(new), 64):
            batch = new[n : n + 64]
            self._texts.update(zip(batch, self._space.encode(batch), strict=True))
        return np.stack([self._texts[text] for text in texts])

    def raw(self, text: str) -> Vector:
        """Return the vector of a text, float32 (dim,)."""
        vector: Vector = self._of([text])[0]
        return vector

    def text(self, text: str) -> Vector:
        """Return the same without what texts have in common."""
        vector: Vector = unit_rows((self.raw(text) - self._middle)[None])[0]
        return vector

    def tagged(self, picture: Vector, change: str) -> str:
        """Describe a picture, without what pictures have in common, and the change."""
        return description(best_tags(self._tags @ picture, self.words), Wish(change)) or change


def ways(model: Model, gallery: Vector) -> dict[str, Callable[[Case], Vector]]:
    """Return the ways to make one query vector of a case, by name."""
    middle = gallery.mean(axis=0)

    def picture(case: Case) -> Vector:
        vector: Vector = unit_rows((gallery[case.reference] - middle)[None])[0]
        return vector

    def by(told: Callable[[Case], str], keep: float, insist: float) -> Callable[[Case], Vector]:
        return lambda case: composed(
            picture(case), model.text(told(case)), model.text(case.change), (), keep, insist
        )

    def tags(case: Case) -> str:
        return model.tagged(picture(case), case.change)

    def own(case: Case) -> str:
        return case.own_words

    return {
        "picture alone": lambda case: gallery[case.reference],
        "change alone": lambda case: model.raw(case.change),
        'sum: like:@x + "..."': lambda case: picture(case) + model.text(case.change),
        "tags: description alone": by(tags, 0, 0),
        "tags + Anchor": by(tags, KEEP, 0),
        "tags + Debias": by(tags, 0, INSIST),
        "tags + both": by(tags, KEEP, INSIST),
        f"tags + both, keep:{KEEP_UNTOLD} (as:tags)": by(tags, KEEP_UNTOLD, INSIST),
        "own words: description alone": by(own, 0, 0),
        "own words + Anchor": by(own, KEEP, 0),
        "own words + Debias": by(own, 0, INSIST),
        'own words + both (as:"...")': by(own, KEEP, INSIST),
        f"change + Anchor, keep:{KEEP_UNTOLD} (usual)": by(lambda case: case.change, KEEP_UNTOLD, INSIST),
    }


def measured(gallery: Vector, cases: Sequence[Case], way: Callable[[Case], Vector]) -> list[float]:
    """Return mAP@5 and recall at 1, 5 and 10; the reference is no answer."""
    rows = []
    for case in cases:
        scores = gallery @ way(case)
        scores[case.reference] = -np.inf
        hits = np.isin(np.argsort(-scores, kind="stable")[:10], case.right)
        precision = np.cumsum(hits) / np.arange(1, 11)
        average = float((precision * hits)[:5].sum()) / min(5, len(case.right))
        rows.append([average, *(float(hits[:k].any()) for k in (1, 5, 10))])
    return [float(value) for value in np.mean(rows, axis=0)]


def report(model: InstalledModel, media: Path) -> None:
    """Print the tables of one model."""
    told = captions_of(media)
    captions, seen = list(told.values()), [seen_in(each) for each in told.values()]
    half = np.random.default_rng(0).permutation(len(captions))[: len(captions) // 2]
    others = sorted(set(range(len(captions))) - set(half.tolist()))
    made = Model(build_spaces(model, "cpu")[0], [media / "photos" / name for name in told], others)
    flat = unit_rows(made.gallery - made.gallery.mean(axis=0))
    kinds = {
        "word": (made.gallery, list(word_cases(seen))),
        "near": (made.gallery, list(near_cases(seen, flat @ flat.T))),
        "look": (np.concatenate([made.gallery, made.changed]), list(look_cases(captions, others))),
    }
    for kind, (gallery, cases) in kinds.items():
        held = [case for case in cases if case.reference in others]
        chosen = np.random.default_rng(1).permutation(len(held))[:MOST]
        held = [held[n] for n in sorted(chosen)]
        results = {name: measured(gallery, held, way) for name, way in ways(made, gallery).items()}
        base = max(results["change alone"][0], results["picture alone"][0])
        rows = [[name, *values, values[0] / base] for name, values in results.items()]
        print(f"\n{model.id}, {kind}: {len(held)} cases in {len(gallery)} pictures\n")
        table(("way", "mAP@5", "R@1", "R@5", "R@10", "mAP@5 to the better half alone"), rows)


def main(names: Sequence[str]) -> None:
    """Report every scene model, or those named."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"])
    for model in installed(os.environ.get("CROSSFIND_MODELS", "")).models:
        if model.manifest.task == "scene" and (not names or model.id in names):
            report(model, media)


if __name__ == "__main__":
    main(sys.argv[1:])
