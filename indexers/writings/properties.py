"""What Office documents say of themselves."""

from collections.abc import Iterable
from datetime import datetime

from indexers.facts import Facts, attempt, clean, joined, one_each
from indexers.writings.package import Event, Package

_PROGRAM = ("Word", "Excel", "PowerPoint", "Microsoft")
_WORDS = (
    "title",
    "creator",
    "initial-creator",
    "author",
    "subject",
    "description",
    "keyword",
    "keywords",
    "category",
)
_DATES = ("created", "creation-date", "date", "modified")


def of_package(package: Package, part: str) -> Facts:
    """Read the part of an Office document that says what it is; nothing where there is none."""
    if part not in package:
        return Facts()
    return of_events(package.events(part))


def of_events(events: Iterable[Event]) -> Facts:
    """Collect title, author, subject, key words and date; the elements' names are those of Dublin Core."""
    said: dict[str, list[str]] = {}
    name, text = "", ""
    for event in events:
        if event.name == "":
            text += event.text
        elif event.attributes is not None:
            name, text = event.name, ""
        elif event.name == name:
            said.setdefault(name, []).append(clean(text))
            name = ""
    title = next(iter(said.get("title", ())), "")
    keywords = ",".join(said.get("keyword", []) + said.get("keywords", []))
    dates = [found for key in _DATES for one in said.get(key, ()) if (found := date_of(one))]
    return Facts(
        taken_at=dates[0] if dates else None,
        title=title or None,
        words=joined(one for key in _WORDS for one in said.get(key, ())),
        tags=one_each(keywords.replace(";", ",").split(",")),
    )


def date_of(text: str) -> datetime | None:
    """Read a date of ISO 8601, as it stands there: without its zone."""
    found = attempt(lambda: datetime.fromisoformat(text.strip().replace("Z", "")), None)
    return found.replace(tzinfo=None, microsecond=0) if found else None
