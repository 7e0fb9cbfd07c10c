"""What is said in films and recordings: sound for a model that writes it down, and subtitles as they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexers import captions, sound
from indexers.base import Job, Part, Piece
from indexers.media_types import types_of
from indexers.passages import Sentence, pieces
from indexers.video_file import opened
from search.errors import MediaError
from search.records import Content, TimeSpan, media_kind

if TYPE_CHECKING:
    from av.container import InputContainer

HEARD, SHOWN = "speech", "subtitles"
_MOST_TITLE = 1000
_WHAT = {"audio": "recording", "video": "video"}


class SpeechIndexer:
    """Reads sound and films. Without a speech model it still finds subtitles and what the file is called."""

    name = "speech"
    media_types = types_of("audio") | types_of("video")
    spaces = frozenset((HEARD, SHOWN))
    cost = 10

    def extract(self, job: Job) -> Part:
        """Read one stretch from the sample `job.start` on; subtitle files beside it come with the first."""
        is_first = job.start == 0
        if is_first and media_kind(job.media_type) == "audio":
            _require_sound(job.path)
        with opened(job.path, _WHAT[media_kind(job.media_type)]) as container:
            stretch = sound.read_stretch(
                container,
                job.start,
                sound=HEARD in job.spaces,
                captions=SHOWN in job.spaces,
                seconds=job.limits.seconds / 4,
            )
            content = _content(container, stretch, job) if is_first else None
        found = [] if SHOWN not in job.spaces else _captioned(stretch.captions)
        if is_first and SHOWN in job.spaces:
            for file in captions.beside(job.path):
                found += _captioned(captions.read(file), captions.language_of(file, job.path), len(found))
        if stretch.sound.size:
            found.append(Piece(HEARD, TimeSpan(stretch.start_s, stretch.end_s), payload=stretch.sound))
        return Part(content, found, next=stretch.next)


def _captioned(
    shown: Sequence[captions.Caption], language: str | None = None, before: int = 0
) -> list[Piece]:
    said = [Sentence(caption.start_s, caption.end_s, caption.text) for caption in shown]
    return pieces(SHOWN, said, language=language, before=before)


def _require_sound(path: str) -> None:
    """Raise `MediaError` for a recording that holds no sound or whose sound cannot be decoded."""
    with opened(path, _WHAT["audio"]) as container:
        if not sound.begins(container):
            raise MediaError("There is no sound in this file, or none that can be decoded.")


def _content(container: "InputContainer", stretch: sound.Stretch, job: Job) -> Content:
    tags = {key.lower(): " ".join(value.split()) for key, value in container.metadata.items()}
    for stream in container.streams.audio:
        tags |= {key.lower(): " ".join(value.split()) for key, value in stream.metadata.items()}
    said = [tags.get(key, "") for key in ("title", "artist", "album", "album_artist", "composer", "genre")]
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        duration_s=stretch.end_s if _is_all(stretch, job) else sound.duration(container),
        title=tags.get("title", "")[:_MOST_TITLE] or None,
        words="\n".join(dict.fromkeys(text[:_MOST_TITLE] for text in said if text)),
    )


def _is_all(stretch: sound.Stretch, job: Job) -> bool:
    """Whether the stretch is all of a recording: what a file tells of its length may be wrong."""
    return media_kind(job.media_type) == "audio" and bool(stretch.sound.size) and stretch.next is None


INDEXER = SpeechIndexer()
