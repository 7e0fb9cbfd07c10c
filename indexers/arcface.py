"""Embedders that look at a face of 112 x 112 pixels with its five points in fixed places, as ONNX graphs.

The places are those of ArcFace (arXiv 1801.07698), on which InsightFace's embedders, MobileFaceNet and
OpenCV's SFace are trained.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from indexers.face_finder import Detection, Face
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from search.errors import ModelError
from search.spaces import Pixels, Vector, unit_rows

SIDE = 112
_PLACES = (38.2946 + 51.6963j, 73.5318 + 51.5014j, 56.0252 + 71.7366j, 41.5493 + 92.3655j, 70.7299 + 92.2041j)
"""Eyes, nose, corners of the mouth: across + down i, in pixels."""


class ArcFace:
    """Implements `indexers.face_finder.FaceEmbedder`; safe to use from many threads.

    Keys of `[faces]` in `model.toml`: `mean` and `std` (127.5), which pixels 0..255 are normalised by. Raises
    `ModelError` for facts that make no sense.
    """

    def __init__(self, graph: Graph, facts: Facts) -> None:
        table = facts.table("faces")
        self._graph = graph
        self._mean, self._std = table.number("mean", 127.5), table.number("std", 127.5)
        if not self._std:
            raise table.wrong("std", "must not be 0")

    def embed(self, picture: Pixels, found: Sequence[Detection]) -> list[Face]:
        """Return a face for each detection, which must have five landmarks. Raises `ModelError`."""
        if not found:
            return []
        image = Image.fromarray(picture)
        chips = np.stack([_aligned(image, one) for one in found]).astype(np.float32)
        feed = np.ascontiguousarray(((chips - self._mean) / self._std).transpose(0, 3, 1, 2))
        session = self._graph.session
        (vectors,) = self._graph.run([session.get_outputs()[0].name], {session.get_inputs()[0].name: feed})
        rows: Vector = unit_rows(vectors.reshape(len(found), -1))
        return [Face(one.box, one.score, one.landmarks, row) for one, row in zip(found, rows, strict=True)]

    def close(self) -> None:
        """Free the model; a later `embed` loads it again."""
        self._graph.close()


def _aligned(image: Image.Image, face: Detection) -> Pixels:
    """Turn, scale and shift a face so that its points come as near as can be to `_PLACES`."""
    if len(face.landmarks) != len(_PLACES):
        raise ModelError(f"The face embedder needs {len(_PLACES)} points a face, not {len(face.landmarks)}.")
    points = np.array([complex(x * image.width, y * image.height) for x, y in face.landmarks])
    places = np.array(_PLACES)
    from_points, from_places = points - points.mean(), places - places.mean()
    turn = (np.conj(from_points) @ from_places) / max((np.abs(from_points) ** 2).sum(), 1e-9)
    back = 1 / turn if abs(turn) > 1e-6 else 1.0  # least squares: place = turn * point + shift
    origin = points.mean() - back * places.mean()
    factor = int(abs(back))
    if factor > 1:  # a large face is averaged, for sampling alone would leave most pixels out
        image = image.reduce(factor)
        back, origin = back / factor, origin / factor
    matrix = (back.real, -back.imag, origin.real, back.imag, back.real, origin.imag)
    chip = image.transform((SIDE, SIDE), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    return np.asarray(chip, np.uint8)
