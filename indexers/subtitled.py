"""Do subtitles say what a model would have to hear? Then it need not listen: they know, and it takes long."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from indexers import captions
from indexers.captions import Caption
from indexers.sound import Stretch, sound_track

if TYPE_CHECKING:
    from av.container import InputContainer

COVERED = 0.1
"""From this share of a stretch on subtitles cover it: for most of the time nobody speaks in films."""

_TWO_LETTERS = dict(
    re.findall(
        r"(\w{3})=(\w{2})",
        "ara=ar bul=bg ces=cs cze=cs chi=zh zho=zh dan=da deu=de ger=de dut=nl nld=nl ell=el gre=el "
        "eng=en est=et fas=fa per=fa fin=fi fra=fr fre=fr heb=he hin=hi hrv=hr hun=hu ind=id ita=it "
        "jpn=ja kor=ko lav=lv lit=lt nor=no nob=no pol=pl por=pt ron=ro rum=ro rus=ru slk=sk slo=sk "
        "slv=sl spa=es srp=sr swe=sv tha=th tur=tr ukr=uk vie=vi",
    )
)
"""How containers write languages (ISO 639-2) and how file names do (639-1)."""


def is_covered(container: "InputContainer", path: str, stretch: Stretch) -> bool:
    """Whether subtitles, inside a film or beside it, cover a stretch of its sound, in the language spoken.

    Languages that are not told count as the same.
    """
    beside = captions.beside(path)
    seconds = _shown_s(stretch.captions, stretch)
    seconds = max([seconds, *(_shown_s(captions.read(file), stretch) for file in beside)])
    if seconds < COVERED * (stretch.end_s - stretch.start_s):
        return False
    spoken = _language_of(sound_track(container))
    written = {_language_of(stream) for stream in container.streams.subtitles}
    written |= {captions.language_of(file, path) for file in beside}
    return spoken is None or spoken in written or written <= {None}


def _shown_s(shown: Iterable[Caption], stretch: Stretch) -> float:
    """Return for how many seconds of a stretch there is something to read."""
    spans = [(max(one.start_s, stretch.start_s), min(one.end_s, stretch.end_s)) for one in shown]
    return sum(max(0.0, end_s - start_s) for start_s, end_s in spans)


def _language_of(stream: object) -> str | None:
    told = str(getattr(stream, "metadata", {}).get("language", "")).lower()
    return _TWO_LETTERS.get(told, told if len(told) == 2 else None)
