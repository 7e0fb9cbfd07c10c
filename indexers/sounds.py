"""What is to be heard in recordings and films: sound, for a model that knows one from another."""

from indexers import sound
from indexers.base import Job, Part, Piece
from indexers.media_types import types_of
from indexers.sound_facts import WHAT, read_facts, require_sound
from indexers.transcript import SAMPLE_RATE
from indexers.video_file import opened
from search.records import TimeSpan, media_kind

SOUND = "sound"


class SoundsIndexer:
    """Reads sound and films; does nothing without a model for sounds."""

    name = "sound"
    media_types = types_of("audio") | types_of("video")
    spaces = frozenset((SOUND,))
    cost = 5

    def extract(self, job: Job) -> Part:
        """Read one stretch from the sample `job.start` on."""
        is_first = job.start == 0
        rate = job.rates_hz.get(SOUND, SAMPLE_RATE)
        kind = media_kind(job.media_type)
        if is_first and kind == "audio":
            require_sound(job.path)
        with opened(job.path, WHAT[kind]) as container:
            stretch = sound.read_stretch(
                container,
                job.start,
                sound=True,
                captions=False,
                seconds=job.limits.seconds / 4,
                rate=rate,
            )
            content = read_facts(container, stretch, job) if is_first else None
        if not stretch.sound.size:
            return Part(content, next=stretch.next, of=stretch.of)
        piece = Piece(SOUND, TimeSpan(stretch.start_s, stretch.end_s), payload=stretch.sound)
        return Part(content, [piece], next=stretch.next, of=stretch.of)


INDEXER = SoundsIndexer()
