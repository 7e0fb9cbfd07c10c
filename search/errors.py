"""Errors that are safe to show a person: each says what happened and what to do next.

Anything that is not a `CrossfindError` is a bug of ours and is reported as one.
"""


class CrossfindError(Exception):
    """A problem outside the program: a sentence for a person and, where there is one, the way out."""

    def __init__(self, message: str, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class QuerySyntaxError(CrossfindError):
    """A query that cannot be read; `start` and `end` are character offsets into its text."""

    def __init__(self, message: str, start: int, end: int, remedy: str | None = None) -> None:
        super().__init__(message, remedy)
        self.start = start
        self.end = end


class LibraryError(CrossfindError):
    """The library cannot be opened, read or written."""


class LibraryMissingError(LibraryError):
    """There is no library in that folder yet."""


class LibraryBusyError(LibraryError):
    """Another process is writing to the library."""


class LibraryReadOnlyError(LibraryError):
    """The library's folder cannot be written; searching it works."""


class LibraryNewerError(LibraryError):
    """The library was made by a newer version of Crossfind."""


class LibraryCorruptError(LibraryError):
    """A table or file of the library cannot be read."""


class MediaError(CrossfindError):
    """One file cannot be used; the run goes on without it."""


class ModelError(CrossfindError):
    """A model is missing, damaged or cannot be loaded."""


class CancelledError(CrossfindError):
    """Nobody waits for the answer any more; not to be shown."""
