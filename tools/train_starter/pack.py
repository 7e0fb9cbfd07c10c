"""The training pack: backbone features of photos, stored in 8 bits, and what people wrote about the photos.

A pack is a folder with four files:

- `features.npz`: for each of `photos`, `imagenet` and `caltech` the square root of the pooled head features
  (`*_sqrtgap_u8`, `*_sqrtgap_scale`), the pooled stages (`*_mid_i8`, `*_mid_scale`) and the square root of
  the highest label probability over nine cells (`*_sqrtcellmax_u8`, in 1/255);
- `captions.jsonl`: one photo a line, in the order of the rows: id, src, split (train or dev), captions;
- `names.json`: the names of the ImageNet classes, the name of each Caltech picture, and templates;
- `text_groups.jsonl.gz`: a list a line: a source, then captions of one photo that is not in the pack.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Bytes = NDArray[np.uint8 | np.int8]


@dataclass(frozen=True, slots=True)
class Features:
    """Outputs of the backbone, one row a picture, float32.

    `pooled` (n, 1280) is the mean of the last map, `stages` (n, 680) the means of three earlier ones,
    `cell_labels` (n, 1000) the highest probability of each label over the 3x3 cells of the picture.
    """

    pooled: FloatArray
    stages: FloatArray
    cell_labels: FloatArray

    def __len__(self) -> int:
        return len(self.pooled)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo with captions; `split` is train, dev or check (put aside by `put_aside`)."""

    id: str
    source: str
    split: str
    captions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Pictures that have names instead of captions: each picture's names, the most usual first."""

    features: Features
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything there is to learn from."""

    photos: tuple[Photo, ...]
    features: Features
    imagenet: Named
    caltech: Named
    groups: tuple[tuple[str, ...], ...]
    templates: tuple[str, ...]

    def rows(self, split: str) -> NDArray[np.int64]:
        """Return the rows of the photos of a split."""
        return np.array([n for n, photo in enumerate(self.photos) if photo.split == split], np.int64)


def decode(arrays: Mapping[str, FloatArray | Bytes], part: str) -> Features:
    """Turn the 8-bit arrays of one part into features.

    Raises:
        KeyError: an array is missing.
    """
    root = arrays[f"{part}_sqrtgap_u8"].astype(np.float32) * arrays[f"{part}_sqrtgap_scale"]
    stages = arrays[f"{part}_mid_i8"].astype(np.float32) * arrays[f"{part}_mid_scale"]
    cells = arrays[f"{part}_sqrtcellmax_u8"].astype(np.float32) / np.float32(255)
    return Features(np.square(root), stages, np.square(cells))


def read_pack(folder: Path) -> Pack:
    """Read a pack from its folder.

    Raises:
        OSError: a file is missing or cannot be read.
        ValueError: captions or names and features do not belong together.
    """
    with np.load(folder / "features.npz") as arrays:
        features, imagenet, caltech = (decode(arrays, part) for part in ("photos", "imagenet", "caltech"))
    photos = tuple(_photo(line) for line in (folder / "captions.jsonl").read_text("utf-8").splitlines())
    names = json.loads((folder / "names.json").read_text("utf-8"))
    with gzip.open(folder / "text_groups.jsonl.gz", "rt", encoding="utf-8") as lines:
        groups = tuple(tuple(json.loads(line)[1:]) for line in lines)
    pack = Pack(
        photos,
        features,
        Named(imagenet, tuple(map(tuple, names["imagenet_names"]))),
        Named(caltech, tuple((name,) for name in names["caltech_names"])),
        groups,
        tuple(names["templates"]),
    )
    for what, rows, texts in (
        ("photos", pack.features, pack.photos),
        ("ImageNet pictures", imagenet, pack.imagenet.names),
        ("Caltech pictures", caltech, pack.caltech.names),
    ):
        if len(rows) != len(texts):
            raise ValueError(f"{folder} has features of {len(rows)} {what} and texts for {len(texts)}.")
    return pack


def put_aside(pack: Pack, count: int) -> Pack:
    """Move `count` training photos to the split `check`, always the same ones: those of lowest id hash."""
    train = [photo.id for photo in pack.photos if photo.split == "train"]
    aside = set(sorted(train, key=lambda name: sha256(name.encode()).digest())[:count])
    photos = tuple(
        Photo(photo.id, photo.source, "check", photo.captions) if photo.id in aside else photo
        for photo in pack.photos
    )
    return Pack(photos, pack.features, pack.imagenet, pack.caltech, pack.groups, pack.templates)


def _photo(line: str) -> Photo:
    entry = json.loads(line)
    return Photo(entry["id"], entry["src"], entry["split"], tuple(c.strip() for c in entry["captions"]))
