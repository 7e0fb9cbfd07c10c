"""Documents read from bytes, and files of them."""

import io
from collections.abc import Callable

import pytest

from indexers.media_types import HEAD_BYTES, sniff
from indexers.writings.blocks import Block, Source
from indexers.writings.reading import inside, read


@pytest.fixture
def blocks() -> Callable[..., list[Block]]:
    """Read bytes that are a file of some name."""

    def of(data: bytes, name: str, **given: object) -> list[Block]:
        file = io.BytesIO(data)
        media_type = sniff(data[:HEAD_BYTES], name)
        return list(read(Source(file, name, len(data), media_type, inside=inside, **given)))  # type: ignore[arg-type]

    return of
