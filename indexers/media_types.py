"""Which files are looked at (by extension), and what they really are (by their first bytes)."""

from collections.abc import Mapping

from indexers import document_types

HEAD_BYTES = 4096
"""How much of a file `sniff` wants to see; PDF allows its header anywhere in the first kilobyte."""

_BY_TYPE: Mapping[str, str] = {
    "image/jpeg": "jpg jpeg jpe jfif",
    "image/mpo": "mpo",
    "image/png": "png apng",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/tiff": "tif tiff",
    "image/bmp": "bmp dib",
    "image/heic": "heic heics heif heifs hif",
    "image/avif": "avif avifs",
    "image/jp2": "jp2 j2k jpx jpf j2c jpc",
    "image/x-icon": "ico cur",
    "image/icns": "icns",
    "image/vnd.adobe.photoshop": "psd",
    "image/x-portable-anymap": "ppm pgm pbm pnm pfm",
    "image/x-tga": "tga",
    "image/x-pcx": "pcx",
    "image/x-sgi": "sgi",
    "image/qoi": "qoi",
    "image/x-dds": "dds",
    "image/x-blp": "blp",
    "image/x-fli": "fli flc",
    "image/x-sun-raster": "ras im1",
    "image/x-msp": "msp",
    "application/pdf": "pdf",
    "video/mp4": "mp4 m4v 3gp 3g2 f4v",
    "video/quicktime": "mov qt",
    "video/x-matroska": "mkv",
    "video/webm": "webm",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpg mpeg vob ts mts m2ts m2t",
    "video/x-ms-wmv": "wmv asf",
    "video/ogg": "ogv",
    "video/x-flv": "flv",
    "audio/mpeg": "mp3 mp2 mpa",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/ogg": "ogg oga opus spx",
    "audio/mp4": "m4a m4b aac",
    "audio/aiff": "aif aiff aifc",
    "audio/x-matroska": "mka",
    "audio/x-ms-wma": "wma",
    "audio/amr": "amr",
    "audio/ac3": "ac3",
    "audio/basic": "au snd",
    "audio/x-caf": "caf",
    "audio/x-wavpack": "wv",
    "audio/x-ape": "ape",
    **document_types.BY_TYPE,
}
_BY_EXTENSION = {"." + ext: media_type for media_type, exts in _BY_TYPE.items() for ext in exts.split()}

