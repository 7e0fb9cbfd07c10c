"""Names of places from coordinates, offline: the nearest town, the city around it, region and country.

The table is made by `tools/make_places.py` from GeoNames (CC BY 4.0): all towns of 1,000 people and more, and
other names of those of 15,000 and more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexers.facts import place_of
from search.filters import EARTH_KM
from search.records import Content

Degrees = NDArray[np.float64] | np.float64

TOWN_KM, REGION_KM = 40.0, 100.0
"""So far from the nearest town a place still bears its name, or that of the region around it."""

_REACH_KM, _FARTHEST_KM = 0.008, 30.0
"""A city reaches as far as this times the root of the number of its people, at most so far: London 24 km."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a place is called, its smallest part first, and other names of it and of what it lies in."""

    place: str
    names: tuple[str, ...]


class Places:
    """Finds names. The table (7 MB) is read at the first question; one takes about 2 ms."""

    def __init__(self, table: Path) -> None:
        self._path = table

    def named(self, latitude: float, longitude: float) -> Named | None:
        """Name a point, WGS 84 degrees; None far from any town: at sea, in the wilderness."""
        table = self._table
        cosines = table.cosines(latitude, longitude)
        town = int(np.argmax(cosines))
        far_km = float(np.arccos(np.clip(cosines[town], -1, 1))) * EARTH_KM
        if far_km > REGION_KM:
            return None
        inside = np.flatnonzero((cosines >= table.reach) & (table.country == table.country[town]))
        city = int(inside[np.argmax(table.people[inside])]) if len(inside) else town
        near = list(dict.fromkeys((town, city))) if far_km <= TOWN_KM else []
        code, region = table.line("regions", int(table.region[town])).split(";", 1)
        country, *others = table.countries[code]
        place = place_of([*(table.line("towns", one) for one in near), region, country])
        alike = (name for one in near for name in table.line("others", one).split(";") if name)
        return Named(place or country, tuple(dict.fromkeys((*alike, *others))))

    @cached_property
    def _table(self) -> "_Table":
        return _Table(self._path)


def settled(content: Content, places: Places | None) -> Content:
    """Name the place of a content by its coordinates; what the file itself calls it comes first."""
    named = None
    if places is not None and content.latitude is not None and content.longitude is not None:
        named = places.named(content.latitude, content.longitude)
    if named is None:
        return replace(content, place_names=())
    if content.place is None:
        return replace(content, place=named.place, place_names=named.names)
    return replace(content, place_names=(*named.place.split(", "), *named.names))


class _Table:
    """The table in memory; texts stay bytes until one is asked for."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as held:
            self.people: NDArray[np.int32] = held["people"]
            self.region: NDArray[np.int16] = held["region"]
            self._directions = _directions(*held["positions"].astype(np.float64).T)
            self._texts: dict[str, bytes] = {
                name: held[name].tobytes() for name in ("towns", "others", "regions", "countries")
            }
        self._ends = {
            name: np.flatnonzero(np.frombuffer(t, np.uint8) == 10) for name, t in self._texts.items()
        }
        angles = np.minimum(_REACH_KM * np.sqrt(self.people), _FARTHEST_KM) / EARTH_KM
        self.reach = np.cos(angles)
        codes = [line.split(";")[0] for line in self._lines("regions")]
        self.country = np.unique(codes, return_inverse=True)[1][self.region]
        rows = (line.split(";") for line in self._lines("countries"))
        self.countries: dict[str, Sequence[str]] = {code: names for code, *names in rows}

    def cosines(self, latitude: float, longitude: float) -> NDArray[np.float64]:
        """Return those of the angles between a point and all towns.

        A matrix product would wake threads that then spin.
        """
        x, y, z = _directions(np.float64(latitude), np.float64(longitude))
        across, along, up = self._directions
        return np.asarray(across * x + along * y + up * z)

    def line(self, name: str, number: int) -> str:
        """Return one line of a text, from 0."""
        ends = self._ends[name]
        begin = int(ends[number - 1]) + 1 if number else 0
        return self._texts[name][begin : int(ends[number])].decode()

    def _lines(self, name: str) -> Iterator[str]:
        return iter(self._texts[name].decode().splitlines())


def _directions(latitude: Degrees, longitude: Degrees) -> tuple[Degrees, Degrees, Degrees]:
    """Return points on the unit sphere as float64: in float32 a cosine cannot tell a kilometre."""
    down, across = np.radians(latitude), np.radians(longitude)
    level = np.cos(down)
    return level * np.cos(across), level * np.sin(across), np.sin(down)
