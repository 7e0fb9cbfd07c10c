"""Archives: the names of what they hold, the words of members that are documents, and pictures.

Nothing is unpacked to the disk, and names are never used as paths. What unpacks to too much is not read, nor
is what is locked; their names stay.
"""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any, BinaryIO, cast

from indexers.base import LeftOutError
from indexers.document_types import BY_TYPE, CODE
from indexers.facts import clean
from indexers.ignore import BESIDE, is_junk_folder
from indexers.media_types import by_extension
from indexers.writings import aes
from indexers.writings.blocks import Block, Paragraph, Picture, Place, Source
from indexers.writings.members import LARGEST, member
from indexers.writings.package import check_size
from search.errors import MediaError

MOST_NAMES, MOST_READ, MOST_PICTURES = 10_000, 1_000, 500
LATE = "What comes last in it would have taken too long to read."
TOO_LARGE = f"is larger than {LARGEST // 1_000_000} MB"
MOST_UNPACKED = 2_000_000_000
"""Bytes that are unpacked of a stream before it is left alone."""

_READ = frozenset(BY_TYPE) - frozenset(CODE) | {"application/pdf"}
_NAMES_AT_ONCE = 50
_AT_ONCE = 1 << 16
_BAD = (
    *(MediaError, OSError, RuntimeError, ValueError, EOFError, zipfile.BadZipFile),
    *(zlib.error, lzma.LZMAError, NotImplementedError),
)
_TAR_BLOCK = 512
_OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    "application/gzip": lambda file: gzip.GzipFile(fileobj=file),
    "application/x-bzip2": bz2.BZ2File,
    "application/x-xz": lzma.LZMAFile,
}


def zip_archive(source: Source) -> Iterator[Block]:
    """Read a ZIP archive: its list of names is the first place, each member with words another."""
    try:
        archive = zipfile.ZipFile(source.file)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError) as error:
        raise MediaError("The archive is damaged: it cannot be unpacked.") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        wanted = [info for info in infos if is_wanted(info.filename)]
        yield from _listed([info.filename for info in infos])
        is_locked = bool(wanted) and all(info.flag_bits & 1 for info in wanted)
        if is_locked and not any(opens(archive, wanted[0], one) for one in source.passwords):
            raise LeftOutError(
                "The archive is encrypted.", "Give its password with --password, or unpack it."
            )
        _tell_bounds(source, len(infos), len(wanted))
        for info in wanted[:MOST_READ]:
            if source.is_over:
                source.tell(LATE)
                return
            data = _unzipped(archive, info, source.passwords)
            if info.file_size and not data:
                source.tell(f"{clean(info.filename)} {_why(info)}.")
            yield from _told(source, info.filename, data)
        for info in [one for one in infos if is_picture(one.filename)][:MOST_PICTURES]:
            yield Place(clean(info.filename))
            yield Picture(partial(_unzipped, archive, info, source.passwords))


def tar_archive(source: Source) -> Iterator[Block]:
    """Read an archive of tar, packed or not: members with words, then the list of names, which is known no
    sooner, then pictures. A packed file that is no archive is its only member."""
    is_archive, whole = _unpacked(source)
    if not is_archive:
        yield from _single(source, whole)
        return
    names: list[str] = []
    with tarfile.open(fileobj=whole, mode="r|") as archive:
        for info in archive:
            if source.is_over:
                source.tell(LATE)
                break
            if info.isfile():
                names.append(info.name)
                wanted = is_wanted(info.name) and len(names) <= MOST_READ
                if wanted and info.size > LARGEST:
                    source.tell(f"{clean(info.name)} {TOO_LARGE}.")
                part = archive.extractfile(info) if wanted and info.size <= LARGEST else None
                yield from _told(source, info.name, part.read() if part else b"")
    _tell_bounds(source, len(names), len(names) if any(map(is_wanted, names[MOST_READ:])) else 0)
    yield from _listed(names)
    shown = [name for name in names if is_picture(name)][:MOST_PICTURES]
    yield from _pictures_of(source, shown) if shown and source.shows else map(Place, map(clean, shown))


def _unpacked(source: Source) -> tuple[bool, BinaryIO]:
    """Return whether a file, unpacked, is an archive of tar, and what it unpacks to, from its beginning."""
    source.file.seek(0)
    opener = _OPENERS.get(source.media_type)
    stream = cast("BinaryIO", _Bounded(opener(source.file) if opener else source.file))
    head = stream.read(_TAR_BLOCK)
    whole = cast("BinaryIO", io.BufferedReader(_Bounded(stream, head)))
    return len(head) == _TAR_BLOCK and head[257:262] == b"ustar", whole


