"""Encrypted members of archives, and Office documents: the right password, a wrong one, none."""

import base64
import io
import zipfile

import msoffcrypto
import openpyxl
import pytest

from indexers.base import LeftOutError
from indexers.writings import aes, archive, locked
from indexers.writings.blocks import Paragraph, Place, Row
from search.errors import MediaError
from tests.indexers.writings.making import compound

PASSWORD = "open sesame"
AES_ZIP = base64.b64decode(
    "UEsDBBQAAQBjALE9dl0AAAAAPAAAAGwAAAAJAAsAd2hhbGUudHh0AZkHAAIAQUUDCADZZVd4rSs3PeN6itAyRBSuwwQfXB5uqUXbRnCs"
    "oA8bDrqUTGtPlfoWNWlk9j1fZMKv7NRYXeIHpibaXJxQSwECFAMUAAEAYwCxPXZdAAAAADwAAABsAAAACQALAAAAAAAAAAAAgAEAAAAA"
    "d2hhbGUudHh0AZkHAAIAQUUDCABQSwUGAAAAAAEAAQBCAAAAbgAAAAAA"
)
"""Written by another program (pyzipper): AE-2, 256 bits, deflated."""

SAYS = "A whale swam into the bay. " * 4


@pytest.fixture(scope="module")
def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["Deposit", "300 euros"])
    plain, encrypted = io.BytesIO(), io.BytesIO()
    made.save(plain)
    msoffcrypto.OfficeFile(plain).encrypt(PASSWORD, encrypted)
    return encrypted.getvalue()


def test_members_encrypted_with_aes_are_read_with_their_password(blocks):
    found = blocks(AES_ZIP, "a.zip", passwords=("wrong", PASSWORD))
    assert found[2:] == [Place("whale.txt"), Paragraph(SAYS.strip())]
    for passwords in ((), ("wrong",)):
        with pytest.raises(LeftOutError, match="encrypted") as error:
            blocks(AES_ZIP, "a.zip", passwords=passwords)
        assert error.value.remedy is not None
        assert "--password" in error.value.remedy


def test_a_changed_member_is_not_believed():
    changed = bytearray(AES_ZIP)
    changed[30 + 9 + 11 + 16 + 2 + 5] ^= 1
    with zipfile.ZipFile(io.BytesIO(changed)) as opened:
        info = opened.infolist()[0]
        assert aes.opens(opened, info, PASSWORD)
        with pytest.raises(ValueError, match="changed"):
            aes.read(opened, info, PASSWORD)
        assert archive._unzipped(opened, info, (PASSWORD,)) == b""


@pytest.mark.parametrize("at", [95, 115, 170, 175])
def test_damaged_facts_of_a_member_are_told(at):
    for value in range(0, 256, 51):
        changed = bytearray(AES_ZIP)
        changed[at] = value
        try:
            with zipfile.ZipFile(io.BytesIO(changed)) as opened:
                for info in opened.infolist():
                    archive.opens(opened, info, PASSWORD)
                    archive._unzipped(opened, info, (PASSWORD,))
        except (zipfile.BadZipFile, NotImplementedError):
            pass


def test_an_encrypted_workbook_is_read_with_its_password(blocks, workbook):
    found = blocks(workbook, "lease.xlsx", passwords=("wrong", PASSWORD))
    assert Row(("Deposit", "300 euros")) in found
    for passwords, why in (((), "needs a password"), (("wrong",), "none of the passwords")):
        with pytest.raises(LeftOutError, match=why) as error:
            blocks(workbook, "lease.xlsx", passwords=passwords)
        assert error.value.remedy == "Give it with --password."
    with pytest.raises(MediaError, match="ending"):
        blocks(workbook, "lease", passwords=(PASSWORD,))


def test_a_damaged_one_opens_with_nothing(workbook):
    for data in (workbook[:3000], compound({"EncryptedPackage": b"x", "EncryptionInfo": b"\4\0\4\0"})):
        assert locked.is_encrypted(io.BytesIO(data)) or len(data) == 3000
        assert locked.unlocked(io.BytesIO(data), (PASSWORD,)) is None
