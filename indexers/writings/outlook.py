"""Messages that Outlook saved (.msg): properties in the streams of a compound file, as [MS-OXMSG] says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from indexers.base import LeftOutError
from indexers.facts import BAD_DATA, Facts, attempt, clean
from indexers.writings.blocks import Block, Heading, Paragraph, Source
from indexers.writings.decoding import decoded
from indexers.writings.mail import MOST_ATTACHED, told
from indexers.writings.members import LARGEST, member
from indexers.writings.plain import paragraphs
from indexers.writings.web import blocks, text_of
from search.errors import MediaError

if TYPE_CHECKING:
    import olefile

SUBJECT, FROM_NAME, FROM_ADDRESS, TO, CC, BODY, HTML = "0037", "0C1A", "5D01", "0E04", "0E03", "1000", "1013"
ATTACHED_NAMES, ATTACHED = ("3707", "3704"), "3701"
_SENT = b"\x40\x00\x39\x00"
"""PidTagClientSubmitTime as a property of type time: ticks of 100 ns since 1601."""


def message(source: Source) -> Iterator[Block]:
    """Read a message and what is attached to it."""
    import olefile
    from olefile.olefile import OleFileError

    try:
        ole = olefile.OleFileIO(source.file)
    except (OSError, OleFileError, *BAD_DATA) as error:
        raise MediaError("The message of Outlook is damaged.") from error
    with ole:
        if not ole.exists("__properties_version1.0"):
            raise LeftOutError("The file is no message of Outlook, though its name says so.")
        said = {code: clean(_text(ole, "", code)) for code in (SUBJECT, FROM_NAME, FROM_ADDRESS, TO, CC)}
        sender = f"{said[FROM_NAME]} <{said[FROM_ADDRESS]}>" if said[FROM_ADDRESS] else said[FROM_NAME]
        yield told(said[SUBJECT], _sent(ole), [sender, said[TO], said[CC]])
        shown = (("From", sender), ("To", said[TO]), ("Cc", said[CC]), ("Subject", said[SUBJECT]))
        yield Paragraph("\n".join(f"{name}: {text}" for name, text in shown if text))
        body = _text(ole, "", BODY)
        yield from map(Paragraph, paragraphs(body.split("\n")))
        page = b"" if body.strip() else _stream(ole, f"__substg1.0_{HTML}0102")
        yield from (one for one in blocks(text_of(page)) if page and not isinstance(one, Facts))
        yield from _attached(ole, source)


def _attached(ole: "olefile.OleFileIO", source: Source) -> Iterator[Block]:
    folders = sorted({path[0] for path in ole.listdir() if path[0].startswith("__attach_version1.0_")})
    for folder in folders[:MOST_ATTACHED]:
        names = (clean(_text(ole, f"{folder}/", code)) for code in ATTACHED_NAMES)
        name = next((one for one in names if one), "")
        if name:
            yield Heading(name)
            yield from member(source, name, _stream(ole, f"{folder}/__substg1.0_{ATTACHED}0102"))


def _text(ole: "olefile.OleFileIO", folder: str, code: str) -> str:
    wide = _stream(ole, f"{folder}__substg1.0_{code}001F")
    if wide:
        return wide.decode("utf-16-le", "replace").replace("\r\n", "\n").replace("\0", "")
    narrow = _stream(ole, f"{folder}__substg1.0_{code}001E")
    return decoded(narrow) if narrow else ""


def _stream(ole: "olefile.OleFileIO", name: str) -> bytes:
    if not ole.exists(name) or ole.get_size(name) > LARGEST:
        return b""
    data: bytes = attempt(lambda: ole.openstream(name).read(), b"")
    return data


def _sent(ole: "olefile.OleFileIO") -> datetime | None:
    """Return when it was sent, in universal time: a message does not say more."""
    properties = _stream(ole, "__properties_version1.0")
    at = properties.find(_SENT)
    if at < 0 or len(properties) < at + 16:
        return None
    ticks = int.from_bytes(properties[at + 8 : at + 16], "little")
    return attempt(lambda: datetime(1601, 1, 1) + timedelta(microseconds=ticks // 10), None)
