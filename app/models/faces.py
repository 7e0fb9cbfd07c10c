"""From installed models to a face engine: an embedder with its own detector, or with one for itself.

InsightFace's packs are read as they are: their ONNX files are run here, without its package (see
docs/decisions/0018).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from app.config import Profile
from app.models.choice import choose
from app.models.installed import Installed, InstalledModel, ready
from app.models.verify import require_whole
from indexers.arcface import ArcFace
from indexers.base import USUAL_LIMITS, Limits
from indexers.dlib_faces import DlibEmbedder, HogDetector
from indexers.face_finder import FaceDetector, FaceEmbedder, FaceFinder, thresholds_of
from indexers.face_pair import FacePair
from indexers.face_query import FaceEncoder
from indexers.face_reader import RULES, FaceReader
from indexers.onnx_graph import Graph
from indexers.scrfd import Scrfd
from indexers.yunet import YuNet
from search.errors import ModelError
from search.records import Missing
from search.reporting import Report, silent
from search.spaces import Fingerprint, Thresholds

TASK, DETECT = "face", "face-detect"
"""What a model that tells faces apart is for, and one that only finds them."""

_NO_EMBEDDER = ("1k3d68", "2d106det", "genderage")
_DETECTORS = ("det_", "scrfd")


@dataclass(frozen=True, slots=True)
class FaceModels:
    """The models that faces are searched with, and how to run them. `detector` is one by itself, if any."""

    embedder: InstalledModel
    detector: InstalledModel | None = None
    device: str = "auto"
    threads: int = 0

    @property
    def thresholds(self) -> Thresholds:
        """What the cosines of the vectors mean. Raises `ModelError`."""
        return thresholds_of(self.embedder.manifest.facts)

    @property
    def fingerprint(self) -> Fingerprint:
        """What the vectors depend on; known before anything is made ready. Raises `ModelError`."""
        manifest = self.embedder.manifest
        detector = self._detector(self.embedder.folder)
        self._embedder(self.embedder.folder)
        other = f" {self.detector.manifest.revision}" if self.detector else ""
        how = f"{RULES}; {detector.preprocessing}{other}"
        return Fingerprint(manifest.id, manifest.revision, how, manifest.facts.whole("dim"))

    def reader(self, report: Report = silent) -> FaceReader:
        """Return the reader of an indexing run; nothing is loaded yet. Raises `ModelError`."""
        return FaceReader(lambda: self.build(report), self.fingerprint, self.thresholds)

    def encoder(self, limits: Limits = USUAL_LIMITS) -> FaceEncoder:
        """Return what answers queries; nothing is loaded yet. Raises `ModelError`."""
        return FaceEncoder(self.build, self.fingerprint, self.thresholds, limits)

    def build(self, report: Report = silent) -> FaceFinder:
        """Return the engine; a model of packages is made ready first. Raises `ModelError`."""
        made = ready(self.embedder, report)
        for model in (made, self.detector):
            if model is not None:
                require_whole(model.manifest, model.folder)
        return FacePair(self._detector(made.folder), self._embedder(made.folder), self.fingerprint)

    @property
    def wants_detector(self) -> bool:
        """Whether the embedder comes without a detector, or with one that misses small faces."""
        if self.embedder.manifest.engine == "dlib":
            return True
        try:
            self._named("detector")
        except ModelError:
            return True
        return False

    def _detector(self, folder: Path) -> FaceDetector:
        if self.detector is not None:
            manifest = self.detector.manifest
            (name,) = manifest.files
            return YuNet(self._graph(self.detector.folder / name), manifest.facts)
        facts = self.embedder.manifest.facts
        match self.embedder.manifest.engine:
            case "dlib":
                return HogDetector(facts)
            case _:
                return Scrfd(self._graph(folder / self._named("detector")), facts)

    def _embedder(self, folder: Path) -> FaceEmbedder:
        facts = self.embedder.manifest.facts
        match self.embedder.manifest.engine:
            case "dlib":
                return DlibEmbedder(folder, facts)
            case _:
                return ArcFace(self._graph(folder / self._named("embedder")), facts)

    def _graph(self, file: Path) -> Graph:
        return Graph(file, self.device, self.threads)

    def _named(self, part: str) -> str:
        """Return the file of a pack's detector or embedder: what `[faces]` says, else told by its name."""
        table = self.embedder.manifest.facts.table("faces")
        if table.has(part):
            return table.file(part, "")
        names = [name for name in self.embedder.manifest.files if name.endswith(".onnx")]
        detectors = [name for name in names if PurePosixPath(name).name.startswith(_DETECTORS)]
        others = [n for n in names if n not in detectors and PurePosixPath(n).stem not in _NO_EMBEDDER]
        found = detectors if part == "detector" else others
        if len(found) == 1:
            return found[0]
        message = f"The model {self.embedder.id} does not say which file is its {part}."
        if part == "detector" and not found:
            raise ModelError(f"The model {self.embedder.id} finds no faces itself.", _FINDER)
        raise ModelError(message, f"Write {part} = NAME below [faces] in its model.toml.")


def face_models(
    there: Installed, profile: Profile, wanted: Mapping[str, str], device: str
) -> FaceModels | Missing:
    """Return the models that faces are searched with, or what is missing.

    A detector by itself serves embedders that have none, or a weak one, and all when the settings name it.
    """
    chosen = choose(TASK, profile, there, wanted.get(TASK))
    if isinstance(chosen, Missing):
        return chosen
    detector = choose(DETECT, profile, there, wanted.get(DETECT))
    if isinstance(detector, Missing) and DETECT in wanted:
        return detector
    models = FaceModels(chosen, None, device)
    if isinstance(detector, InstalledModel) and (DETECT in wanted or models.wants_detector):
        models = replace(models, detector=detector)
    try:
        models.encoder()  # what is wrong with the facts is told now
    except ModelError as error:
        return Missing(TASK, error.message, error.remedy)
    return models


def serving(models: FaceModels, there: Installed, stored: object) -> FaceModels:
    """Return the models that made the vectors a library has now, where they are still there."""
    detectors = [None, *(m for m in there.models if m.manifest.task == DETECT)]
    for embedder in there.models:
        if isinstance(stored, Fingerprint) and embedder.id == stored.model:
            for detector in detectors:
                older = replace(models, embedder=embedder, detector=detector)
                with suppress(ModelError):
                    if older.fingerprint == stored:
                        return older
    return models


_FINDER = "Get a face detector: crossfind models pull yunet."
