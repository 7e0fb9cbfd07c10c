"""Sound and subtitles out of any container, one stretch after the other: mono, at the rate that is asked for.

Times are those a player shows: they come from the file's own time stamps, not from counting samples.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from indexers.captions import Caption, plain
from indexers.transcript import SAMPLE_RATE
from search.spaces import Sound

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

STRETCH_S = 180.0
_TAIL_S = 20.0
"""How much of the end of a stretch is searched for a quiet place to cut."""

_QUIET_S = 0.3
"""How long the quiet place is that is looked for."""

_SLACK_S, _PAUSE_S, _DOUBT_S = 0.1, 5.0, 3600.0
"""Time stamps may jitter by the first; a gap of the second ends a stretch; a leap of the third is a lie."""

_LEAD_S = 2.0
_EXACT = ("mp4", "matroska", "wav", "flac", "ogg", "aiff", "avi")
"""Containers that find a moment by an index; elsewhere what lies before it is passed over."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound from `start_s` on, the captions that begin in it, and the sample at which the next one starts.

    There are `rate` samples a second, and `of` samples in all, where the file says so.
    """

    start_s: float
    sound: Sound
    captions: Sequence[Caption]
    next: int | None
    rate: int = SAMPLE_RATE
    of: float | None = None

    @property
    def end_s(self) -> float:
        """Where the sound ends."""
        return self.start_s + len(self.sound) / self.rate


def sound_track(container: "InputContainer") -> "AudioStream | None":
    """Return the first sound track that can be decoded."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def begins(container: "InputContainer") -> bool:
    """Whether there is a sound track of which something can be decoded. Moves on in the container."""
    track = sound_track(container)
    if track is None:
        return False
    reading = _Reading(container, 0, 0.0, hears=True)
    for packet in _packets(container, [track]):
        reading.hear(packet)
        if reading.has_sound:
            return True
    return False


def read_stretch(
    container: "InputContainer",
    start: int,
    *,
    sound: bool,
    captions: bool,
    seconds: float,
    rate: int = SAMPLE_RATE,
) -> Stretch:
    """Read on from the sample `start` (from 0): about `STRETCH_S`, less when it takes longer than `seconds`.

    Samples are counted, and given, at `rate` a second.
    A part that cannot be decoded is left out, and so is everything behind a broken end.
    """
    track = sound_track(container) if sound else None
    texts = [one for one in container.streams.subtitles if one.codec_context is not None] if captions else []
    wanted = [*([track] if track else []), *texts]
    if not wanted:
        return Stretch(start / rate, _silence(0), (), None, rate)
    _turn_to(container, wanted, start / rate)
    reading = _Reading(container, start, time.monotonic() + seconds, hears=track is not None, rate=rate)
    for packet in _packets(container, wanted):
        if packet.stream is track:
            reading.hear(packet)
        else:
            reading.see(packet)
        if reading.is_full:
            break
    length_s = duration(container)
    return replace(reading.stretch(), of=length_s and length_s * rate)


def duration(container: "InputContainer") -> float | None:
    """Return the length in seconds that the container tells, None when it tells none."""
    if container.duration is not None and container.duration > 0:
        return float(container.duration) / 1e6
    told = [s.duration * s.time_base for s in container.streams if s.duration and s.time_base]
    return float(max(told)) if told else None


def _turn_to(container: "InputContainer", wanted: Sequence[Any], start_s: float) -> None:
    """Leave the other streams unread, and go to a little before the start where the container allows it."""
    import av
    from av.stream import Discard

    for stream in container.streams:
        if stream not in wanted:
            stream.discard = Discard.all
    ahead_s = start_s - _LEAD_S
    if ahead_s > 0 and any(name in container.format.name for name in _EXACT):
        with suppress(av.FFmpegError):
            container.seek(int(ahead_s * 1e6) + (container.start_time or 0))


def _packets(container: "InputContainer", wanted: Sequence[Any]) -> Iterator[Any]:
    """Yield packets until the end, or until nothing more can be read."""
    import av

    with suppress(av.FFmpegError):
        yield from container.demux(*wanted)


