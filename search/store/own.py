"""What the user says of contents: rows of `own`, apart from what files say: neither overwrites the other."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from search.records import Content, Own
from search.store.rows import Row
from search.store.schema import OWN_SCHEMA
from search.store.text import fold


def own_table(entries: Mapping[str, Own]) -> pa.Table:
    """Build rows of `own`, by digest."""
    rows = [
        {"digest": digest, "facts": json.dumps(_plain(own), ensure_ascii=False), "words": fold(said_of(own))}
        for digest, own in entries.items()
    ]
    return pa.Table.from_pylist(rows, schema=OWN_SCHEMA)


def own_of(table: pa.Table) -> dict[str, Own]:
    """Read rows of `own`, by digest."""
    return {row["digest"]: own_in(row) for row in table.to_pylist()}


def own_in(row: Row) -> Own:
    """Read one row."""
    facts: dict[str, Any] = json.loads(row["facts"])
    taken = facts["taken_at"]
    return Own(
        title=facts["title"],
        taken_at=datetime.fromisoformat(taken) if taken else None,
        rating=facts["rating"],
        place=facts["place"],
        tags=tuple(facts["tags"]),
        fields=tuple((name, value) for name, value in facts["fields"]),
    )


def said_of(own: Own) -> str:
    """Return what the user said in words, a line for each."""
    lines = [own.title, ", ".join(own.tags), own.place, *(f"{name}: {value}" for name, value in own.fields)]
    return "\n".join(line for line in lines if line)


def completed(contents: Iterable[Content], own: Mapping[str, Own]) -> dict[str, Content]:
    """Return contents by digest, with what the user says of them."""
    return {one.digest: one.told(own[one.digest]) if one.digest in own else one for one in contents}


def _plain(own: Own) -> dict[str, Any]:
    return {
        "title": own.title,
        "taken_at": own.taken_at.isoformat() if own.taken_at else None,
        "rating": own.rating,
        "place": own.place,
        "tags": list(own.tags),
        "fields": [list(pair) for pair in own.fields],
    }
