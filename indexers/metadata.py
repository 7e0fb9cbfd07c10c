"""What every file says about itself, and what the sidecar beside it says: facts, no pieces.

It stands apart from the indexers that look inside, so that facts can be read again, when a sidecar changed
or this program learned to read more, without a picture being decoded or a model being asked.
"""

from contextlib import suppress

from indexers import beside, documents, exif, imaging, pdf_facts, sound_tags, video_facts, xmp, xmp_facts
from indexers.base import FACTS, Job, Part
from indexers.facts import FACT_FIELDS, Facts
from indexers.media_types import types_of
from indexers.video_file import opened
from search.errors import MediaError
from search.records import Content, media_kind


class MetadataIndexer:
    """Reads every kind of file; a file that cannot be read has at least its sidecar."""

    name = "metadata"
    media_types = types_of("image") | types_of("audio") | types_of("video") | {"application/pdf"}
    spaces = frozenset((FACTS,))
    cost = 0

    def extract(self, job: Job) -> Part:
        """Read everything in one part. What is damaged says nothing; that it is, others tell."""
        facts = Facts()
        for sidecar in beside.sidecars(job.path):
            facts = facts.completed(xmp_facts.read_facts(xmp.of_file(sidecar)))
        with suppress(MediaError):
            facts = facts.completed(_inside(job))
        told = {name: getattr(facts, name) for name in FACT_FIELDS}
        return Part(Content(job.digest, job.media_type, job.size, **told))


def _inside(job: Job) -> Facts:
    """Return what the file itself says. Raises `MediaError` when it cannot be read."""
    match media_kind(job.media_type):
        case "image":
            with imaging.opened(job.path, job.limits) as image:
                return exif.read_facts(image)
        case "pdf":
            with documents.opened(job.path, job.passwords) as document:
                return pdf_facts.read_facts(document)
        case "audio":
            return sound_tags.read_facts(job.path).completed(_of_container(job))
        case _:
            return _of_container(job)


def _of_container(job: Job) -> Facts:
    with opened(job.path, media_kind(job.media_type)) as container:
        return video_facts.read_facts(container)


INDEXER = MetadataIndexer()
