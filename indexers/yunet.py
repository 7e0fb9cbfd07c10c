"""YuNet, OpenCV's face detector, as an ONNX graph.

Its answer is, for each of three grids, how sure it is twice over, the box's centre and the logarithm of its
size, and five points, in cells of the grid (Wu et al., Machine Intelligence Research 20, 2023).
"""

import numpy as np

from indexers.face_finder import Detection
from indexers.face_grid import STRIDES, Candidates, Sight, cells, detections
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from search.spaces import Pixels, Vector

_OUTPUTS = tuple(f"{what}_{stride}" for stride in STRIDES for what in ("cls", "obj", "bbox", "kps"))


class YuNet:
    """Implements `indexers.face_finder.FaceDetector`; safe to use from many threads.

    `[faces] score` is .7, `overlap` .3 where `model.toml` does not say. Raises `ModelError` for
    nonsense there.
    """

    sure = 0.91

    def __init__(self, graph: Graph, facts: Facts) -> None:
        self._graph = graph
        self._sight = Sight.of(facts, 0.7, 0.3)

    @property
    def preprocessing(self) -> str:
        """How it looks at pictures."""
        return f"YuNet {self._sight}"

    def detect(self, picture: Pixels, *, coarse: bool = False) -> list[Detection]:
        """Return the upright faces of a picture of any size. Raises `ModelError`."""
        room = self._graph.fixed_side
        return detections(picture, self._look, self._sight, coarse=coarse, room=room)

    def close(self) -> None:
        """Free the model; a later `detect` loads it again."""
        self._graph.close()

    def _look(self, picture: Pixels) -> list[Candidates]:
        feed = np.ascontiguousarray(picture[:, :, ::-1].transpose(2, 0, 1)[None], np.float32)
        name = self._graph.session.get_inputs()[0].name
        answers = iter(self._graph.run(_OUTPUTS, {name: feed}))
        return [
            self._of_grid(cells(picture.shape, stride), stride, *(next(answers)[0] for _ in range(4)))
            for stride in STRIDES
        ]

    def _of_grid(
        self, at: Vector, stride: int, sure: Vector, there: Vector, boxes: Vector, points: Vector
    ) -> Candidates:
        scores = np.sqrt(np.clip(sure, 0, 1) * np.clip(there, 0, 1))[:, 0]
        good = scores >= self._sight.score
        at, boxes, points = at[good], boxes[good], points[good].reshape(-1, 5, 2) * stride
        middle, half = at + boxes[:, :2] * stride, np.exp(boxes[:, 2:]) * stride / 2
        return Candidates(
            np.concatenate([middle - half, middle + half], axis=1), scores[good], at[:, None] + points
        )
