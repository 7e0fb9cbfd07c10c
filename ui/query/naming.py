"""How the parts of a query are said to a person: a short title and a value."""

from collections.abc import Callable
from datetime import date
from typing import Any

from search.query import (
    Camera,
    Changed,
    Clip,
    Collected,
    Dates,
    Extensions,
    Face,
    InFolder,
    Kinds,
    Languages,
    Lasting,
    Like,
    Mixed,
    Name,
    Near,
    Objects,
    Only,
    OwnField,
    Paged,
    PageText,
    Part,
    Phrase,
    Place,
    Rated,
    Said,
    SavedSearch,
    Scene,
    Somebody,
    Sound,
    SoundLike,
    Tag,
    Term,
    Words,
    month_end,
)
from search.written import format as written
from ui.language import mark, month, numbered_day, tr
from ui.wording import clock, kind_name


def title(part: Part) -> str:
    """Say in a word or two what a part looks at; empty for plain words and operators."""
    return tr(_NAMES[type(part)][0]) if type(part) in _NAMES else ""


def value(part: Part) -> str:
    """Say what a part asks for."""
    return _NAMES[type(part)][1](part) if type(part) in _NAMES else written(part)


def _file(part: Any) -> str:
    page = tr("p. {page}", page=part.page) if part.page else ""
    region = tr("a part of it") if part.box else ""
    return ", ".join(filter(None, (_short(part.path), page, region)))


def _short(path: str) -> str:
    """The last piece of a path of this or another system."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2] or path


def _clip(part: Clip) -> str:
    if part.first_s is None and part.last_s is None:
        return _short(part.path)
    return f"{_short(part.path)}, {_range(part.first_s, part.last_s, clock)}"


def _mixed(part: Mixed) -> str:
    terms = (f" {'+' if term.sign > 0 else '−'} {_term(term)}" for term in part.terms)
    return value(part.base) + "".join(terms)


def _term(term: Term) -> str:
    return term.what.text if isinstance(term.what, Phrase) else value(term.what)


def _changed(part: Changed) -> str:
    told = [tr("but {change}", change=part.change)] if part.change else []
    told += [tr("but not {text}", text=text) for text in part.without]
    return f"{value(part.base)}, {', '.join(told)}"


def _dates(part: Dates) -> str:
    first, last = part.first, part.last
    if first and last:
        if first == last:
            return numbered_day(first)
        if first.day == 1 and last == month_end(first.year, first.month):
            return month(first)
        if (first.month, first.day, last) == (1, 1, date(first.year, 12, 31)):
            return str(first.year)
    return _range(first, last, numbered_day)


def _range(first: Any, last: Any, told: Callable[[Any], str]) -> str:
    if last is None:
        return tr("from {begin} on", begin=told(first))
    return tr("up to {end}", end=told(last)) if first is None else f"{told(first)} – {told(last)}"


def _stars(part: Rated) -> str:
    if part.least == part.most:
        return {0: tr("none", context="stars"), -1: tr("rejected")}.get(part.least, "★" * part.least)
    return f"{part.least} – {part.most} ★"


def _field(part: OwnField) -> str:
    return part.name if part.value is None else f"{part.name} = {part.value}"


_NAMES: dict[type, tuple[str, Callable[[Any], str]]] = {
    Words: ("", lambda part: part.text),
    Phrase: (mark("Exactly"), lambda part: f"“{part.text}”"),
    Scene: (mark("Shows"), lambda part: part.text),
    Paged: (mark("Page"), lambda part: part.text),
    PageText: (mark("Text"), lambda part: part.text),
    Said: (mark("Said"), lambda part: part.text),
    Objects: (mark("Thing"), lambda part: part.text),
    Sound: (mark("Sound"), lambda part: part.text),
    SoundLike: (mark("Sounds like"), lambda part: _short(part.path)),
    Somebody: (mark("Person"), lambda part: part.name),
    Only: (mark("Only"), lambda part: ", ".join(part.names)),
    Like: (mark("Like"), _file),
    Face: (mark("Face in"), _file),
    Mixed: (mark("Like"), _mixed),
    Changed: (mark("Like"), _changed),
    Clip: (mark("Film like"), _clip),
    SavedSearch: (mark("Saved search"), lambda part: part.name),
    Name: (mark("Name"), lambda part: part.part),
    Kinds: (mark("Kind"), lambda part: ", ".join(map(kind_name, part.kinds))),
    Extensions: (mark("Ending"), lambda part: ", ".join(part.endings)),
    Dates: (mark("Date"), _dates),
    InFolder: (mark("Folder"), lambda part: part.folder),
    Camera: (mark("Camera"), lambda part: part.part),
    Languages: (mark("Language"), lambda part: ", ".join(part.codes)),
    Lasting: (mark("Length"), lambda part: _range(part.least_s, part.most_s, clock)),
    Near: (mark("Near"), lambda part: f"{part.latitude:g}, {part.longitude:g}, {part.radius_km:g} km"),
    Tag: (mark("Tag"), lambda part: part.tag),
    Rated: (mark("Stars"), _stars),
    Place: (mark("Place"), lambda part: part.name),
    OwnField: (mark("Field"), _field),
    Collected: (mark("Collection"), lambda part: part.name),
}
