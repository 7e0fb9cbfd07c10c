"""Documents of every kind, written on the spot: packages of XML, mail, books, archives."""

import io
import struct
import zipfile
from collections.abc import Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    "<dc:title>Lease of a boat</dc:title><dc:creator>Ada Byron</dc:creator>"
    "<cp:keywords>boat; harbour</cp:keywords>"
    "<dcterms:created>2023-05-01T09:30:00Z</dcterms:created></cp:coreProperties>"
)


def packed(parts: dict[str, str | bytes], stored: Sequence[str] = ()) -> bytes:
    """A ZIP file of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            package.writestr(zipfile.ZipInfo(name), text, how)
    return file.getvalue()


def added(package: bytes, parts: dict[str, str | bytes]) -> bytes:
    """A ZIP file with more parts, or other ones."""
    with zipfile.ZipFile(io.BytesIO(package)) as before:
        kept: dict[str, str | bytes] = {name: before.read(name) for name in before.namelist()}
    return packed(kept | parts, ["mimetype"])


def related(**targets: str) -> str:
    """The relations of a part: their ids, and the pictures that they lead to."""
    links = (f'<Relationship Id="{key}" Type="{R}/image" Target="{to}"/>' for key, to in targets.items())
    return f"<Relationships>{''.join(links)}</Relationships>"


def shown(relation: str, described: str = "") -> str:
    """A picture on a slide, in a text or on a sheet."""
    return (
        f'<p:pic xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"><p:cNvPr id="4" descr="{described}"/>'
        f'<p:blipFill><a:blip r:embed="{relation}"/></p:blipFill></p:pic>'
    )


def word(body: str, **more: str) -> bytes:
    """A Word document with this body; German names of styles, as Word writes them."""
    heading = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    styles = f'<w:styles xmlns:w="{W}">{heading}</w:styles>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": styles,
        "docProps/core.xml": CORE,
    }
    return packed(parts | {f"word/{name}.xml": text for name, text in more.items()})


def para(text: str, style: str = "") -> str:
    """A paragraph of Word."""
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:t>{text}</w:t></w:r></w:p>"


def slides(*shown: str) -> bytes:
    """A presentation whose slides hold this XML, stored in the opposite order."""
    parts: dict[str, str | bytes] = {"docProps/core.xml": CORE}
    count = len(shown)
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="rId{n}"/>' for n in range(count))
    parts["ppt/presentation.xml"] = (
        f'<p:presentation xmlns:p="{P}" xmlns:r="{R}"><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>'
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/slide" Target="slides/slide{count - n}.xml"/>'
        for n in range(count)
    )
    parts["ppt/_rels/presentation.xml.rels"] = f"<Relationships>{links}</Relationships>"
    for n, text in enumerate(shown):
        parts[f"ppt/slides/slide{count - n}.xml"] = f'<p:sld xmlns:p="{P}" xmlns:a="{A}">{text}</p:sld>'
    return packed(parts)


def shape(text: str, kind: str = "body") -> str:
    """A shape on a slide."""
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def book(chapters: dict[str, str], **more: str) -> bytes:
    """An e-book with these chapters by file name, in this order."""
    items = "".join(f'<item id="c{n}" href="{name}"/>' for n, name in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfile full-path="OPS/a.opf"/></container>',
        "OPS/a.opf": (
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata><dc:title>The tides</dc:title>'
            f"<dc:creator>Mary Somerville</dc:creator></metadata><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>"
        ),
    }
    parts |= {f"OPS/{name}": text for name, text in chapters.items()}
    return packed(parts | {name.replace("__", "/"): text for name, text in more.items()}, ["mimetype"])


def opendocument(content: str, kind: str = "text", manifest: str = "<m/>") -> bytes:
    """An OpenDocument file of this kind."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "draw", "presentation", "meta")
    )
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content{spaces}><office:body>{content}</office:body>"
        "</office:document-content>",
        "meta.xml": '<m xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:meta="urn:x">'
        "<dc:title>Tide tables</dc:title>"
        "<meta:creation-date>2022-02-03T04:05:06.789</meta:creation-date></m>",
        "META-INF/manifest.xml": manifest,
    }
    return packed(parts, ["mimetype"])


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file ([MS-CFB], version 3); names with a slash lie in a storage.

    Streams are padded with zeros to 4,096 bytes, for which no small sectors are needed.
    """
    sector, free, end = 512, 0xFFFFFFFF, 0xFFFFFFFE
    folders = list(dict.fromkeys(name.partition("/")[0] for name in streams if "/" in name))
    entries: list[tuple[str, int, str]] = [("Root Entry", 5, "")]
    entries += [(name, 1, "") for name in folders]
    entries += [(name.rpartition("/")[2], 2, name) for name in streams]
    data, chains, starts = b"", [], {}
    for name, content in streams.items():
        padded = content.ljust(4096, b"\0")
        padded += bytes(-len(padded) % sector)
        starts[name] = len(data) // sector, len(padded)
        count = len(padded) // sector
        chains += [*range(len(data) // sector + 1, len(data) // sector + count), end]
        data += padded

    def children(folder: str) -> list[int]:
        return [
            n
            for n, (name, kind, path) in enumerate(entries)
            if (kind == 1 and not folder) or (kind == 2 and path.rpartition("/")[0] == folder)
        ]

    right, child = {}, {0: free}
    for at, folder in [(0, ""), *((n, name) for n, (name, kind, _) in enumerate(entries) if kind == 1)]:
        below = children(folder)
        child[at] = below[0] if below else free
        right |= dict(zip(below, [*below[1:], free], strict=True))
    table = b""
    for n, (name, kind, path) in enumerate(entries):
        wide = name.encode("utf-16-le")
        begin, size = starts.get(path, (end if kind == 5 else 0, 0))
        links = (free, right.get(n, free), child.get(n, free))
        table += wide.ljust(64, b"\0") + struct.pack("<HBB3I", len(wide) + 2, kind, 1, *links)
        table += bytes(36) + struct.pack("<IQ", begin, size)
    table += bytes(-len(table) % sector)
    first = len(data) // sector
    count = len(table) // sector
    chains += [*range(first + 1, first + count), end]
    at = first + count
    sectors = -(-(len(chains) + 1) * 4 // sector)
    fat = [*chains, *[0xFFFFFFFD] * sectors]
    fat += [free] * (-len(fat) % 128)
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    head += bytes(6) + struct.pack("<9I", 0, sectors, first, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *[*range(at, at + sectors), *[free] * (109 - sectors)])
    return head + data + table + struct.pack(f"<{len(fat)}I", *fat)
