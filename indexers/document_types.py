"""Documents that are no PDFs: which there are, by how their names end, and what they are by their bytes."""

from collections.abc import Mapping

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_OPEN = "application/vnd.oasis.opendocument."

TEXTS: Mapping[str, str] = {
    "text/plain": "txt text org adoc asciidoc tex",
    "text/markdown": "md markdown mdown mkd",
    "text/x-rst": "rst rest",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv tab",
    "text/html": "html htm xhtml",
    "application/rtf": "rtf",
    _WORD: "docx docm dotx dotm",
    _SHEET: "xlsx xlsm xltx xltm",
    _SLIDES: "pptx pptm ppsx ppsm potx",
    f"{_OPEN}text": "odt ott",
    f"{_OPEN}spreadsheet": "ods ots",
    f"{_OPEN}presentation": "odp otp",
    "application/epub+zip": "epub",
    "message/rfc822": "eml emlx mht mhtml",
    "application/mbox": "mbox",
    "application/vnd.ms-outlook": "msg",
    "application/msword": "doc dot",
    "application/vnd.ms-excel": "xls xlt",
    "application/vnd.ms-excel.sheet.binary": "xlsb",
    "application/vnd.ms-powerpoint": "ppt pps pot",
    "application/vnd.apple.pages": "pages",
    "application/vnd.apple.numbers": "numbers",
    "application/vnd.apple.keynote": "key",
    "application/x-ole-storage": "",
}
"""What people write and keep, and the endings of their names. The last ones are not read, but told."""

ARCHIVES: Mapping[str, str] = {
    "application/zip": "zip",
    "application/x-tar": "tar",
    "application/gzip": "gz tgz",
    "application/x-bzip2": "bz2 tbz tbz2",
    "application/x-xz": "xz txz",
    "application/x-7z-compressed": "7z",
    "application/vnd.rar": "rar",
}
CODE: Mapping[str, str] = {
    "text/x-source": (
        "py pyi js mjs cjs jsx tsx java kt kts scala groovy c h cc cpp cxx hh hpp hxx cs fs vb go rs rb php "
        "pl pm swift dart lua r jl hs ml clj ex exs erl el lisp scm m mm pas f90 f95 asm s sql sh bash zsh "
        "fish bat ps1 cmd css scss sass less vue svelte proto gradle cmake mk tf nix ipynb"
    ),
    "text/x-data": "json jsonl ndjson xml yaml yml toml ini cfg conf properties env plist log",
}
"""Source code, and what programs write for programs: read only where a library asks for it."""

BY_TYPE: Mapping[str, str] = {**TEXTS, **ARCHIVES, **CODE}

CODE_ENDINGS = frozenset(f".{ending}" for endings in CODE.values() for ending in endings.split())
"""How names of code end, in lower case with their dot."""

CONTAINER = "application/x-ole-storage"
"""No name promises it: what old and encrypted Office documents, and messages of Outlook, are kept in."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", CONTAINER),
    (b"{\\rtf", "application/rtf"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\0", "application/x-xz"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_KEPT_IN: Mapping[str, frozenset[str]] = {
    "application/zip": frozenset(
        {_WORD, _SHEET, _SLIDES, "application/epub+zip", "application/vnd.ms-excel.sheet.binary"}
        | {media_type for media_type in TEXTS if media_type.startswith((_OPEN, "application/vnd.apple."))}
    ),
    CONTAINER: frozenset(
        (
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.ms-outlook",
        )
    ),
}
"""What a container may be by its name: only reading it tells."""

_IN_WORDS: Mapping[str, str] = {
    "text/plain": "plain text",
    "text/markdown": "a text in Markdown",
    "text/x-rst": "a text in reStructuredText",
    "text/csv": "a table (CSV)",
    "text/tab-separated-values": "a table (TSV)",
    "text/html": "a web page (HTML)",
    "text/x-source": "source code",
    "text/x-data": "a data file",
    "application/rtf": "a text in Rich Text Format",
    _WORD: "a Word document",
    _SHEET: "an Excel workbook",
    _SLIDES: "a PowerPoint presentation",
    f"{_OPEN}text": "an OpenDocument text",
    f"{_OPEN}spreadsheet": "an OpenDocument spreadsheet",
    f"{_OPEN}presentation": "an OpenDocument presentation",
    "application/epub+zip": "an e-book (EPUB)",
    "message/rfc822": "an e-mail",
    "application/mbox": "a mailbox",
    "application/vnd.ms-outlook": "a message of Outlook",
    "application/msword": "an old Word document",
    "application/vnd.ms-excel": "an old Excel workbook",
    "application/vnd.ms-excel.sheet.binary": "a binary Excel workbook",
    "application/vnd.ms-powerpoint": "an old PowerPoint presentation",
    "application/vnd.apple.pages": "a Pages document",
    "application/vnd.apple.numbers": "a Numbers spreadsheet",
    "application/vnd.apple.keynote": "a Keynote presentation",
    "application/x-tar": "an archive (tar)",
    "application/x-bzip2": "a compressed archive (bzip2)",
    "application/x-xz": "a compressed archive (xz)",
    "application/x-7z-compressed": "an archive (7z)",
    "application/vnd.rar": "an archive (RAR)",
    CONTAINER: "an old or encrypted Office document",
}
_BY_EXTENSION = {ext: media_type for media_type, exts in BY_TYPE.items() for ext in exts.split()}
_TAR_MARK = slice(257, 262)


def of_bytes(head: bytes) -> str | None:
    """Return the type of what is known by bytes behind its first ones, None for anything else."""
    return "application/x-tar" if head[_TAR_MARK] == b"ustar" else None


def refined(media_type: str, promised: str | None, head: bytes) -> str:
    """Say what bytes of a type are where their name has a say: a ZIP archive may be a book, text anything."""
    if media_type in _KEPT_IN:
        if promised in _KEPT_IN[media_type]:
            return str(promised)
        if media_type == "application/zip" and head[30:38] == b"mimetype":
            named = head[38:120].partition(b"PK")[0].decode("ascii", "replace")
            return next((known for known in _KEPT_IN[media_type] if named == known), media_type)
        return media_type
    if promised is not None and is_text(media_type) and is_text(promised):
        return media_type if (media_type, promised) == ("text/html", "text/plain") else promised
    return media_type


def is_text(media_type: str) -> bool:
    """Whether a type is text, so that only the name tells more of it."""
    return media_type.startswith(("text/", "message/")) or media_type == "application/mbox"


def described(media_type: str) -> str | None:
    """Name a type for a person, with its article; None for what is none of ours."""
    return _IN_WORDS.get(media_type)


def by_ending(ending: str) -> str | None:
    """Return the type that an ending without its dot, in lower case, promises."""
    return _BY_EXTENSION.get(ending)
