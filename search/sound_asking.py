"""How a recording is asked: put right first where something is wrong with it, as the person wants it."""

from dataclasses import dataclass, replace

from search.query_vectors import QueryVectors
from search.records import Fix
from search.spaces import SoundEncoder, SoundReference, Vector


@dataclass(frozen=True, slots=True)
class Tending:
    """How the recordings of one query are put right; what is told of it goes into `fixes`."""

    is_suggesting: bool
    fixes: dict[str, Fix]

    def views(self, vectors: QueryVectors, encoder: SoundEncoder, ask: SoundReference) -> Vector:
        """Return the vectors to ask with, float32 (views, dim). Raises `MediaError` and `ModelError`."""
        mended = vectors.of_mended(encoder, ask)
        for fix in mended.fixes:
            self.fixes[f"{ask.path}: {fix.kind}"] = _suggested(fix) if self.is_suggesting else _told(fix)
        return vectors.of(encoder, ask) if self.is_suggesting else mended.vectors


def _told(fix: Fix) -> Fix:
    return replace(fix, detail=f"The recording: {fix.detail}.")


def _suggested(fix: Fix) -> Fix:
    if not fix.applied or fix.kind == "resample":
        return _told(fix)
    return replace(fix, applied=False, detail=f"With --fix auto, the recording: {fix.detail}.")
