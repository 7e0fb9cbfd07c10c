"""What is said in films and recordings: sound for a model that writes it down, and subtitles as they are."""

from collections.abc import Sequence

from indexers import captions, sound
from indexers.base import Job, Part, Piece
from indexers.media_types import types_of
from indexers.passages import Sentence, pieces
from indexers.sound_facts import WHAT, read_facts, require_sound
from indexers.subtitled import is_covered
from indexers.video_file import opened
from search.records import TimeSpan, media_kind

HEARD, SHOWN = "speech", "subtitles"


class SpeechIndexer:
    """Reads sound and films. Without a speech model it still finds subtitles and what the file is called.

    Where subtitles cover the sound, nobody listens to it, unless the run asks for that.
    """

    name = "speech"
    media_types = types_of("audio") | types_of("video")
    spaces = frozenset((HEARD, SHOWN))
    cost = 10

    def extract(self, job: Job) -> Part:
        """Read one stretch from the sample `job.start` on; subtitle files beside it come with the first."""
        is_first = job.start == 0
        if is_first and media_kind(job.media_type) == "audio":
            require_sound(job.path)
        with opened(job.path, WHAT[media_kind(job.media_type)]) as container:
            stretch = sound.read_stretch(
                container,
                job.start,
                sound=HEARD in job.spaces,
                captions=SHOWN in job.spaces,
                seconds=job.limits.seconds / 4,
            )
            hears = bool(stretch.sound.size) and (
                job.hear_subtitled or not is_covered(container, job.path, stretch)
            )
            content = read_facts(container, stretch, job) if is_first else None
        found = [] if SHOWN not in job.spaces else _captioned(stretch.captions)
        if is_first and SHOWN in job.spaces:
            for file in captions.beside(job.path):
                found += _captioned(captions.read(file), captions.language_of(file, job.path), len(found))
        if hears:
            found.append(Piece(HEARD, TimeSpan(stretch.start_s, stretch.end_s), payload=stretch.sound))
        return Part(content, found, next=stretch.next, of=stretch.of)


def _captioned(
    shown: Sequence[captions.Caption], language: str | None = None, before: int = 0
) -> list[Piece]:
    said = [Sentence(caption.start_s, caption.end_s, caption.text) for caption in shown]
    return pieces(SHOWN, said, language=language, before=before)


INDEXER = SpeechIndexer()
