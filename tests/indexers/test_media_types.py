import pytest

from indexers.base import load
from indexers.media_types import by_extension, describe, sniff


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.jpg", "image/jpeg"),
        ("A.JPG", "image/jpeg"),
        ("archive.tar.png", "image/png"),
        (".jpg", "image/jpeg"),
        ("report.PDF", "application/pdf"),
        ("a.mp4", "video/mp4"),
        ("a.txt", "text/plain"),
        ("a.xyz", None),
        ("jpg", None),
        ("", None),
        ("folder.jpg/file", None),
    ],
)
def test_what_a_name_promises(name, media_type):
    assert by_extension(name) == media_type


@pytest.mark.parametrize(
    ("head", "name", "media_type"),
    [
        (b"\xff\xd8\xff\xe0", "a.png", "image/jpeg"),
        (b"\xff\xd8\xff\xe0", "a.mpo", "image/mpo"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a.jpg", "image/webp"),
        (b"RIFF\0\0\0\0WAVE", "a.jpg", "audio/wav"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "a.jpg", "image/avif"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0avif", "a.jpg", "image/heic"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41", "a.jpg", "video/mp4"),
        (b"x" * 900 + b"%PDF-1.4", "a.pdf", "application/pdf"),
        (b"%PDF-1.4", "a.jpg", "application/pdf"),
        (b"  <!DOCTYPE HTML>", "a.jpg", "text/html"),
        (b"<svg xmlns=", "a.png", "text/xml"),
        (b"OggS\0\2", "a.ogv", "video/ogg"),
        (b"OggS\0\2", "a.ogg", "audio/ogg"),
        (b"\0\0\1\xbaD", "a.vob", "video/mpeg"),
        (b"FLV\1\5", "a.mp4", "video/x-flv"),
        (b"P6 3 3 255 abc", "a.ppm", "image/x-portable-anymap"),
        (b"just words", "a.pdf", "text/plain"),
        (b"PK\x03\x04", "a.jpg", "application/zip"),
        (b"\x01\x02\x03", "a.png", "image/png"),
        (b"\x01\x02\x03", "a", "application/octet-stream"),
    ],
)
def test_what_a_file_is(head, name, media_type):
    assert sniff(head, name) == media_type


@pytest.mark.parametrize("media_type", ["text/html", "image/png", "video/mp4", "audio/ogg", "x/y"])
def test_descriptions_are_words(media_type):
    assert describe(media_type).startswith(("a ", "of "))


def test_builtin_indexers_read_pictures_and_pdfs():
    registry = load()
    looking = ["ocr", "faces", "objects"]
    assert [indexer.name for indexer in registry.of_type("image/png")] == ["pictures", "metadata", *looking]
    of_pdfs = [indexer.name for indexer in registry.of_type("application/pdf")]
    assert of_pdfs == ["documents", "metadata", "figures", *looking, "pages"]
    of_films = {indexer.name for indexer in registry.of_type("video/mp4")}
    assert of_films == {"metadata", "videos", "sound", "speech", *looking}
    assert [indexer.name for indexer in registry.only({"pdf"}).indexers] == of_pdfs
    only = registry.only({"pictures"})
    assert [indexer.name for indexer in only.of_type("image/png")] == ["pictures", "metadata"]
    assert only.of_type("application/pdf") == ()
    assert registry.named("pictures").spaces == {"scene", "look", "phash"}
    with pytest.raises(KeyError):
        registry.named("nothing")


def test_two_indexers_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two indexers"):
        load(("indexers.pictures", "indexers.pictures"))
