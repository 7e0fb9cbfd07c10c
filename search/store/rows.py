"""Records to Arrow tables and back."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa

from search.link_form import LINKS
from search.records import Content, File, Locator, Page, Region, Segment, TimeSpan, Whole, date_of
from search.spaces import Vector
from search.store.lists import fields_text, places_text, tags_text
from search.store.schema import CONTENTS_SCHEMA, FILES_SCHEMA, MARKS_SCHEMA, TOKENED, TOKENS, segments_schema
from search.store.text import fold, name_words, path_to_text, text_to_path
from search.store.types import Mark, SegmentRows

Row = Mapping[str, Any]

_PICTURE_BITS = 32
"""Above so many bits `page` holds which picture of the page it is, 0 for the page itself (decision 72)."""


def folder_text(path: str) -> str:
    """Return the folder of a path as the `folder` column holds it: folded, with forward slashes."""
    return _folder_column(os.path.dirname(path))  # noqa: PTH120 (a Path is ten times as dear)


@lru_cache(10_000)
def _folder_column(folder: str) -> str:
    return fold(PurePath(folder).as_posix()).rstrip("/") + "/"


def files_table(files: Iterable[File], contents: Mapping[str, Content]) -> pa.Table:
    """Build rows of `files`; `contents` must hold the content of each file."""
    return pa.Table.from_pylist(
        [_file_row(file, contents[file.digest]) for file in files], schema=FILES_SCHEMA
    )


def contents_table(contents: Iterable[Content]) -> pa.Table:
    """Build rows of `contents`."""
    rows = [
        _facts(content)
        | {
            "digest": content.digest,
            "size": content.size,
            "camera": content.camera,
            "title": content.title,
            "metadata": content.words,
            "place": content.place,
            "tags": list(content.tags) or None,
            "place_names": list(content.place_names) or None,
            "words": fold(" ".join(_said(content))),
        }
        for content in contents
    ]
    return pa.Table.from_pylist(rows, schema=CONTENTS_SCHEMA)


def _said(content: Content) -> Iterator[str]:
    """Yield all that words may find a content by."""
    for part in (content.title, content.camera, content.words, content.place):
        if part:
            yield part
    yield from content.tags
    yield from content.place_names


def said_in(row: Row, asked: str) -> str:
    """Return what a row of `contents` says in words, what tells a person most first; of the many names of a
    place those that hold a word that is asked for."""
    words = fold(asked).split()
    names = [name for name in row["place_names"] or () if any(word in fold(name) for word in words)]
    title, said = row["title"] or "", row["metadata"] or ""
    place = ", ".join((*([row["place"]] if row["place"] else ()), *names))
    lines = ["" if said.startswith(title) else title, said, ", ".join(row["tags"] or ()), place]
    return "\n".join(line for line in lines if line)


def marks_table(marks: Sequence[Mark]) -> pa.Table:
    """Build rows of `marks`."""
    return pa.Table.from_pylist([mark._asdict() for mark in marks], schema=MARKS_SCHEMA)


def segments_table(space: str, rows: SegmentRows) -> pa.Table:
    """Build rows of one space. Raises `ValueError` when vectors and segments do not fit each other."""
    dim = rows.fingerprint.dim
    schema = segments_schema(space, dim)
    if not rows.segments:
        return schema.empty_table()
    table = pa.Table.from_pylist([_segment_row(segment, words=not dim) for segment in rows.segments])
    columns = {name: table[name] for name in schema.names if name not in ("vector", TOKENS)}
    if dim:
        columns["vector"] = _vectors(rows, dim)
    if space in TOKENED:
        columns[TOKENS] = _tokens(rows, dim)
    return pa.table(columns, schema=schema)


def _vectors(rows: SegmentRows, dim: int) -> pa.Array:
    wanted = (len(rows.segments), dim)
    if rows.vectors is None or rows.vectors.shape != wanted:
        found = None if rows.vectors is None else rows.vectors.shape
        raise ValueError(f"vectors of shape {found}, expected {wanted}")
    if not np.isfinite(rows.vectors).all():
        raise ValueError("vectors hold values that are not finite")
    flat = np.ascontiguousarray(rows.vectors, dtype=np.float16).reshape(-1)
    return pa.FixedSizeListArray.from_arrays(pa.array(flat), dim)


def _tokens(rows: SegmentRows, dim: int) -> pa.Array:
    tokens = rows.tokens or [None] * len(rows.segments)
    if len(tokens) != len(rows.segments) or any(t is not None and t.shape[1:] != (dim,) for t in tokens):
        raise ValueError(f"token vectors do not fit {len(rows.segments)} segments of {dim} values")
    written = [None if one is None else one.astype(np.float16).tobytes() for one in tokens]
    return pa.array(written, pa.large_binary())


def tokens_of(written: bytes, dim: int) -> Vector:
    """Read the `tokens` of one row as float32 (m, dim)."""
    return np.frombuffer(written, np.float16).astype(np.float32).reshape(-1, dim)


def contents_of(table: pa.Table) -> dict[str, Content]:
    """Read contents, by digest."""
    return {row["digest"]: _content(row) for row in table.to_pylist()}


def file_of(row: Row) -> File:
    """Read one row of `files`."""
    return File(
        text_to_path(row["path"]),
        row["digest"],
        row["size"],
        row["mtime_ns"],
        text_to_path(row["root"]),
        row["present"],
        row["beside"],
    )


def segment_of(row: Row, space: str) -> Segment:
    """Read one row of a space's table."""
    flat, points = row.get("timing") or (), row.get("landmarks") or ()
    return Segment(
        row["digest"],
        space,
        row["n"],
        _locator(row),
        row["text"],
        row["parent"],
        tuple((int(at), start, end) for at, start, end in zip(*[iter(flat)] * 3, strict=True)),
        row.get("quality"),
        tuple(zip(points[::2], points[1::2], strict=True)),
    )


