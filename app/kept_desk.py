"""What the window asks of the resident process about saved searches and collections."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import keeping
from app.config import Config
from search.expanding import anchored
from search.kept import Kept, Pick
from search.output import from_json, locator_from_json, locator_to_json
from search.records import SearchResult

if TYPE_CHECKING:
    from app.desk import Desk

Json = dict[str, Any]


def answer(desk: "Desk", config: Config, what: str, given: Mapping[str, Any]) -> Any:
    """Do one of the operations below with the values given. Raises `CrossfindError`."""
    shelf, name = keeping.kept(config), str(given.get("name", ""))

    def ask(query: str, limit: int) -> SearchResult:
        return from_json(desk.search(config, query, {"limit": limit, "base": str(Path.home())}))

    match what:
        case "searches":
            return keeping.saved_searches(config, ask if given["counted"] else None)
        case "save":
            return keeping.save(config, name, given["query"], ask, Path.home())
        case "look":
            return look(shelf, name, given["digests"])
        case "rename_search":
            shelf.rename_search(name, given["new_name"])
            return None
        case "remove_search":
            return remove_search(shelf, name)
        case "collections":
            return [{"name": one.name, "count": one.count} for one in shelf.collections()]
        case "add":
            return shelf.add(name, [_pick(one) for one in given["picks"]])
        case "take_out":
            return shelf.take_out(name, given["digests"])
        case "rename_collection":
            return shelf.rename_collection(name, given["new_name"])
        case "remove_collection":
            return remove_collection(shelf, name)
        case "restore":
            return restore(shelf, given["removed"])
        case _:
            raise ValueError(f"no such operation: {what}")


def look(shelf: Kept, name: str, digests: Sequence[str]) -> list[str]:
    """Remember what was looked at, and return what of it had not been seen before."""
    fresh = shelf.unseen(name, digests)
    shelf.look(name, digests)
    return sorted(fresh)


def remove_search(shelf: Kept, name: str) -> Json:
    """Forget a saved search and return what `restore` needs to bring it back."""
    saved = shelf.search(name)
    removed = {"name": saved.name, "query": saved.query, "seen": sorted(shelf.seen(name))}
    shelf.remove_search(name)
    return removed


def remove_collection(shelf: Kept, name: str) -> Json:
    """Forget a collection and return what `restore` needs to bring it back."""
    picks = [asdict(one) | {"locator": locator_to_json(one.locator)} for one in shelf.picks(name)]
    known = next(one.name for one in shelf.collections() if one.name.casefold() == name.casefold())
    shelf.remove_collection(name)
    return {"name": known, "picks": picks}


def restore(shelf: Kept, removed: Json) -> None:
    """Bring back what `remove_search` or `remove_collection` took away."""
    if "query" in removed:
        shelf.save(removed["name"], anchored(removed["query"], Path.home()))
        shelf.look(removed["name"], removed["seen"])
    else:
        shelf.add(removed["name"], [_pick(one) for one in removed["picks"]])


def _pick(told: Json) -> Pick:
    return Pick(told["digest"], locator_from_json(told["locator"]), told["path"])
