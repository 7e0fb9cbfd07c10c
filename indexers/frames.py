"""Reads the frames of a film that are worth a look, and decodes no more than that takes.

A film is a chain of groups, each a keyframe and frames that build on it. Where keyframes follow each other
closely only they are decoded; a longer group is decoded as a whole but for frames that no other needs.
Each group is decoded by itself, so that what is seen of it never depends on where reading began.
"""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from indexers.frame_picture import Sketch, sketch_of

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

    Packets = Iterator[Packet[VideoStream]]

LOOK_EVERY_S = 0.1
KEYFRAME_EVERY_S = 0.5
KEYFRAMES_SUFFICE_S = 1.25
"""Groups no longer than this are known by their keyframe."""

LONGEST_S = 24 * 3600.0
"""What lies behind this is not looked at: recordings that never end."""

_MOST_WAITING = 600
_TRIED_FOR_KEYFRAME = 60
_SLACK_S = 10.0
_THREADS = min(4, os.cpu_count() or 1)
_SMALL = 960 * 540
"""Up to so many pixels a frame is decoded by one thread: several would take 40 % longer together."""


@dataclass(frozen=True, slots=True)
class Look:
    """A frame that was looked at. `ticks` is its time from the film's beginning in the stream's own unit."""

    ticks: int
    time_s: float
    sketch: Sketch
    frame: "VideoFrame"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Packets that follow each other in one group. Only a long group comes in more than one stretch."""

    packets: Sequence["Packet[VideoStream]"]
    is_long: bool
    begins: bool
    ends: bool


class FrameReader:
    """Reads one stream of an open container. `decoded` counts frames, `end_s` is the end of what was read."""

    def __init__(self, container: "InputContainer", stream: "VideoStream") -> None:
        self._container = container
        self._stream = stream
        self._context = stream.codec_context
        self._context.thread_type = "AUTO"
        self._context.thread_count = 1 if stream.width * stream.height <= _SMALL else _THREADS
        self._context.skip_frame = "NONREF"
        self._unit = float(stream.time_base or 1)
        self._origin = stream.start_time or 0
        self._slack = round(_SLACK_S / self._unit)
        self.decoded = 0
        self.end_s = 0.0

    def looks(self, start: int = 0) -> Iterator[Look]:
        """Yield what is to be seen from `start` (ticks of a look, or 0) on, in order of time.

        A damaged group costs itself, a broken end what lies behind it. May be asked again.
        """
        last = start - 1
        for frame in self._worth_a_look(start):
            ticks = self._ticks(frame)
            if ticks is not None and ticks > last and (sketch := _sketched(frame)) is not None:
                last = ticks
                yield Look(ticks, ticks * self._unit, sketch, frame)

    def keyframe_before(self, time_s: float) -> "VideoFrame | None":
        """Return the frame at or before a time from which decoding can begin; None when there is none."""
        for packet in islice(self._packets(round(time_s / self._unit)), _TRIED_FOR_KEYFRAME):
            frames = list(self._decoded([packet], ends=True))
            if frames:
                return frames[0]
        return None

    def frame_at(self, time_s: float) -> "VideoFrame | None":
        """Return the first frame at or behind a time that others build on; where there is none, the last."""
        wanted, found = round(time_s / self._unit), None
        groups = ([packet] for packet in self._packets(wanted))
        for frame in chain.from_iterable(self._decoded(group, ends=False) for group in groups):
            found = frame
            if (self._ticks(frame) or 0) >= wanted:
                return found
        for frame in self._decoded((), ends=True):
            found = frame
        return found

    def length(self) -> float:
        """Return the film's length in seconds, found by going through it without decoding."""
        for _ in self._packets(0):
            pass
        return self.end_s

    def _worth_a_look(self, start: int) -> Iterator["VideoFrame"]:
        before = seen = -math.inf
        first: int | None = None
        for stretch in self._stretches(start):
            if stretch.begins:
                key = self._time_of(stretch.packets[0])
                is_due = _step(key, KEYFRAME_EVERY_S) != _step(before, KEYFRAME_EVERY_S)
                before, seen, first = key, -math.inf, self._ticks(stretch.packets[0])
            if not stretch.is_long:
                packets = stretch.packets[:1] if is_due else ()
                yield from list(self._decoded(packets, ends=True))[:1]
                continue
            for frame in self._decoded(stretch.packets, stretch.ends):
                ticks = self._ticks(frame)
                if ticks is None or (first is not None and ticks < first):
                    continue  # it builds on the group before
                time_s = ticks * self._unit
                if _step(time_s, LOOK_EVERY_S) != _step(seen, LOOK_EVERY_S):
                    yield frame
                seen = time_s

    def _stretches(self, start: int) -> Iterator[_Stretch]:
        """Cut the packets into groups, and groups that are long into stretches."""
        waiting: list[Packet[VideoStream]] = []
        is_long = False
        for packet in self._packets(start):
            if packet.is_keyframe and (waiting or is_long):
                yield _Stretch(waiting, is_long, begins=not is_long, ends=True)
                waiting, is_long = [], False
            waiting.append(packet)
            if self._time_of(packet) - self._time_of(waiting[0]) > KEYFRAMES_SUFFICE_S or (
                len(waiting) >= _MOST_WAITING
            ):
                yield _Stretch(waiting, is_long=True, begins=not is_long, ends=False)
                waiting, is_long = [], True
        if waiting or is_long:
            yield _Stretch(waiting, is_long, begins=not is_long, ends=True)

    def _packets(self, start: int) -> "Packets":
        """Yield packets from the last keyframe that is not behind `start`, as far as the file goes."""
        from av import FFmpegError

        with suppress(FFmpegError):
            for packet in self._from(start):
                ticks = self._ticks(packet)
                if ticks is not None and packet.size:
                    time_s = ticks * self._unit
                    if time_s > LONGEST_S:
                        return
                    self.end_s = max(self.end_s, time_s + (packet.duration or 0) * self._unit)
                    yield packet

    def _from(self, start: int) -> "Packets":
        """Go to the keyframe at or before a place and read on.

        Some files are only roughly searchable: then from further ahead, at worst from the beginning.
        """
        from av import FFmpegError

        packets: Packets = iter(())
        for place in (start, start - self._slack, -self._slack, 0):
            with suppress(FFmpegError):
                self._container.seek(place + self._origin, stream=self._stream)
                packets = self._container.demux(self._stream)
                ahead = list(islice(packets, 1))
                packets = chain(ahead, packets)
                if ahead and ahead[0].is_keyframe and (self._ticks(ahead[0]) or 0) <= start:
                    break
        return packets

    def _decoded(self, packets: Iterable["Packet[VideoStream]"], ends: bool) -> Iterator["VideoFrame"]:
        """Decode packets; at the end of a group also what the decoder still holds."""
        from av import FFmpegError

        for packet in (*packets, *([None] if ends else [])):
            try:
                frames = self._context.decode(packet)
            except FFmpegError:  # a damaged packet costs itself
                continue
            self.decoded += len(frames)
            yield from (frame for frame in frames if not frame.is_corrupt)
        if ends:
            self._context.flush_buffers()

    def _ticks(self, one: "Packet[VideoStream] | VideoFrame") -> int | None:
        """Return when a packet or frame is shown, where that is not said, when it is decoded."""
        at = one.dts if one.pts is None else one.pts
        return None if at is None else at - self._origin

    def _time_of(self, packet: "Packet[VideoStream]") -> float:
        return (self._ticks(packet) or 0) * self._unit


def _step(time_s: float, every_s: float) -> float:
    return math.floor(time_s / every_s) if math.isfinite(time_s) else time_s


def _sketched(frame: "VideoFrame") -> Sketch | None:
    """Return a frame in miniature; None when its pixels are of a kind that cannot be converted."""
    from av import FFmpegError

    try:
        return sketch_of(frame)
    except (FFmpegError, ValueError):
        return None
