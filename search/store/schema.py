"""The tables' columns. `files.name`, `.folder`, `.camera` and all `words` are folded (`store.fold`)."""

import pyarrow as pa

FILES = "files"
CONTENTS = "contents"
MARKS = "marks"
SIGHTINGS = "sightings"
PEOPLE = "people"
EDITS = "edits"
OWN = "own"

_TEXT = pa.string()
_MOMENT = pa.timestamp("us")

_FACTS = [
    pa.field("media_type", _TEXT),
    pa.field("width", pa.int64()),
    pa.field("height", pa.int64()),
    pa.field("pages", pa.int64()),
    pa.field("duration_s", pa.float64()),
    pa.field("taken_at", _MOMENT),
    pa.field("latitude", pa.float64()),
    pa.field("longitude", pa.float64()),
    pa.field("camera", _TEXT),
    pa.field("language", _TEXT),
    pa.field("rating", pa.int64()),
    pa.field("place", _TEXT),
]

CONTENTS_SCHEMA = pa.schema(
    [
        pa.field("digest", _TEXT),
        pa.field("size", pa.int64()),
        *_FACTS,
        pa.field("title", _TEXT),
        pa.field("metadata", _TEXT),
        pa.field("tags", pa.list_(_TEXT)),
        pa.field("place_names", pa.list_(_TEXT)),
        pa.field("words", _TEXT),
    ]
)
"""The truth about a content. `metadata` is `Content.words` as it is, `words` the same folded for search."""

FILES_SCHEMA = pa.schema(
    [
        pa.field("path", _TEXT),
        pa.field("digest", _TEXT),
        pa.field("size", pa.int64()),
        pa.field("mtime_ns", pa.int64()),
        pa.field("root", _TEXT),
        pa.field("present", pa.bool_()),
        pa.field("name", _TEXT),
        pa.field("folder", _TEXT),
        pa.field("ext", _TEXT),
        pa.field("kind", _TEXT),
        pa.field("date", _MOMENT),
        pa.field("beside", _TEXT),
        pa.field("tags", _TEXT),
        pa.field("fields", _TEXT),
        *_FACTS,
        pa.field("words", _TEXT),
    ]
)
"""One row per path, with all a filter can ask about: `name`, `folder` ("/a/b/", always forward slashes and a
slash at both ends, "c:/a/" on Windows) and `camera` folded, `ext` in lower case without its dot, `date` is
`taken_at` or else the local time of the last change, `kind` is `Content.kind`. `tags`, `place` and `fields`
are folded lists in one text, see `search.store.lists`."""

MARKS_SCHEMA = pa.schema(
    [
        pa.field("digest", _TEXT),
        pa.field("space", _TEXT),
        pa.field("key", _TEXT),
        pa.field("outcome", _TEXT),
        pa.field("reason", _TEXT),
        pa.field("segments", pa.int64()),
    ]
)

PLACE_COLUMNS = ["digest", "n", "page", "start_s", "end_s", "box", "text", "parent"]

TIMING = "timing"
"""The column of word times, which only spaces without vectors have."""

LOOKS = ["quality", "landmarks"]
"""What is known of a thing in a picture beside its place; only spaces with vectors have it."""

TOKENS = "tokens"
"""The column of a page's token vectors, float16 row by row as bytes; only the spaces of `TOKENED` have it."""

TOKENED = frozenset(("page", "page_look"))
"""Spaces whose contents have many vectors each, of which the table's own are means. Of the rows of a page the
first, by `n`, stands for all of it, and has no parent."""

SIGHTINGS_SCHEMA = pa.schema(
    [
        pa.field("id", pa.int64()),
        pa.field("digest", _TEXT),
        pa.field("page", pa.int64()),
        pa.field("start_s", pa.float64()),
        pa.field("end_s", pa.float64()),
        pa.field("box", pa.list_(pa.float64())),
        pa.field("n", pa.int64()),
        pa.field("quality", pa.float64()),
        pa.field("cluster", pa.int64()),
        pa.field("person", pa.int64()),
        pa.field("region", _TEXT),
        pa.field("key", _TEXT),
    ]
)
"""One row per face, see `search.people.records.Sighting`; `cluster` is its `group`."""

PEOPLE_SCHEMA = pa.schema([pa.field("id", pa.int64()), pa.field("name", _TEXT)])
"""The persons that have a name."""

EDITS_SCHEMA = pa.schema(
    [
        pa.field("n", pa.int64()),
        pa.field("at", _MOMENT),
        pa.field("kind", _TEXT),
        pa.field("source", _TEXT),
        pa.field("changes", _TEXT),
    ]
)
"""The log of edits; it only grows. `kind` is edit, undo or redo, `changes` JSON (`search.store.people`)."""

OWN_SCHEMA = pa.schema([pa.field("digest", _TEXT), pa.field("facts", _TEXT), pa.field("words", _TEXT)])
"""What the user says of contents: `facts` JSON (`search.store.own`), `words` what it says in words."""

FIXED = {
    FILES: FILES_SCHEMA,
    CONTENTS: CONTENTS_SCHEMA,
    MARKS: MARKS_SCHEMA,
    SIGHTINGS: SIGHTINGS_SCHEMA,
    PEOPLE: PEOPLE_SCHEMA,
    EDITS: EDITS_SCHEMA,
    OWN: OWN_SCHEMA,
}
"""The tables every library has."""

KEYS = {
    FILES: ["path"],
    CONTENTS: ["digest"],
    MARKS: ["digest", "space", "key"],
    SIGHTINGS: ["id"],
    PEOPLE: ["id"],
    EDITS: ["n"],
    OWN: ["digest"],
}
"""By what a row of each is told from the others; in the tables of spaces by digest and n."""


def segments_schema(space: str, dim: int) -> pa.Schema:
    """Columns of one space's table: `words` (folded text) where the space has no vectors, else `vector`.

    `timing` has three numbers for each spoken word: its place in the text, its first and its last second.
    `quality` is 0..1; `landmarks` has two shares 0..1 of the upright picture, across and down, for each.
    """
    fields = [
        pa.field("digest", _TEXT),
        pa.field("n", pa.int64()),
        pa.field("page", pa.int64()),
        pa.field("start_s", pa.float64()),
        pa.field("end_s", pa.float64()),
        pa.field("box", pa.list_(pa.float64())),
        pa.field("text", _TEXT),
        pa.field("parent", _TEXT),
    ]
    if dim:
        fields.append(pa.field("vector", pa.list_(pa.float16(), dim)))
        if space in TOKENED:
            return pa.schema([*fields, pa.field(TOKENS, pa.large_binary())])
        return pa.schema(
            [*fields, pa.field("quality", pa.float64()), pa.field("landmarks", pa.list_(pa.float64()))]
        )
    return pa.schema([*fields, pa.field("words", _TEXT), pa.field(TIMING, pa.list_(pa.float64()))])