KNOWN_EXTENSIONS = frozenset(_BY_EXTENSION)
"""The extensions that are looked at, in lower case with their dot."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"II+\0", "image/tiff"),
    (b"MM\0+", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
    (b"\xff\x4f\xff\x51", "image/jp2"),
    (b"\0\0\1\0", "image/x-icon"),
    (b"\0\0\2\0", "image/x-icon"),
    (b"icns", "image/icns"),
    (b"8BPS", "image/vnd.adobe.photoshop"),
    (b"qoif", "image/qoi"),
    (b"DDS ", "image/x-dds"),
    (b"BLP", "image/x-blp"),
    (b"\x01\xda", "image/x-sgi"),
    (b"\x59\xa6\x6a\x95", "image/x-sun-raster"),
    (b"%PDF-", "application/pdf"),
    (b"\x1a\x45\xdf\xa3", "video/x-matroska"),
    (b"\0\0\1\xba", "video/mpeg"),
    (b"\0\0\1\xb3", "video/mpeg"),
    (b"FLV\1", "video/x-flv"),
    (b"fLaC", "audio/flac"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-wmv"),
    (b"#!AMR", "audio/amr"),
    (b".snd", "audio/basic"),
    (b"caff", "audio/x-caf"),
    (b"wvpk", "audio/x-wavpack"),
    (b"MAC ", "audio/x-ape"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"%!PS", "application/postscript"),
    *document_types.SIGNATURES,
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_FTYP = {
    **dict.fromkeys((b"avif", b"avis"), "image/avif"),
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "image/heic"),
    b"qt  ": "video/quicktime",
    **dict.fromkeys((b"M4A ", b"M4B "), "audio/mp4"),
    b"jp2 ": "image/jp2",
}
_SHARED = {
    ("image/jpeg", "image/mpo"),
    ("video/x-matroska", "video/webm"),
    ("video/x-matroska", "audio/x-matroska"),
    ("video/x-ms-wmv", "audio/x-ms-wma"),
    ("audio/ogg", "video/ogg"),
}
"""Types that share a signature, with what the name may make of it."""

_PLAIN_WORDS = {
    "text/xml": "an XML or SVG file",
    "application/zip": "a ZIP archive",
    "application/gzip": "a compressed archive (gzip)",
    "application/postscript": "a PostScript file",
    "application/pdf": "a PDF",
    "application/octet-stream": "of no known type",
}
_PRINTABLE = frozenset(range(0x20, 0x7F)) | {0x09, 0x0A, 0x0C, 0x0D}


_PACKET, _SYNC = 188, 0x47
_LARGE = 1_000_000


def may_be_film(path: str, size: int) -> bool:
    """Whether a file called `.ts` may be a film (MPEG transport stream) and no program in TypeScript.

    Only what has the length of one, or is large for a program, is opened.
    """
    if size < _LARGE and size % _PACKET:
        return False
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
            head = file.read(_PACKET + 1)
    except OSError:
        return True  # reading it will tell why
    return head[:1] == head[_PACKET:] == bytes([_SYNC])


def by_extension(name: str) -> str | None:
    """Return the media type that a file name promises, None when it is of no kind we know."""
    return _BY_EXTENSION.get(name[name.rfind(".") :].lower())


def types_of(major: str) -> frozenset[str]:
    """Return the known types of one family: `audio`, `video`, `image`."""
    return frozenset(media_type for media_type in _BY_TYPE if media_type.startswith(f"{major}/"))


def sniff(head: bytes, name: str) -> str:
    """Return what a file really is by its first bytes; its name decides only where they do not.

    `head` is the first `HEAD_BYTES` of the file. Bytes that tell nothing are trusted to be what the
    name says when that is a picture or a PDF (the decoder has the last word).
    """
    promised = by_extension(name)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return _refined(media_type, promised, head)
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "audio/aiff"
    if head[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(head[8:12], "application/octet-stream")
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    found = document_types.of_bytes(head) or _of_text(head)
    return document_types.refined(found, promised, head) if found else promised or "application/octet-stream"


def describe(media_type: str) -> str:
    """Name a media type for a person, with its article: `a ZIP archive`, `a PNG picture`."""
    if named := _PLAIN_WORDS.get(media_type) or document_types.described(media_type):
        return named
    major, _, minor = media_type.partition("/")
    if major == "image":
        return f"a picture ({minor.removeprefix('x-').upper()})"
    return {"video": "a video", "audio": "a sound recording"}.get(major, f"of the type {media_type}")


def fits(media_type: str, name: str) -> bool:
    """Whether a file of a type may be called so: a web page called a picture is a download gone wrong."""
    promised = by_extension(name)
    return promised is None or promised in document_types.BY_TYPE or media_type not in document_types.BY_TYPE


def _refined(media_type: str, promised: str | None, head: bytes) -> str:
    """Keep the name's word between types that share a signature; ID3 tags stand before sound of any kind."""
    media_type = document_types.refined(media_type, promised, head)
    if promised is None:
        return media_type
    is_tagged = media_type == "audio/mpeg" and promised.startswith("audio/")
    return promised if is_tagged or (media_type, promised) in _SHARED else media_type


def _of_brands(head: bytes) -> str:
    """Tell an ISO media file by its brands, the major one first."""
    size = int.from_bytes(head[:4], "big")
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, min(size, 128), 4))]
    return next((_FTYP[brand] for brand in brands if brand in _FTYP), "video/mp4")


def _of_text(head: bytes) -> str | None:
    """Return a text type when the bytes are text (nearly all of it printable ASCII), else None."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:256].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "text/html"
    if start.startswith((b"<?xml", b"<svg")):
        return "text/xml"
    if _is_anymap(head) or not head or b"\0" in head:
        return None
    return "text/plain" if sum(byte in _PRINTABLE for byte in head) >= 0.95 * len(head) else None


def _is_anymap(head: bytes) -> bool:
    return head[:1] == b"P" and head[1:2] in b"1234567fF" and head[2:3] in (b" ", b"\n", b"\r", b"\t")
