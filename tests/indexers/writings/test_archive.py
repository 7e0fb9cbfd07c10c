"""Archives, and what hides in them."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from indexers.base import LeftOutError
from indexers.writings import archive
from indexers.writings.blocks import MOST_DEEP, Heading, Paragraph, Picture, Place
from search.errors import MediaError
from tests.indexers.writings.making import packed, para, word

HELD = {
    "notes/sea.txt": b"The sea is calm.",
    "lease.docx": word(para("Deposit")),
    "photo.jpg": b"\xff\xd8\xff",
    "app/node_modules/x/readme.md": b"# no",
    "../../etc/evil.txt": b"Root words",
}


def tarred(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as made:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            made.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        made.addfile(link)
    return file.getvalue()


def test_a_zip_archive_lists_its_names_and_reads_documents(blocks):
    listed, names, *rest, photo = blocks(packed(HELD), "a.zip")
    assert (listed, names) == (Place(""), Paragraph("\n".join(HELD)))
    assert rest == [
        Place("notes/sea.txt"),
        Paragraph("The sea is calm."),
        Place("lease.docx"),
        Heading("Lease of a boat"),
        Paragraph("Deposit"),
        Place("../../etc/evil.txt"),
        Paragraph("Root words"),
        Place("photo.jpg"),
    ]
    assert isinstance(photo, Picture)


@pytest.mark.parametrize(
    ("pack", "name"),
    [(bytes, "a.tar"), (gzip.compress, "a.tar.gz"), (bz2.compress, "a.tbz2"), (lzma.compress, "a.tar.xz")],
)
def test_tar_archives(blocks, pack, name):
    found = blocks(pack(tarred(HELD)), name)
    assert found[:2] == [Place("notes/sea.txt"), Paragraph("The sea is calm.")]
    assert found[-3:] == [Place(""), Paragraph("\n".join(HELD)), Place("photo.jpg")]
    *others, photo = blocks(pack(tarred(HELD)), name, shows=True)
    assert others == found
    assert isinstance(photo, Picture)
    assert photo.load() == HELD["photo.jpg"]


def test_a_packed_file_that_is_no_archive(blocks):
    assert blocks(gzip.compress(b"calm"), "sea.txt.gz") == [Place("sea.txt"), Paragraph("calm")]
    assert blocks(gzip.compress(b"\0" * 50), "sea.bin.gz") == [Place("sea.bin")]


def test_archives_in_archives_are_read_to_some_depth(blocks):
    data = b"deep"
    for n in range(MOST_DEEP + 2):
        data = packed({("sea.txt" if n == 0 else f"{n}.zip"): data})
    found = blocks(data, "a.zip")
    assert Paragraph("3.zip") in found
    assert Paragraph("deep") not in found
    shallow = packed({"1.zip": packed({"sea.txt": b"deep"})})
    assert blocks(shallow, "a.zip")[-2:] == [Heading("sea.txt"), Paragraph("deep")]


def test_locked_members(blocks):
    data = bytearray(packed({"sea.txt": b"calm"}))
    for mark, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + at] |= 1
    for passwords in ((), ("wrong",)):
        with pytest.raises(LeftOutError, match=r"encrypted\. Give its password"):
            blocks(bytes(data), "a.zip", passwords=passwords)


def test_bombs_do_not_go_off(blocks, monkeypatch):
    bomb = packed({"big.txt": b"\0" * 30_000_000, "sea.txt": b"calm"})
    assert len(bomb) < 100_000
    assert blocks(bomb, "a.zip")[1:] == [Paragraph("big.txt\nsea.txt"), Place("sea.txt"), Paragraph("calm")]
    with pytest.raises(MediaError, match="would unpack to 30 MB"):
        blocks(packed({"word/document.xml": b" " * 30_000_000}), "a.docx")
    monkeypatch.setattr(archive, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(MediaError, match="unpacks to more than 1 MB"):
        blocks(gzip.compress(tarred({"big.bin": bytes(3_000_000)})), "a.tar.gz")


def test_a_size_that_lies(blocks):
    data = bytearray(packed({"sea.txt": b"calm " * 100}))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = (4).to_bytes(4, "little")
    assert blocks(bytes(data), "a.zip")[1] == Paragraph("sea.txt")


@pytest.mark.parametrize("name", ["a.zip", "a.docx", "a.odt", "a.epub", "a.xlsx", "a.pptx"])
def test_broken_packages(blocks, name):
    with pytest.raises(MediaError, match="damaged"):
        blocks(packed(HELD)[:-30], name)


def test_what_a_member_may_be():
    assert archive.is_wanted("a/b.PDF")
    assert archive.is_wanted("./b.txt")
    assert archive.is_wanted("a\\b.docx")
    for name in ("a.jpg", "a.py", "__MACOSX/a.txt", ".git/a.txt", "a/._b.txt", "noending"):
        assert not archive.is_wanted(name)


def test_links_in_archives_lead_nowhere(blocks):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        info = zipfile.ZipInfo("link.txt")
        info.external_attr = 0o120777 << 16
        made.writestr(info, "/etc/passwd")
    assert blocks(file.getvalue(), "a.zip") == [Place(""), Paragraph("link.txt")]