def vectors_of(table: pa.Table) -> Vector:
    """Read the `vector` column as float32 (rows, dim)."""
    column = table["vector"].combine_chunks()
    flat = column.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, dtype=np.float32).reshape(len(table), column.type.list_size)


def _facts(content: Content) -> dict[str, Any]:
    return {
        "media_type": content.media_type,
        "width": content.width,
        "height": content.height,
        "pages": content.pages,
        "duration_s": content.duration_s,
        "taken_at": content.taken_at,
        "latitude": content.latitude,
        "longitude": content.longitude,
        "language": content.language,
        "rating": content.rating,
    }


def _file_row(file: File, content: Content) -> dict[str, Any]:
    path = PurePath(file.path)
    root = PurePath(file.root)
    inside = path.relative_to(root.parent) if path.is_relative_to(root) else PurePath(path.name)
    return _facts(content) | {
        "path": path_to_text(file.path),
        "digest": file.digest,
        "size": file.size,
        "mtime_ns": file.mtime_ns,
        "root": path_to_text(file.root),
        "present": file.present,
        "beside": file.beside,
        "name": fold(path.name),
        "folder": folder_text(file.path),
        "ext": fold(path.suffix[1:]),
        "kind": content.kind,
        "date": date_of(file, content),
        "camera": None if content.camera is None else fold(content.camera),
        "tags": tags_text(content.tags),
        "place": places_text(content.place, content.place_names),
        "fields": fields_text(content.fields),
        "words": name_words(str(inside)),
    }


def _segment_row(segment: Segment, words: bool) -> dict[str, Any]:
    row = {"digest": segment.digest, "n": segment.n, "text": segment.text, "parent": segment.parent}
    return row | _place(segment.locator) | (_word_columns if words else _looks)(segment)


def _looks(segment: Segment) -> dict[str, Any]:
    return {"quality": segment.quality, "landmarks": list(chain.from_iterable(segment.landmarks)) or None}


def _word_columns(segment: Segment) -> dict[str, Any]:
    words = "" if segment.space == LINKS else fold(segment.text or "")  # what files are called is no word
    return {"words": words, "timing": list(chain.from_iterable(segment.timing)) or None}


def _place(locator: Locator) -> dict[str, Any]:
    none: dict[str, Any] = {"page": None, "start_s": None, "end_s": None, "box": None}
    match locator:
        case Whole():
            return none
        case Page(number, picture):
            return none | {"page": number | (picture or 0) << _PICTURE_BITS}
        case TimeSpan(start_s=start, end_s=end):
            return none | {"start_s": start, "end_s": end}
        case Region(of=of, box=box):
            return _place(of) | {"box": list(box)}


def _locator(row: Row) -> Locator:
    place: Whole | Page | TimeSpan = Whole()
    if row["page"] is not None:
        picture, number = divmod(row["page"], 1 << _PICTURE_BITS)
        place = Page(number, picture or None)
    elif row["start_s"] is not None:
        place = TimeSpan(row["start_s"], row["end_s"])
    if row["box"] is None:
        return place
    left, top, right, bottom = row["box"]
    return Region(place, (left, top, right, bottom))


def _content(row: Row) -> Content:
    return Content(
        digest=row["digest"],
        media_type=row["media_type"],
        size=row["size"],
        width=row["width"],
        height=row["height"],
        pages=row["pages"],
        duration_s=row["duration_s"],
        taken_at=row["taken_at"],
        latitude=row["latitude"],
        longitude=row["longitude"],
        camera=row["camera"],
        title=row["title"],
        words=row["metadata"],
        language=row["language"],
        tags=tuple(row["tags"] or ()),
        rating=row["rating"],
        place=row["place"],
        place_names=tuple(row["place_names"] or ()),
    )
