"""Models that find pieces in what they are given: sentences in sound, words or faces in a picture."""

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from indexers.base import Piece
from search.spaces import Fingerprint, PictureInput


class Reader(Protocol):
    """Serves a space as a `Space` does, but one payload gives any number of pieces instead of one vector.

    It works on the encode thread, never in a decode worker, and loads its model on first use.
    """

    @property
    def name(self) -> str:
        """The space that its pieces lie in, and that what it is to read is sent to."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Model, revision and the rules for cutting; `dim` is 0 where the pieces are words.

        Another fingerprint makes the next run read everything again, and only in this space.
        """

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared; None when it reads no pictures."""

    @property
    def batch(self) -> int:
        """How many payloads it likes to be given at once; 1 for what takes seconds each."""

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Return what is in the payload of each piece, in order of place; nothing is a good answer.

        The places are those in the content: a piece's locator says where its payload was taken from. The
        answer depends on the payload alone. It may hold pieces for other spaces too, with a vector, with
        words, or with a payload to be encoded there; those of spaces that the run does not ask for are left
        out. Raises `ModelError` when the model cannot be used; it is then left out for the rest of the run.
        """

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""


@runtime_checkable
class Interruptible(Protocol):
    """What works for so long at a time that a run that is stopped should not wait for it."""

    def heed(self, is_stopped: Callable[[], bool]) -> None:
        """Raise `StoppedError` from now on when work is under way and this says so."""


@runtime_checkable
class Hearing(Protocol):
    """A `Reader` that has its say in how sound is prepared for it."""

    @property
    def rate_hz(self) -> int:
        """How many samples a second it is given."""


@runtime_checkable
class Settling(Protocol):
    """A `Reader` that has something to say when it has read all of a content: text that a film shows for a
    while is one text, a person in a shot one face.
    """

    def settle(self, readings: Sequence[Sequence[Piece]]) -> Sequence[Piece]:
        """Return the pieces to keep of what `read` found in one content, in order of reading.

        Parents are counted within each reading, and within all that is returned. Pieces with a payload are
        encoded then, in any space of the run.
        """
