"""Rich Text Format."""

from collections.abc import Iterator

from indexers.writings.blocks import Block, Paragraph, Source


def rich(source: Source) -> Iterator[Block]:
    """Read a text; pictures and other things in it are left out."""
    from striprtf.striprtf import rtf_to_text

    text = rtf_to_text(source.file.read(source.most_text).decode("latin-1"), errors="replace")
    for line in text.split("\n"):
        if line.strip():
            yield Paragraph(line.replace("|", " | ").strip(" |"))
