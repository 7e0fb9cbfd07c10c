"""Passwords of locked PDFs: tried, remembered for one library, and used by what reads PDFs there."""

import io
import os
import zipfile
import zlib
from pathlib import Path
from threading import Event

import msoffcrypto
import openpyxl
import pymupdf
import pytest

from app import bootstrap, passwords
from app.config import Config
from app.desk import Desk
from search.errors import CrossfindError, MediaError
from tests.indexers.writings.test_locked import AES_ZIP


def locked(path: Path, password: str = "open sesame") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "The marmot sleeps below the hill.")
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw=password, owner_pw="owner")
    return path


def test_a_password_that_opens_nothing_is_not_remembered(tmp_path: Path) -> None:
    path = str(locked(tmp_path / "a.pdf"))
    with pytest.raises(CrossfindError, match="does not open this file"):
        passwords.unlock(tmp_path, [path], "wrong")
    with pytest.raises(CrossfindError, match="any of these"):
        passwords.unlock(tmp_path, [path, str(tmp_path / "gone.pdf")], "wrong")
    assert passwords.remembered(tmp_path) == ()


def test_passwords_are_remembered_for_their_owner_alone_and_forgotten(tmp_path: Path) -> None:
    one, two = str(locked(tmp_path / "a.pdf")), str(locked(tmp_path / "b.pdf", "other"))
    library = tmp_path / "library"
    assert passwords.unlock(library, [one, two], "open sesame") == [one]
    assert passwords.unlock(library, [two], "other") == [two]
    assert passwords.unlock(library, [one], "open sesame") == [one]
    assert passwords.remembered(library) == ("open sesame", "other")
    if os.name == "posix":
        assert (library / passwords.NAME).stat().st_mode & 0o077 == 0
    passwords.forget(library)
    passwords.forget(library)
    assert passwords.remembered(library) == ()
    (library / passwords.NAME).write_text("{broken")
    assert passwords.remembered(library) == ()


def test_locked_archives_are_opened(tmp_path: Path) -> None:
    path = encrypted_zip(tmp_path / "a.zip", b"The marmot sleeps.", "open sesame")
    with pytest.raises(CrossfindError, match="does not open this file"):
        passwords.unlock(tmp_path, [str(path)], "wrong")
    assert passwords.unlock(tmp_path, [str(path)], "open sesame") == [str(path)]
    with zipfile.ZipFile(tmp_path / "open.zip", "w") as archive:
        archive.writestr("a.txt", "words")
    with pytest.raises(CrossfindError):
        passwords.unlock(tmp_path, [str(tmp_path / "open.zip")], "open sesame")


def test_office_documents_and_archives_with_aes_are_opened(tmp_path: Path) -> None:
    made, plain, encrypted = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    made.save(plain)
    msoffcrypto.OfficeFile(plain).encrypt("open sesame", encrypted)
    for name, data in (("a.xlsx", encrypted.getvalue()), ("b.zip", AES_ZIP)):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(CrossfindError, match="does not open this file"):
            passwords.unlock(tmp_path, [str(path)], "wrong")
        assert passwords.unlock(tmp_path, [str(path)], "open sesame") == [str(path)]


def encrypted_zip(path: Path, data: bytes, password: str) -> Path:
    """Write an archive with one member in the old encryption (APPNOTE.TXT 6.1), which zipfile only reads."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def crc(byte: int, before: int) -> int:
        return ~zlib.crc32(bytes([byte]), ~before & 0xFFFFFFFF) & 0xFFFFFFFF

    def update(byte: int) -> None:
        keys[0] = crc(byte, keys[0])
        keys[1] = ((keys[1] + (keys[0] & 255)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc(keys[1] >> 24, keys[2])

    def encrypted(byte: int) -> int:
        key = keys[2] | 2
        update(byte)
        return byte ^ ((key * (key ^ 1) >> 8) & 255)

    for byte in password.encode():
        update(byte)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", data)
    plain = bytearray(path.read_bytes())
    body = plain.index(data)
    check = zlib.crc32(data) >> 24
    head = bytes(11) + bytes([check])
    locked = bytes(map(encrypted, head + data))
    plain[body : body + len(data)] = locked
    for mark, flags, size in ((b"PK\3\4", 6, 18), (b"PK\1\2", 8, 20)):
        at = plain.index(mark)
        plain[at + flags] |= 1
        plain[at + size : at + size + 4] = len(locked).to_bytes(4, "little")
    end = plain.index(b"PK\5\6")
    plain[end + 16 : end + 20] = plain.index(b"PK\1\2").to_bytes(4, "little")
    path.write_bytes(plain)
    return path


def test_what_was_locked_is_read_found_and_drawn(home: Path, tmp_path: Path) -> None:
    path = locked(tmp_path / "files" / "a.pdf")
    config = Config(library=str(tmp_path / "library"))

    def run(*, retry: bool) -> None:
        wishes = bootstrap.IndexWishes((tmp_path / "files",), retry=retry, only=frozenset({"documents"}))
        assert list(bootstrap.start_indexing(config, wishes, Event()).events)

    desk = Desk()
    run(retry=False)
    assert desk.search(config, "text:marmot", {})["hits"] == []
    with pytest.raises(MediaError, match="needs a password"):
        desk.page_image(config, str(path), 1, 100)
    passwords.unlock(config.library_folder, [str(path)], "open sesame")
    run(retry=True)
    assert len(desk.search(config, "text:marmot", {})["hits"]) == 1
    assert desk.page_image(config, str(path), 1, 100)
    assert desk.search(config, f'like:@"{path}"#1', {"base": str(tmp_path)})["hits"]
    desk.close()
