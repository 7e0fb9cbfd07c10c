"""Cuts a stretch out of a film or recording into a new file: its packets as they are, or encoded anew.

Packets can be copied only from a key frame on, so a copied film begins at the last one before what is wanted.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexers.media_types import HEAD_BYTES, describe, sniff
from indexers.sound import sound_track
from indexers.video_file import moving_pictures, opened
from search.errors import MediaError
from search.new_files import new_file

if TYPE_CHECKING:
    from av.container import InputContainer, OutputContainer

MOST_BEFORE_S = 4.0
"""A copy may begin so long before what is wanted; where key frames are rarer, the stretch is encoded anew."""

_SLACK_S = 0.1
_WITH_LENGTH = ("flac",)
"""Their headers tell the length of the whole, which a copy would take over."""

_MAY_MOVE = ("image/gif", "application/octet-stream")

_PICTURE_CODECS = {"h264": "libx264", "vp9": "libvpx-vp9", "mpeg4": "mpeg4"}
_SOUND_CODECS = {"opus": "libopus", "mp3": "libmp3lame", "ac3": "aac", "vorbis": "libopus"}
"""What encodes the usual form of a container; others, such as the covers of recordings, are no pictures."""

QUALITY = {"libx264": {"crf": "20"}, "libvpx-vp9": {"crf": "32", "b": "0", "cpu-used": "4"}}
_TURNS = {90: 1, -270: 1, 180: 2, -180: 2, 270: 3, -90: 3}


@dataclass(frozen=True, slots=True)
class Cut:
    """A new file, the seconds of the source that it begins and ends with, and whether packets were copied."""

    path: Path
    start_s: float
    end_s: float
    copied: bool


def cut(source: Path, start_s: float, end_s: float, target: Path, *, exact: bool = False) -> Cut:
    """Write the stretch to a new file, whose form follows from its ending.

    Packets are copied where the new form can hold them, unless `exact`. Encoded anew, sound begins and ends
    with a packet of the source, up to 0.1 s off. Raises `MediaError` when the target is there already, when
    nothing is there to cut, or when that form cannot be written.
    """
    if not 0 <= start_s < end_s:
        raise MediaError("The stretch to cut ends before it begins.", "Write it as 1:23..1:40.")
    _require_moving(source)
    try:
        with new_file(target) as beside:
            beside.touch()  # a folder that takes no files is told before anything is read
            made = _written(source, (start_s, end_s), beside, exact)
    except FileExistsError:
        raise MediaError(
            f"{target} is there already.", "Name another file; nothing is overwritten."
        ) from None
    except OSError as error:
        raise MediaError(f"{target} cannot be written: {error.strerror}.") from error
    return replace(made, path=target)


def _require_moving(source: Path) -> None:
    """Raise `MediaError` for what is surely no film and no recording."""
    try:
        with source.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES), source.name)
    except OSError as error:
        raise MediaError(f"{source.name} cannot be read: {error.strerror}.") from error
    if kind not in _MAY_MOVE and kind.partition("/")[0] not in ("audio", "video"):
        raise MediaError(f"{source.name} is {describe(kind)}.", "Only films and recordings can be cut.")


def _written(source: Path, span: tuple[float, float], target: Path, exact: bool) -> Cut:
    import av

    with opened(source) as container:
        _check(container, span[0])
        may_copy = not exact and all(t.codec_context.name not in _WITH_LENGTH for t in _tracks(container))
        if may_copy and (copied := _copied(container, target, span)):
            return Cut(target, *copied, copied=True)
    with opened(source) as container:
        try:
            with _new(target) as out:
                return Cut(target, *_encode(container, out, *span), copied=False)
        except (av.FFmpegError, ValueError) as error:
            why = getattr(error, "strerror", None) or f"a file that ends in {target.suffix} is not known"
            remedy = "Name a file that ends in .mp4, .mkv, .mp3 or .flac."
            raise MediaError(f"The clip cannot be written: {why}.", remedy) from error


def _check(container: "InputContainer", start_s: float) -> None:
    length_s = (container.duration or 0) / 1e6
    if length_s and start_s >= length_s:
        raise MediaError(f"The file ends before that: it lasts {length_s:.0f} s.")


def _copied(
    container: "InputContainer", target: Path, span: tuple[float, float]
) -> tuple[float, float] | None:
    """Copy packets; None when that form cannot hold them, or no key frame is near before the start."""
    import av

    try:
        with _new(target) as out:
            first_s, last_s = _copy(container, out, *span)
    except (av.FFmpegError, ValueError):
        return None
    is_near = span[0] - MOST_BEFORE_S <= first_s <= span[0] + _SLACK_S
    return (first_s, last_s) if is_near else None


@contextmanager
def _new(target: Path) -> Iterator["OutputContainer"]:
    import av

    with av.open(str(target), "w") as out:
        yield out


def _tracks(container: "InputContainer") -> list[Any]:
    found = [one for one in (moving_pictures(container), sound_track(container)) if one is not None]
    if not found:
        raise MediaError("There is neither picture nor sound to cut.")
    return found


def _copy(
    container: "InputContainer", out: "OutputContainer", start_s: float, end_s: float
) -> tuple[float, float]:
    """Copy the packets from the key frame at or before the start; return the first and last second."""
    tracks = _tracks(container)
    main = tracks[0]
    origin_s = (container.start_time or 0) / 1e6
    new = {track.index: out.add_stream_from_template(track) for track in tracks}
    container.seek(round((start_s + origin_s) / main.time_base), stream=main, backward=True)
    first_s: float | None = None
    last_s, done = 0.0, set[int]()
    for packet in container.demux(*tracks):
        if packet.dts is None or packet.pts is None or packet.stream.index in done:
            continue
        base = packet.time_base
        when_s = float(packet.pts * base) - origin_s
        if first_s is None:
            if packet.stream is not main or not packet.is_keyframe:
                continue
            if main.type == "audio" and when_s + float((packet.duration or 0) * base) <= start_s:
                continue
            first_s = when_s
        if float(packet.dts * base) - origin_s >= end_s:
            done.add(packet.stream.index)
            if len(done) == len(tracks):
                break
            continue
        if when_s < first_s or when_s >= end_s + 1:
            continue
        shift = round((first_s + origin_s) / float(base))
        last_s = max(last_s, min(end_s, when_s + float((packet.duration or 0) * base)))
        packet.pts, packet.dts = packet.pts - shift, packet.dts - shift
        packet.stream = new[packet.stream.index]
        out.mux(packet)
    if first_s is None or last_s <= start_s:
        raise MediaError("Nothing of the file lies in that stretch.")
    return first_s, last_s


def _encode(
    container: "InputContainer", out: "OutputContainer", start_s: float, end_s: float
) -> tuple[float, float]:
    """Decode the stretch and encode it anew, from its first frame to its last."""
    tracks = _tracks(container)
    origin_s = (container.start_time or 0) / 1e6
    makers = {track.index: made for track in tracks if (made := _maker(track, out, start_s + origin_s))}
    if not makers:
        raise MediaError("A file of that kind holds neither the picture nor the sound.")
    main = tracks[0]
    container.seek(round((start_s + origin_s) / main.time_base), stream=main, backward=True)
    first_s, last_s, done = math.inf, start_s, set[int]()
    for frame in container.decode(*(track for track in tracks if track.index in makers)):
        if frame.time is None:
            continue
        number = next(
            one.index for one in tracks if one.index in makers and (one.type == "video") == _is_picture(frame)
        )
        when_s = frame.time - origin_s
        if when_s >= end_s:
            done.add(number)
            if len(done) == len(makers):
                break
        elif when_s >= start_s - 1e-6:
            first_s, last_s = min(first_s, when_s), max(last_s, when_s)
            makers[number].take(frame)
    if math.isinf(first_s):
        raise MediaError("Nothing of the file lies in that stretch.")
    for maker in makers.values():
        maker.finish()
    return first_s, min(end_s, last_s)


def _is_picture(frame: Any) -> bool:
    return hasattr(frame, "pict_type")


def _maker(track: Any, out: "OutputContainer", origin_s: float) -> "_Pictures | _Sound | None":
    if track.type == "video":
        codec = _PICTURE_CODECS.get(out.default_video_codec)
        return _Pictures(track, out, codec, origin_s) if codec else None
    usual = out.default_audio_codec
    return _Sound(track, out, _SOUND_CODECS.get(usual, usual)) if usual not in (None, "none") else None


class _Pictures:
    """Encodes pictures, upright."""

    def __init__(self, track: Any, out: "OutputContainer", codec: str, origin_s: float) -> None:
        self._out, self._origin_s = out, origin_s
        self._codec = codec
        self._track = track
        self._stream: Any = None

    def take(self, frame: Any) -> None:
        """Encode one more."""
        import av
        import numpy as np

        turns = _TURNS.get(round(frame.rotation), 0)
        made = frame.reformat(format="yuv420p")
        if turns:
            pixels = np.ascontiguousarray(np.rot90(frame.to_ndarray(format="rgb24"), turns))
            made = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(format="yuv420p")
        if self._stream is None:
            self._begin(made)
        width, height = self._stream.width, self._stream.height
        made = (
            made.reformat(width=width, height=height)
            if (made.width, made.height) != (width, height)
            else made
        )
        made.pts = round((frame.time - self._origin_s) / float(self._stream.codec_context.time_base))
        made.time_base = self._stream.codec_context.time_base
        made.pict_type = 0
        self._out.mux(self._stream.encode(made))

    def _begin(self, frame: Any) -> None:
        rate = self._track.average_rate or 25
        self._stream = self._out.add_stream(self._codec, rate=rate, options=QUALITY.get(self._codec, {}))
        self._stream.width, self._stream.height = frame.width // 2 * 2, frame.height // 2 * 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = Fraction(1, 90_000)

    def finish(self) -> None:
        """Write what is still on its way."""
        if self._stream is not None:
            self._out.mux(self._stream.encode(None))


class _Sound:
    """Encodes sound at its own rate."""

    def __init__(self, track: Any, out: "OutputContainer", codec: str) -> None:
        self._out = out
        stream: Any = out.add_stream(codec, rate=track.rate)
        stream.layout = "stereo" if track.layout.nb_channels > 1 else "mono"
        self._stream = stream
        self._resampler: Any = None
        self._samples = 0

    def take(self, frame: Any) -> None:
        """Encode one more."""
        import av

        if self._resampler is None:
            context = self._stream.codec_context
            context.open(strict=False)
            self._resampler = av.AudioResampler(
                format=context.format,
                layout=context.layout,
                rate=context.rate,
                frame_size=context.frame_size or None,
            )
        frame.pts = None
        self._mux(self._resampler.resample(frame))

    def finish(self) -> None:
        """Write what is still on its way."""
        if self._resampler is not None:
            self._mux(self._resampler.resample(None))
            self._out.mux(self._stream.encode(None))

    def _mux(self, frames: list[Any]) -> None:
        for frame in frames:
            frame.pts, frame.time_base = self._samples, Fraction(1, frame.sample_rate)
            self._samples += frame.samples
            self._out.mux(self._stream.encode(frame))
