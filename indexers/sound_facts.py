"""What recordings, and the sound of films, tell of themselves."""

from typing import TYPE_CHECKING

from indexers import sound
from indexers.base import Job
from indexers.video_file import opened
from search.errors import MediaError
from search.records import Content, media_kind

if TYPE_CHECKING:
    from av.container import InputContainer

WHAT = {"audio": "recording", "video": "video"}
"""What a person calls a file of these kinds."""


def require_sound(path: str) -> None:
    """Raise `MediaError` for a recording that holds no sound or whose sound cannot be decoded."""
    with opened(path, WHAT["audio"]) as container:
        if not sound.begins(container):
            raise MediaError("There is no sound in this file, or none that can be decoded.")


def read_facts(container: "InputContainer", stretch: sound.Stretch, job: Job) -> Content:
    """Return how long a recording or film is; `stretch` is its first. What its tags say is read elsewhere."""
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        duration_s=stretch.end_s if _is_all(stretch, job) else sound.duration(container),
    )


def _is_all(stretch: sound.Stretch, job: Job) -> bool:
    """Whether the stretch is all of a recording: what a file tells of its length may be wrong."""
    return media_kind(job.media_type) == "audio" and bool(stretch.sound.size) and stretch.next is None