def _pictures_of(source: Source, names: list[str]) -> Iterator[Block]:
    """Go through an archive again for its first pictures: until now nobody knew which place they have."""
    with tarfile.open(fileobj=_unpacked(source)[1], mode="r|") as archive:
        for info in archive:
            if not names or source.is_over:
                return
            if info.isfile() and info.name == names[0]:
                part = archive.extractfile(info) if info.size <= LARGEST else None
                data = part.read() if part else b""
                yield Place(clean(names.pop(0)))
                yield Picture(partial(bytes, data))


def is_wanted(name: str) -> bool:
    """Whether a member is a document by its name, and does not lie where nobody keeps any."""
    return _promised(name) in _READ


def is_picture(name: str) -> bool:
    """The same of pictures."""
    return _promised(name).startswith("image/")


def _promised(name: str) -> str:
    *folders, own = name.replace("\\", "/").split("/")
    is_junk = own.startswith(BESIDE) or any(
        is_junk_folder(folder) for folder in folders if folder not in (".", "..")
    )
    return "" if is_junk else by_extension(own) or ""


def _tell_bounds(source: Source, names: int, documents: int) -> None:
    if names > MOST_NAMES:
        source.tell(f"Only the first {MOST_NAMES:,} of its {names:,} names are kept.")
    if documents > MOST_READ:
        source.tell(f"Of what lies in it only the first {MOST_READ:,} documents are read.")


def _why(info: zipfile.ZipInfo) -> str:
    """Say why a member gave nothing."""
    if info.flag_bits & 1:
        return "is encrypted. Give its password with --password"
    return TOO_LARGE if info.file_size > LARGEST else "cannot be unpacked"


def _single(source: Source, stream: BinaryIO) -> Iterator[Block]:
    name = source.name[: source.name.rfind(".")] if "." in source.name else source.name
    yield Place(clean(name))
    if is_wanted(name) or is_picture(name):
        yield from member(source, name, _as_much(stream))


def _as_much(stream: BinaryIO) -> bytes:
    """Return what can be unpacked of a file that may be cut off."""
    found = bytearray()
    with suppress(EOFError, OSError, zlib.error, lzma.LZMAError):
        while len(found) < LARGEST and (data := stream.read(_AT_ONCE)):
            found += data
    return bytes(found)


def _listed(names: list[str]) -> Iterator[Block]:
    yield Place("")
    shown = [clean(name) for name in names[:MOST_NAMES]]
    for begin in range(0, len(shown), _NAMES_AT_ONCE):
        yield Paragraph("\n".join(shown[begin : begin + _NAMES_AT_ONCE]))


def _told(source: Source, name: str, data: bytes) -> Iterator[Block]:
    """Yield a member as a place of its own where it has words."""
    found = member(source, name.replace("\\", "/").rpartition("/")[2], data)
    first = next(found, None)
    if first is not None:
        yield Place(clean(name))
        yield first
        yield from found


def opens(archive: zipfile.ZipFile, info: zipfile.ZipInfo, password: str) -> bool:
    """Whether a password opens a member; only its first bytes are read."""
    with suppress(*_BAD):
        if aes.is_aes(info):
            return aes.opens(archive, info, password)
        with archive.open(info, pwd=password.encode()) as member_:
            member_.read(1)
            return True
    return False


def _unzipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, passwords: tuple[str, ...]) -> bytes:
    """Return a member's bytes, b"" when it is too large, locked or damaged."""
    if info.file_size > LARGEST or stat.S_ISLNK(info.external_attr >> 16):
        return b""
    for password in (*passwords, None) if info.flag_bits & 1 else (None,):
        try:
            check_size(info, "archive")
            if aes.is_aes(info) and password:
                return aes.read(archive, info, password)
            return archive.read(info, password.encode() if password else None)
        except _BAD:
            continue
    return b""


class _Bounded(io.RawIOBase):
    """Gives what another stream gives, after `first`, and raises `MediaError` when that is without end."""

    def __init__(self, stream: Any, first: bytes = b"") -> None:
        super().__init__()
        self._stream, self._first = stream, first
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._first[: len(buffer)] or self._stream.read(len(buffer))
        self._first = self._first[len(data) :] if self._first else b""
        self._given += len(data)
        if self._given > MOST_UNPACKED:
            raise MediaError(
                f"The archive is not read: it unpacks to more than {MOST_UNPACKED // 10**6:,} MB."
            )
        buffer[: len(data)] = data
        return len(data)
