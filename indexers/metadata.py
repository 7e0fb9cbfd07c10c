"""What every file says about itself, and what the sidecar beside it says: facts, and names of faces.

It stands apart from the indexers that look inside, so that facts can be read again, when a sidecar changed
or this program learned to read more, without a picture being decoded or a model being asked.
"""

from indexers import (
    beside,
    documents,
    exif,
    face_regions,
    imaging,
    pdf_facts,
    sound_tags,
    texts,
    video_facts,
    xmp,
    xmp_facts,
)
from indexers.base import FACTS, Job, LeftOutError, Part, Piece
from indexers.document_types import BY_TYPE
from indexers.facts import FACT_FIELDS, Facts, attempt
from indexers.media_types import types_of
from indexers.video_file import opened
from search.errors import MediaError
from search.people.records import REGIONS
from search.records import Content, Page, Region, Whole, media_kind


class MetadataIndexer:
    """Reads every kind of file; a file that cannot be read has at least its sidecar."""

    name = "metadata"
    media_types = (
        types_of("image") | types_of("audio") | types_of("video") | {"application/pdf"} | frozenset(BY_TYPE)
    )
    spaces = frozenset((FACTS, REGIONS))
    cost = 0

    def extract(self, job: Job) -> Part:
        """Read everything in one part. What is damaged says nothing; that it is, others tell.

        Raises `LeftOutError` for what another run could read.
        """
        facts, pieces = Facts(), list[Piece]()
        packets = [xmp.of_file(sidecar) for sidecar in beside.sidecars(job.path)]
        for packet in packets:
            facts = facts.completed(xmp_facts.read_facts(packet))
        try:
            if media_kind(job.media_type) == "image":
                own, pieces = _of_picture(job, packets)
            else:
                own = _inside(job)
            facts = facts.completed(own)
        except LeftOutError:
            if not packets:  # else what the sidecar says is worth more than trying again with other options
                raise
        except MediaError:
            pass
        told = {name: getattr(facts, name) for name in FACT_FIELDS}
        return Part(Content(job.digest, job.media_type, job.size, **told), pieces)


def _of_picture(job: Job, sidecars: list[xmp.Packet]) -> tuple[Facts, list[Piece]]:
    """Return what a picture says, and a piece for each face that it or a sidecar names.

    Raises `MediaError` when it cannot be read.
    """
    with imaging.opened(job.path, job.limits) as image:
        facts = exif.read_facts(image)
        if REGIONS not in job.spaces:
            return facts, []
        nobody: list[face_regions.Region] = []
        named = attempt(lambda: face_regions.of_picture(image, sidecars), nobody)
        place = Page(1) if named and len(imaging.frames(image)) > 1 else Whole()
        return facts, [Piece(REGIONS, Region(place, box), name) for name, box in named]


def _inside(job: Job) -> Facts:
    """Return what a file that is no picture says itself. Raises `MediaError` when it cannot be read."""
    match media_kind(job.media_type):
        case "pdf":
            with documents.opened(job.path, job.passwords) as document:
                return pdf_facts.read_facts(document)
        case "document":
            return texts.read_facts(job)
        case "audio":
            return sound_tags.read_facts(job.path).completed(_of_container(job))
        case _:
            return _of_container(job)


def _of_container(job: Job) -> Facts:
    with opened(job.path, media_kind(job.media_type)) as container:
        return video_facts.read_facts(container)


INDEXER = MetadataIndexer()