class _Reading:
    """One stretch in the making."""

    def __init__(
        self,
        container: "InputContainer",
        start: int,
        deadline: float,
        *,
        hears: bool,
        rate: int = SAMPLE_RATE,
    ) -> None:
        self._start, self._rate = start, rate
        self._hears = hears
        self._deadline = deadline
        self._shift = -(container.start_time or 0) / 1e6
        self._at: int | None = None
        self._gathered: list[Sound] = []
        self._samples = 0
        self._captions: list[Caption] = []
        self._resumes: int | None = None
        self._resampler: Any = None
        self._form: object = None

    @property
    def has_sound(self) -> bool:
        return self._samples > 0

    @property
    def is_full(self) -> bool:
        if self._resumes is not None or self._samples >= STRETCH_S * self._rate:
            return True
        return self._samples > _TAIL_S * self._rate and time.monotonic() > self._deadline

    def hear(self, packet: Any) -> None:
        """Take in a packet of sound."""
        import av

        when = self._seconds(packet.pts, packet.time_base)
        if when is not None and (when + _LEAD_S) * self._rate < self._start:
            return
        with suppress(av.FFmpegError, ValueError):  # one bad packet costs only itself
            for frame in packet.decode():
                self._place(frame)

    def see(self, packet: Any) -> None:
        """Take in a packet of subtitles."""
        import av

        start_s = self._seconds(packet.pts, packet.time_base)
        if start_s is None or start_s * self._rate < self._start:
            return
        if not self._hears and self._captions and time.monotonic() > self._deadline:
            self._resumes = int(start_s * self._rate)
            return
        with suppress(av.FFmpegError, ValueError):
            shown = packet.stream.decode2(packet)
            lasting = float((packet.duration or 0) * packet.time_base) or _shown_for(shown)
            text = plain(" ".join(_lines(shown or ())))
            if text:
                self._captions.append(Caption(start_s, start_s + lasting, text))

    def stretch(self) -> Stretch:
        """Return what was gathered, cut at a quiet place unless the end was reached."""
        if not self.is_full and self._at is not None:
            rest = self._resampled(None)
            self._take(rest, self._at)
            self._at += len(rest)
        sound = np.concatenate(self._gathered) if self._gathered else _silence(0)
        first = self._start if self._at is None else self._at - len(sound)
        follows = self._resumes
        if follows is None and self.is_full:
            cut = quiet_place(sound, self._rate)
            sound, follows = sound[:cut], first + cut
        seen = [one for one in self._captions if follows is None or one.start_s * self._rate < follows]
        return Stretch(first / self._rate, sound, seen, follows, self._rate)

    def _place(self, frame: "AudioFrame") -> None:
        """Put a frame where its time stamp says, silence before it where there is a gap."""
        told = self._seconds(frame.pts, frame.time_base)
        samples = self._resampled(frame)
        at = self._at if self._at is not None else (round(told * self._rate) if told is not None else 0)
        gap = 0 if told is None else round(told * self._rate) - at
        if abs(gap) > _DOUBT_S * self._rate or gap < -_PAUSE_S * self._rate:
            self._shift -= gap / self._rate
        elif gap < -_SLACK_S * self._rate:
            samples = samples[-gap:]
        elif gap > _PAUSE_S * self._rate and self._samples:
            self._resumes = at + gap
            return
        elif gap > _SLACK_S * self._rate:
            self._take(_silence(gap), at)
            at += gap
        self._take(samples, at)
        self._at = at + len(samples)

    def _take(self, samples: Sound, at: int) -> None:
        kept = samples[max(0, self._start - at) :]
        if len(kept):
            self._gathered.append(kept)
            self._samples += len(kept)

    def _resampled(self, frame: "AudioFrame | None") -> Sound:
        """Bring a frame to the one form; None gives what is still on its way."""
        import av

        form = self._form if frame is None else (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            self._form = form
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=self._rate)
        parts = [part.to_ndarray().reshape(-1) for part in self._resampler.resample(frame)]
        return np.concatenate(parts) if parts else _silence(0)

    def _seconds(self, pts: int | None, base: Any) -> float | None:
        return None if pts is None or base is None else float(pts * base) + self._shift


def quiet_place(sound: Sound, rate: int = SAMPLE_RATE) -> int:
    """Return the sample in the last `_TAIL_S` around which it is most quiet."""
    window = round(_QUIET_S * rate)
    first = max(window, len(sound) - round(_TAIL_S * rate))
    tail = np.abs(sound[first:].astype(np.float32))
    if len(tail) <= window:
        return len(sound)
    loudness = np.cumsum(tail, dtype=np.float64)
    return first + int(np.argmin(loudness[window:] - loudness[:-window])) + window // 2


def _silence(samples: int) -> Sound:
    return np.zeros(samples, np.int16)


def _shown_for(shown: Any) -> float:
    return float(shown.end_display_time - shown.start_display_time) / 1000 if shown else 0.0


def _lines(shown: Iterable[Any]) -> Iterator[str]:
    for rect in shown:
        if rect.type in (b"ass", b"text"):
            yield (rect.dialogue or rect.text).decode("utf-8", "replace")
