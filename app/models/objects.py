"""From an installed detector and the picture model to what finds things and answers for them."""

from dataclasses import dataclass

from app.models.installed import InstalledModel, ready
from app.models.prepare import Report, silent
from app.models.verify import require_whole
from indexers.object_finder import ObjectFinder
from indexers.object_reader import Labels, ObjectQueries, ObjectReader, fingerprint_of
from indexers.reader import Reader
from indexers.yolox import Yolox
from search.spaces import Fingerprint, Space


@dataclass(frozen=True, slots=True)
class ObjectModels:
    """A detector, and the space whose model encodes what it finds. Loads nothing."""

    detector: InstalledModel
    scene: Space
    device: str = "auto"

    @property
    def fingerprint(self) -> Fingerprint:
        """What must be equal for things to be comparable."""
        return fingerprint_of(self.detector.id, self.detector.manifest.revision, self.scene)

    def readers(self, report: Report = silent) -> list[Reader]:
        """The readers of an indexing run."""
        labels = Labels(self.detector.id, self.detector.manifest.revision)
        return [ObjectReader(lambda: self._finder(report), self.scene, self.fingerprint), labels]

    def encoder(self) -> ObjectQueries:
        """Who answers queries."""
        return ObjectQueries(self.scene, self.fingerprint)

    def _finder(self, report: Report) -> ObjectFinder:
        model = ready(self.detector, report)
        require_whole(model.manifest, model.folder)
        return Yolox(model.folder, model.manifest.facts, device=self.device)
