"""The scene models side by side: how often they are right, and what a photo and a query cost.

    python -m benchmarks.scene_quality [MODEL ...]

For every scene model that is installed, or those named. Captions and single words against the photos in
CROSSFIND_TEST_MEDIA by exact cosine; a word's photos are those that two of their captions name it for.
Times for a photo are of the model alone, fed from memory, and of a whole indexing run over all photos that
are there, each once. The first query is in a fresh process that has imported nothing. The baseline of all
rows is the first model.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.models.installed import InstalledModel, installed
from app.models.spaces import build_spaces
from benchmarks.collections import copies, photos_of
from benchmarks.common import median_ms, table
from benchmarks.indexing import bare_rate, indexing_rate
from indexers.base import USUAL_LIMITS
from indexers.imaging import needed_side, prepare
from indexers.query_encoder import upright_picture
from search.spaces import PictureReference, Vector
from search.store import Library

COMMON = """
and are another around away back background behind beside between black blue brown couple down each front
from gray green group has her him his into its large looking looks middle near next old one orange other
outside over pink purple red several side sits small some stand standing stands that the their them there
they this three through top toward towards two under various very walks wearing wears which while white who
with woman yellow young
"""
"""Words of captions that name nothing to look for."""

COLD = """
import time
began = time.perf_counter()
from pathlib import Path
from app.models.installed import installed
from app.models.spaces import build_spaces
space = build_spaces(installed({given!r}).get({id!r}), "cpu")[0]
space.encode(["a dog in the snow"])
print((time.perf_counter() - began) * 1000)
"""


def captions_of(media: Path) -> dict[str, list[str]]:
    """The captions of each photo, by file name."""
    lines = (media / "photos" / "captions.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["file"]: list(row["captions"]) for row in map(json.loads, lines)}


def words_of(captions: Sequence[Sequence[str]]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Words that name something, with the photos that two captions or more name it for."""
    told = [[set(re.findall(r"[a-z]{3,}", caption.lower())) for caption in each] for each in captions]
    counts = [Counter(word for words in each for word in words) for each in told]
    for word in sorted(set().union(*counts) - set(COMMON.split())):
        meant = np.array([count[word] >= 2 for count in counts])
        if not word.endswith("ing") and 1 <= meant.sum() <= len(captions) / 5:
            yield word, meant


def recalls(cosines: Vector, right: NDArray[np.int64]) -> Iterator[float]:
    """R@1, R@5 and R@10 of queries whose right answer stands in one column."""
    ranks = (cosines > cosines[np.arange(len(right)), right][:, None]).sum(axis=1)
    yield from (float((ranks < k).mean()) for k in (1, 5, 10))


def precision(cosines: Vector, right: Sequence[NDArray[np.bool_]]) -> float:
    """Mean average precision of queries with several right answers."""
    found = []
    for row, meant in zip(cosines, right, strict=True):
        hits = meant[np.argsort(-row, kind="stable")]
        found.append((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())
    return float(np.mean(found))


def cold_ms(model: InstalledModel) -> float:
    """Milliseconds until a fresh process has the vector of its first text; the best of three."""
    given = os.environ.get("CROSSFIND_MODELS", "")
    command = [sys.executable, "-c", COLD.format(given=given, id=model.id)]
    return min(float(subprocess.check_output(command, text=True)) for _ in range(3))


def measured(model: InstalledModel, media: Path, folder: Path) -> tuple[object, ...]:
    """One row of the table."""
    spaces = build_spaces(model, "cpu")
    scene = spaces[0]
    assert scene.picture_input is not None
    captions, need = captions_of(media), needed_side([scene.picture_input])
    pixels = [
        prepare(
            upright_picture(PictureReference(media / "photos" / file), need, USUAL_LIMITS),
            scene.picture_input,
        )
        for file in captions
    ]
    pictures = np.concatenate([scene.encode([one]) for one in pixels])
    own = np.repeat(np.arange(len(captions)), [len(each) for each in captions.values()])
    texts = np.concatenate([scene.encode([text]) for each in captions.values() for text in each])
    words = dict(words_of(list(captions.values())))
    asked = np.concatenate([scene.encode([word]) for word in words])
    bare = bare_rate(scene, photos_of(media), 15)
    everything = sorted(media.glob("photos*/*.jpg"))
    root = copies(everything, folder / "photos", len(everything))
    library = Library.create(folder / "library")
    whole = indexing_rate(spaces, root, library)
    library.close()
    return (
        model.id,
        *(f"{share:.3f}" for share in recalls(texts @ pictures.T, own)),
        f"{precision(asked @ pictures.T, list(words.values())):.3f}",
        1000 / bare,
        1000 / whole,
        f"{whole / bare:.0%}",
        cold_ms(model),
        median_ms(lambda: scene.encode(["a dog in the snow"])),
    )


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"])
    there = installed(os.environ.get("CROSSFIND_MODELS", "")).models
    chosen = [m for m in there if m.manifest.task == "scene" and (not arguments or m.id in arguments)]
    rows = []
    for model in chosen:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measured(model, media, Path(folder)))
    head = ("model", "R@1", "R@5", "R@10", "words, mAP", "ms/photo bare", "ms/photo indexed", "share")
    table((*head, "first query, ms", "query, ms"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
