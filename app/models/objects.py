"""From an installed detector and the picture model to what finds things and answers for them."""

from dataclasses import dataclass

from app.models.installed import InstalledModel, ready
from app.models.verify import require_whole
from indexers import owlv2
from indexers.object_finder import ObjectFinder
from indexers.object_reader import Labels, ObjectQueries, ObjectReader, Texts, fingerprint_of
from indexers.reader import Reader
from indexers.yolox import Yolox
from search.reporting import Report, silent
from search.spaces import Fingerprint, Space

OWLV2 = "owlv2"
"""The engine that encodes things, and what is asked about them, itself."""


@dataclass(frozen=True, slots=True)
class ObjectModels:
    """A detector, and the space whose model encodes what it finds; None where it does that itself."""

    detector: InstalledModel
    scene: Space | None
    fingerprint: Fingerprint
    device: str = "auto"

    def readers(self, report: Report = silent) -> list[Reader]:
        """The readers of an indexing run."""
        labels = Labels(self.detector.id, self.detector.manifest.revision)
        return [ObjectReader(lambda: self.finder(report), self.scene, self.fingerprint), labels]

    def encoder(self) -> ObjectQueries:
        """Who answers queries."""
        folder, facts = self.detector.folder, self.detector.manifest.facts
        texts: Texts = self.scene or owlv2.Owlv2Texts(folder, facts, device=self.device)
        return ObjectQueries(texts, self.fingerprint)

    def finder(self, report: Report = silent) -> ObjectFinder:
        """Return the detector; a model of packages is made ready first. Raises `ModelError`."""
        model = ready(self.detector, report)
        require_whole(model.manifest, model.folder)
        facts = model.manifest.facts
        if model.manifest.engine == OWLV2:
            return owlv2.Owlv2(model.folder, facts, device=self.device)
        return Yolox(model.folder, facts, device=self.device)


def object_models(detector: InstalledModel, scene: Space | None, device: str = "auto") -> ObjectModels | None:
    """Return what a detector makes together with the picture model; None when it needs one and has none.

    Loads nothing. Raises `ModelError` for a model.toml that makes no sense and for files that are amiss.
    """
    manifest = detector.manifest
    if manifest.engine == OWLV2:
        require_whole(manifest, detector.folder)
        made_by = owlv2.fingerprint_of(detector.id, manifest.revision, manifest.facts.whole("dim"))
        return ObjectModels(detector, None, made_by, device)
    if scene is None:
        return None
    return ObjectModels(detector, scene, fingerprint_of(detector.id, manifest.revision, scene), device)
