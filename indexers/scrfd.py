"""Face detectors of the SCRFD family (as in InsightFace's packs), as an ONNX graph.

Its answer is, for each of three grids, scores, distances from the cell to the box's four sides and to five
points, in cells of the grid; two anchors a cell. arXiv 2105.04714, and InsightFace's own decoding.
"""

from pathlib import Path

import numpy as np

from indexers.face_finder import Detection
from indexers.face_grid import STRIDES, Candidates, Sight, cells, detections
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from search.errors import ModelError
from search.spaces import Pixels, Vector


class Scrfd:
    """Implements `indexers.face_finder.FaceDetector`; safe to use from many threads.

    `[faces] score` is .5, `overlap` .4 where `model.toml` does not say. Raises `ModelError` for
    nonsense there.
    """

    sure = 0.8

    def __init__(self, graph: Graph, facts: Facts) -> None:
        self._graph = graph
        self._sight = Sight.of(facts, 0.5, 0.4)

    @property
    def preprocessing(self) -> str:
        """How it looks at pictures."""
        return f"SCRFD {self._sight}"

    def detect(self, picture: Pixels, *, coarse: bool = False) -> list[Detection]:
        """Return the upright faces of a picture of any size. Raises `ModelError`."""
        room = self._graph.fixed_side
        return detections(picture, self._look, self._sight, coarse=coarse, room=room)

    def close(self) -> None:
        """Free the model; a later `detect` loads it again."""
        self._graph.close()

    def _look(self, picture: Pixels) -> list[Candidates]:
        values = picture.transpose(2, 0, 1).astype(np.float32, order="C")
        values -= 127.5
        values /= 128
        session = self._graph.session
        names = [output.name for output in session.get_outputs()]
        answers = self._graph.run(names, {session.get_inputs()[0].name: values[None]})
        grids = zip(STRIDES, *(_wide(answers, width, self._graph.file) for width in (1, 4, 10)), strict=True)
        return [self._of_grid(cells(picture.shape, grid[0], 2), *grid) for grid in grids]

    def _of_grid(self, at: Vector, stride: int, scores: Vector, sides: Vector, points: Vector) -> Candidates:
        if len(scores) != len(at):
            raise ModelError(f"{self._graph.file.name} is no face detector that is known.")
        good = scores[:, 0] >= self._sight.score
        at, sides, points = at[good], sides[good] * stride, points[good] * stride
        boxes = np.concatenate([at - sides[:, :2], at + sides[:, 2:]], axis=1)
        return Candidates(boxes, scores[good, 0], at[:, None] + points.reshape(-1, 5, 2))


def _wide(answers: list[Vector], width: int, file: Path) -> list[Vector]:
    """Return the answers of this width, a grid each."""
    found = [answer.reshape(-1, width) for answer in answers if answer.shape[-1] == width]
    if len(found) != len(STRIDES):
        raise ModelError(f"{file.name} gives no boxes with five points.", "Use another face detector.")
    return found
