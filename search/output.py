"""Search results as JSON, and back: what `crossfind search --json` prints and the window receives."""

from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, assert_never

from search.records import (
    Content,
    Evidence,
    File,
    Fix,
    Grouped,
    Hit,
    Locator,
    Missing,
    Page,
    Region,
    SearchResult,
    TimeSpan,
    Whole,
)
from search.watch import Explanation, LegReport, Step

Json = dict[str, Any]


def to_json(result: SearchResult) -> Json:
    """Return the stable form: plain dicts, lists, strings, numbers and None.

    A path that is not valid Unicode holds lone surrogates; `json.dumps` escapes them by default.
    """
    return {
        "query": result.query,
        "took_ms": result.took_ms,
        "fixes": [asdict(fix) for fix in result.fixes],
        "missing": [asdict(missing) for missing in result.missing],
        "hits": [_hit(hit) for hit in result.hits],
    }


def from_json(data: Json) -> SearchResult:
    """Return the result that `to_json` wrote; `from_json(to_json(result)) == result`."""
    return SearchResult(
        data["query"],
        data["took_ms"],
        tuple(_hit_from(hit) for hit in data["hits"]),
        tuple(Missing(**missing) for missing in data["missing"]),
        tuple(Fix(**fix) for fix in data["fixes"]),
    )


def explanation_to_json(explanation: Explanation) -> Json:
    """Return the answer of a query with what was done for it; each leg with what it is a reason for."""
    counts = [
        {"hits": explanation.shown_by(one), "best_reason": explanation.led_by(one)}
        for one in explanation.legs
    ]
    return {
        "steps": [asdict(step) for step in explanation.steps],
        "legs": [asdict(leg) | count for leg, count in zip(explanation.legs, counts, strict=True)],
        "floor": explanation.floor,
        "result": to_json(explanation.result),
    }


def explanation_from_json(data: Json) -> Explanation:
    """Return what `explanation_to_json` wrote."""
    known = {one.name for one in fields(LegReport)}
    legs = [LegReport(**{name: leg[name] for name in known}) for leg in data["legs"]]
    steps = [Step(**step) for step in data["steps"]]
    return Explanation(tuple(steps), tuple(legs), data["floor"], from_json(data["result"]))


def locator_to_json(locator: Locator) -> Json:
    """Write a place; a region keeps what it is a part of in `page` or `start_s` and `end_s`. `picture` is
    which one on its page, in a document."""
    place: Json = {
        "kind": "whole", "start_s": None, "end_s": None, "box": None, "page": None, "picture": None
    }  # fmt: skip
    match locator:
        case Whole():
            return place
        case Page(number, picture):
            return place | {"kind": "page", "page": number, "picture": picture}
        case TimeSpan(start, end):
            return place | {"kind": "time", "start_s": start, "end_s": end}
        case Region(of, box):
            return locator_to_json(of) | {"kind": "region", "box": list(box)}
        case _:
            assert_never(locator)


def locator_from_json(data: Json) -> Locator:
    """Read what `locator_to_json` wrote."""
    place: Whole | Page | TimeSpan = Whole()
    if data["page"] is not None:
        place = Page(data["page"], data.get("picture"))
    elif data["start_s"] is not None:
        place = TimeSpan(data["start_s"], data["end_s"])
    if data["kind"] != "region":
        return place
    left, top, right, bottom = data["box"]
    return Region(place, (left, top, right, bottom))


def _hit(hit: Hit) -> Json:
    content, file = hit.content, hit.file
    return {
        "rank": hit.rank,
        "score": hit.score,
        "path": file.path,
        "type": content.kind,
        "present": file.present,
        "locator": locator_to_json(hit.locator),
        "text": hit.text,
        "evidence": [_evidence(evidence) for evidence in hit.evidence],
        "digest": file.digest,
        "media_type": content.media_type,
        "thumbnail": str(hit.thumbnail) if hit.thumbnail else None,
        "group": asdict(hit.group) if hit.group else None,
        "more": hit.more,
        "file": {
            "size": file.size,
            "mtime_ns": file.mtime_ns,
            "root": file.root,
            "beside": file.beside,
        },
        "content": _content(content),
    }


def _hit_from(data: Json) -> Hit:
    digest = data["digest"]
    return Hit(
        data["rank"],
        data["score"],
        File(path=data["path"], digest=digest, present=data["present"], **data["file"]),
        _content_from(data["content"], digest, data["media_type"]),
        locator_from_json(data["locator"]),
        data["text"],
        tuple(_evidence_from(evidence) for evidence in data["evidence"]),
        Path(data["thumbnail"]) if data["thumbnail"] else None,
        Grouped(**data["group"]) if data["group"] else None,
        data.get("more", 0),
    )


def _evidence(evidence: Evidence) -> Json:
    values = {one.name: getattr(evidence, one.name) for one in fields(evidence)}
    return values | {"locator": locator_to_json(evidence.locator)}


def _evidence_from(data: Json) -> Evidence:
    return Evidence(**(data | {"locator": locator_from_json(data["locator"])}))


def _content(content: Content) -> Json:
    values = {one.name: getattr(content, one.name) for one in fields(content)}
    del values["digest"], values["media_type"], values["place_names"]
    lists: Json = {"tags": list(content.tags), "fields": [list(pair) for pair in content.fields]}
    return values | lists | {"taken_at": content.taken_at.isoformat() if content.taken_at else None}


def _content_from(data: Json, digest: str, media_type: str) -> Content:
    taken = data["taken_at"]
    moment = datetime.fromisoformat(taken) if taken else None
    lists = {"tags": tuple(data["tags"]), "fields": tuple((name, value) for name, value in data["fields"])}
    return Content(digest=digest, media_type=media_type, **(data | lists | {"taken_at": moment}))
