"""Office documents that are encrypted with a password: opened in memory, never written anywhere."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO
from xml.parsers.expat import ExpatError

from indexers.base import LeftOutError
from indexers.document_types import CONTAINER, by_ending
from indexers.facts import BAD_DATA
from indexers.writings.blocks import Block, Reader, Source
from search.errors import MediaError

LARGEST = 256_000_000
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SEARCHED = 8_000_000
_DOCUMENTS = ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")


def container(source: Source, read: Reader) -> Iterator[Block]:
    """Read an encrypted document with the passwords that are known; `read` is who reads what is in it.

    Raises `LeftOutError` where none opens it, and for an old document that is called otherwise.
    """
    if not is_encrypted(source.file):
        raise LeftOutError(
            "It is an old Office document, whatever its name says.", "Save it as .docx, .xlsx or .pptx."
        )
    plain = unlocked(source.file, source.passwords) if source.size <= LARGEST else None
    if plain is None:
        lock = "none of the passwords given opens it" if source.passwords else "it needs a password"
        raise LeftOutError(f"The document is encrypted and {lock}.", "Give it with --password.")
    media_type = by_ending(source.name.rpartition(".")[2].lower()) or CONTAINER
    if not media_type.endswith(_DOCUMENTS):
        raise MediaError("The document is encrypted, and no longer has the ending of its name.")
    inner = replace(source, file=BytesIO(plain), size=len(plain), media_type=media_type)
    yield from read(inner)


def is_encrypted(file: BinaryIO) -> bool:
    """Whether a compound file holds an encrypted document."""
    file.seek(0)
    return _ENCRYPTED in file.read(_SEARCHED)


def unlocked(file: BinaryIO, passwords: tuple[str, ...]) -> bytes | None:
    """Return the document that is in a compound file; None where no password opens it, and where it is
    damaged."""
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    logging.getLogger("msoffcrypto").setLevel(logging.WARNING)  # its notes for developers hold keys
    for password in passwords:
        plain = BytesIO()
        file.seek(0)
        try:
            office = OfficeFile(file)
            office.load_key(password=password, verify_password=True)
            office.decrypt(plain)
        except (InvalidKeyError, DecryptionError, FileFormatError, ParseError, ExpatError, *BAD_DATA):
            continue
        return plain.getvalue()
    return None
