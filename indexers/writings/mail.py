"""E-mail: single messages (.eml, .emlx, web archives), mailboxes (.mbox). Nothing is fetched from the net."""

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import lru_cache, partial
from os import fstat
from typing import BinaryIO, cast

from indexers.facts import Facts, attempt, clean, joined
from indexers.writings.blocks import Block, Heading, Paragraph, Picture, Place, Source
from indexers.writings.decoding import decoded
from indexers.writings.members import LARGEST, member
from indexers.writings.plain import paragraphs
from indexers.writings.web import blocks as web_blocks
from search.errors import MediaError

MOST_ATTACHED = 50
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:")
_COUNT_FIRST = re.compile(rb"\d{1,12}\s*\n")
_BEGINS = re.compile(rb"(?:\A|\n\r?\n)From [^\n]{0,500}\n(?=>?[!-9;-~]{1,80}:)")
_CHUNK, _OVERLAP = 1 << 22, 1 << 12

_Begin = tuple[int, int]
"""Where the `From ` line before a message of a mailbox begins, and where the message does, in bytes."""


def mail(source: Source) -> Iterator[Block]:
    """Read a message: who wrote it to whom and when, what, and what is attached."""
    data = source.file.read(LARGEST)
    if counted := _COUNT_FIRST.match(data):  # Apple Mail writes the length before the message
        data = data[counted.end() :]
    if not _HEADER.match(data.lstrip(b"\xef\xbb\xbf\r\n")):
        raise MediaError("The file is no e-mail, though its name says so.")
    message = _parsed(data)
    yield _facts(message)
    yield from _words(message, source)


def mailbox(source: Source) -> Iterator[Block]:
    """Read a mailbox from the message `source.start` on; every message is a place."""
    found = _begins_of(source.file, source.size)
    if not found:
        raise MediaError("The file is no mailbox, though its name says so.")
    ends = [*(line for line, _ in found[1:]), source.size]
    for (_, begin), end in list(zip(found, ends, strict=True))[source.start :]:
        source.file.seek(begin)
        message = _parsed(source.file.read(min(end - begin, LARGEST)))
        yield Place(_header(message, "Subject"), len(found))
        yield from _words(message, source)


def sent(message: "Message[str, str]") -> datetime | None:
    """Return when a message says it was written, by the clock of who wrote it."""
    when = attempt(lambda: parsedate_to_datetime(str(message.get("Date", ""))), None)
    return when.replace(tzinfo=None) if when else None


def told(subject: str, when: datetime | None, people: list[str]) -> Facts:
    """Return what a message says of itself."""
    return Facts(taken_at=when, title=subject or None, words=joined([subject, *people]))


def _parsed(data: bytes) -> "Message[str, str]":
    return message_from_bytes(data, policy=policy.compat32)


def _facts(message: "Message[str, str]") -> Facts:
    people = [_header(message, name) for name in ("From", "To", "Cc")]
    return told(_header(message, "Subject"), sent(message), people)


def _header(message: "Message[str, str]", name: str) -> str:
    raw = str(message.get(name, ""))
    return clean(attempt(lambda: str(make_header(decode_header(raw))), raw))


def _words(message: "Message[str, str]", source: Source) -> Iterator[Block]:
    shown = [f"{name}: {text}" for name in _SHOWN if (text := _header(message, name))]
    if shown:
        yield Paragraph("\n".join(shown))
    parts = [part for part in message.walk() if not part.is_multipart()]
    plain = [part for part in parts if _is_body(part, "text/plain")]
    rich = [part for part in parts if _is_body(part, "text/html")]
    for part in plain:
        yield from map(Paragraph, paragraphs(_text(part).split("\n")))
    for part in () if any(_text(part).strip() for part in plain) else rich:
        yield from (block for block in web_blocks(_text(part)) if not isinstance(block, Facts))
    attached = [part for part in parts if part not in plain and part not in rich and not _is_picture(part)]
    if len(attached) > MOST_ATTACHED:
        source.tell(f"Only the first {MOST_ATTACHED} files attached to a message are read.")
    for part in attached[:MOST_ATTACHED]:
        yield from _attached(part, source)
    for part in parts:
        if _is_picture(part) and part.get_content_maintype() == "image":
            yield Picture(partial(_payload, part))


def _is_body(part: "Message[str, str]", kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _is_picture(part: "Message[str, str]") -> bool:
    return part.get_content_maintype() in ("image", "audio", "video") and not part.get_filename()


def _attached(part: "Message[str, str]", source: Source) -> Iterator[Block]:
    name = clean(attempt(lambda: str(make_header(decode_header(part.get_filename() or ""))), ""))
    if not name and part.get_content_type() != "text/plain":
        return
    if name:
        yield Heading(name)
    yield from member(source, name or "part.txt", _payload(part))


def _text(part: "Message[str, str]") -> str:
    data = _payload(part)
    try:
        return decoded(data, attempt(part.get_content_charset, None))
    except MediaError:
        return ""


def _payload(part: "Message[str, str]") -> bytes:
    data: object = attempt(lambda: cast("object", part.get_payload(decode=True)), None)
    return data if isinstance(data, bytes) else b""


def _begins_of(file: BinaryIO, size: int) -> tuple[_Begin, ...]:
    """Return where messages begin; remembered of the last mailbox, which is read in many parts."""
    try:
        status = fstat(file.fileno())
    except OSError:  # it lies in another file
        return _begins(file, size)
    return _known_begins(str(file.name), status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1)
def _known_begins(path: str, size: int, _mtime_ns: int) -> tuple[_Begin, ...]:
    with open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
        return _begins(file, size)


def _begins(file: BinaryIO, size: int) -> tuple[_Begin, ...]:
    found: list[_Begin] = []
    at = 0
    while at < size:
        file.seek(at)
        data = file.read(_CHUNK + _OVERLAP)
        matches = (one for one in _BEGINS.finditer(data) if one.start() < _CHUNK)
        found += [(at + one.start(), at + one.end()) for one in matches if at == 0 or one[0][:1] == b"\n"]
        at += _CHUNK
    return tuple(dict.fromkeys(found))
