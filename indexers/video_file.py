"""Opens films and recordings: their own bytes and nothing else, every trouble as a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from search.errors import MediaError

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_READ_AT_ONCE = 1 << 18


@contextmanager
def opened(path: str | Path, what: str = "video") -> Iterator["InputContainer"]:
    """Open a container. Raises `MediaError` when it cannot be read or holds nothing that is known.

    The library below could follow play lists to other files and the network; it is given one open file and
    no protocol to open another.
    """
    import av

    try:
        with (
            open(path, "rb") as file,  # noqa: PTH123 (paths come as text)
            av.open(
                file,
                "r",
                metadata_errors="replace",
                buffer_size=_READ_AT_ONCE,
                options={"protocol_whitelist": "none", "export_xmp": "1"},
            ) as container,
        ):
            yield container
    except av.FFmpegError as error:
        raise MediaError(f"The {what} is damaged or cut off; it cannot be opened.") from error
    except OSError as error:
        raise MediaError(f"The file cannot be read: {error.strerror}.") from error


def moving_pictures(container: "InputContainer") -> "VideoStream | None":
    """Return the stream to look at: the largest that is no cover picture; None for mere sound."""
    from av.stream import Disposition

    still = Disposition.attached_pic | Disposition.timed_thumbnails
    streams = [one for one in container.streams.video if not one.disposition & still and one.codec_context]
    return max(streams, key=lambda one: one.width * one.height, default=None)


def cover(container: "InputContainer") -> "VideoFrame | None":
    """Return the cover picture that is attached to a film or a recording, if any; before anything is read."""
    from av import FFmpegError
    from av.stream import Disposition

    attached = (s for s in container.streams.video if s.disposition & Disposition.attached_pic)
    with suppress(FFmpegError):
        for stream in attached:
            return next(container.decode(stream), None)
    return None
