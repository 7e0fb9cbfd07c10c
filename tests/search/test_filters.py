"""The two meanings of a metadata filter agree, and mean what a person expects."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search.errors import CrossfindError
from search.filters import Facts, facts_of, matches, to_filter
from search.parser import DEEPEST, parse
from search.query import (
    And,
    Camera,
    Collected,
    Dates,
    Extensions,
    InFolder,
    Kinds,
    Languages,
    Lasting,
    Name,
    Near,
    Not,
    Or,
    OwnField,
    Part,
    Place,
    Rated,
    Tag,
    is_filter,
)
from search.records import Content, File
from search.store import Batch, Library, Root

NASTY = ["a", "B", "'", '"', "%", "_", "\\", "é", "É", "ß", "İ", " ", "x", "—", "保"]
nasty = st.lists(st.sampled_from(NASTY), min_size=1, max_size=4).map("".join)
moments = st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1)) | st.sampled_from(
    [datetime(2024, 5, 1), datetime(2024, 5, 31, 23, 59, 59, 999999), datetime(1600, 2, 3), datetime.max]
)
days = st.sampled_from([date(2024, 5, 1), date(2024, 5, 31), date.min, date.max]) | st.dates()
folders = st.lists(nasty.map(str.strip).filter(bool), max_size=3).map("/".join)
lengths = st.floats(0, 1e6) | st.sampled_from([0.0, 60.0, 90.5])
degrees = st.floats(-90, 90) | st.just(51.5)
tags = st.lists(nasty, min_size=1, max_size=3).map("/".join)


@st.composite
def rows(draw: st.DrawFn) -> tuple[Content, str]:
    taken = draw(st.none() | moments)
    place = draw(st.none() | st.tuples(degrees, st.floats(-180, 180) | st.just(-0.12)))
    media_type = draw(st.sampled_from(["image/jpeg", "application/pdf", "video/mp4", "text/plain"]))
    content = Content(
        "",
        media_type,
        1,
        taken_at=taken,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        camera=draw(st.none() | nasty),
        language=draw(st.none() | st.sampled_from(["de", "en"])),
        tags=draw(st.lists(tags, max_size=3).map(tuple)),
        rating=draw(st.none() | st.integers(-1, 5)),
        place=draw(st.none() | st.lists(nasty, min_size=1, max_size=3).map(", ".join)),
        place_names=draw(st.lists(nasty, max_size=2).map(tuple)),
        fields=draw(st.lists(st.tuples(nasty, nasty), max_size=3).map(tuple)),
        duration_s=draw(st.none() | lengths),
    )
    ending = draw(st.sampled_from(["", ".jpg", ".JPG", ".tar.gz", ".é"]))
    return content, f"{draw(folders)}/{draw(nasty)}{ending}"


filters = st.one_of(
    st.builds(Name, nasty),
    st.builds(Camera, nasty),
    st.builds(InFolder, nasty | folders.map(lambda inner: f"/root/{inner}")),
    st.builds(Kinds, st.lists(st.sampled_from(["image", "pdf", "other"]), min_size=1).map(tuple)),
    st.builds(Extensions, st.lists(st.sampled_from(["jpg", "gz", "é", "'"]), min_size=1).map(tuple)),
    st.builds(Languages, st.lists(st.sampled_from(["de", "fr"]), min_size=1).map(tuple)),
    st.builds(Dates, st.none() | days, st.none() | days),
    st.builds(Lasting, st.none() | lengths, st.none() | lengths),
    st.builds(Tag, tags),
    st.tuples(st.integers(-1, 5), st.integers(-1, 5)).map(lambda pair: Rated(*pair)),
    st.builds(Place, nasty | st.tuples(nasty, nasty).map(", ".join)),
    st.builds(OwnField, nasty, st.none() | nasty),
    st.builds(
        Collected,
        nasty,
        st.frozensets(st.builds("d{}-{}".format, st.integers(0, 40), st.integers(0, 3)), max_size=40),
    ),
    st.builds(Near, degrees, st.floats(-180, 180) | st.just(-0.12), st.floats(1e-3, 30_000)),
)
trees = st.recursive(
    filters,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.create(tmp_path / "library")
    with library.writer() as writer:
        writer.add_root(Root("/root"))
    yield library
    library.close()


def _write(library: Library, found: list[tuple[Content, str]], number: int) -> dict[str, Facts]:
    contents, files = [], []
    for n, (content, path) in enumerate(found):
        digest = f"d{number}-{n}"
        contents.append(
            Content(
                digest,
                content.media_type,
                1,
                taken_at=content.taken_at,
                latitude=content.latitude,
                longitude=content.longitude,
                camera=content.camera,
                duration_s=content.duration_s,
                language=content.language,
                tags=content.tags,
                rating=content.rating,
                place=content.place,
                place_names=content.place_names,
                fields=content.fields,
            )
        )
        files.append(File(f"/root/{n}/{path}", digest, 1, 1_700_000_000_000_000_000 + n, "/root"))
    with library.writer() as writer:
        writer.write(Batch(contents, files))
    return {f.path: facts_of(f, c) for c, f in zip(contents, files, strict=True)}


@settings(
    max_examples=settings.default.max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(found=st.lists(rows(), min_size=1, max_size=8), asked=st.lists(trees, min_size=10, max_size=10))
@example(
    found=[(Content("", "image/jpeg", 1), "a")],
    asked=[Not(Camera("a")), Not(Near(0, 0, 1)), Not(Not(Camera("a"))), Or((Camera("a"), Not(Camera("a"))))],
)
def test_sql_and_python_agree(library: Library, found: list[tuple[Content, str]], asked: list[Part]) -> None:
    with library.writer() as writer:
        writer.remove_files(list(library.known_files("/root")))
    facts = _write(library, found, len(library.contents([])))
    for tree in asked:
        expected = {path for path, fact in facts.items() if matches(tree, fact)}
        assert library.matching(to_filter(tree)).paths == expected, tree


def test_a_chain_of_thousands_is_one_filter(library: Library) -> None:
    facts = _write(
        library, [(Content("", "image/jpeg", 1), "a.jpg"), (Content("", "image/png", 1), "b.png")], 0
    )
    many = Or(tuple(Name(f"x{n}") for n in range(2_500)))
    assert library.matching(to_filter(Or((many, Name("b.p"))))).paths == {"/root/1/b.png"}
    assert not any(matches(many, fact) for fact in facts.values())


@pytest.mark.parametrize("width", [1, 40])
def test_the_deepest_query_is_one_filter(library: Library, width: int) -> None:
    _write(library, [(Content("", "image/jpeg", 1), "a.jpg")], 0)
    beside = " OR ".join(["name:b"] * width)
    levels = DEEPEST // 2 - 1
    tree = parse(f"-({beside} OR " * levels + "name:a" + ")" * levels).root
    expected = {"/root/0/a.jpg"} if levels % 2 == 0 else set()
    assert library.matching(to_filter(tree)).paths == expected


def test_filters_that_the_database_could_not_read_are_refused() -> None:
    tree: Part = Name("a")
    for _ in range(30):
        tree = And((Or((tree, Name("b"))), Name("c")))
    with pytest.raises(CrossfindError, match="nested too deeply"):
        to_filter(tree)


FILM = Facts(kind="video", duration_s=90.0)
BEACH = Facts("Beach'24.JPG".lower(), "/home/ada/my holidays/sea/", "jpg", "image", datetime(2024, 5, 3, 14))
ABROAD = Facts("x.pdf", "c:/users/ada/", "pdf", "pdf", datetime(2023, 1, 1), "nikon d750", 51.5074, -0.1278)

HELD = Content(
    "d",
    "image/jpeg",
    1,
    tags=("Places/Italy/Rome", "Café"),
    rating=4,
    place="Trastevere, Rome, Lazio, Italy",
    place_names=("Roma", "Italia"),
    fields=(("Project", "Apollo 11"), ("note", "a=b")),
)
TOLD = facts_of(File("/r/a.jpg", "d", 1, 1, "/r"), HELD)
BARE = facts_of(File("/r/a.jpg", "d", 1, 1, "/r"), Content("d", "image/jpeg", 1))

HOLDS: dict[str, tuple[str, Facts, bool]] = {
    "name in any case": ("name:BEACH", BEACH, True),
    "name with a quote": ("name:h'2", BEACH, True),
    "name elsewhere": ("name:holidays", BEACH, False),
    "folder by name": ('in:"My Holidays"', BEACH, True),
    "folder by a part of its name": ("in:holi", BEACH, False),
    "folder by two names": ('in:"my holidays/sea"', BEACH, True),
    "folder by path": ("in:/home/ada", BEACH, True),
    "folder by path with a slash": ("in:/home/ada/", BEACH, True),
    "folder by a path inside": ("in:/ada", BEACH, False),
    "folder on a drive": ("in:C:/Users", ABROAD, True),
    "any folder": ("in:/", BEACH, True),
    "ending": ("ext:png,jpg", BEACH, True),
    "type": ("type:photo", BEACH, True),
    "another type": ("type:video,pdf", BEACH, False),
    "day": ("date:2024-05-03", BEACH, True),
    "day before": ("date:..2024-05-02", BEACH, False),
    "year from": ("date:2024..", BEACH, True),
    "camera": ("camera:Nikon", ABROAD, True),
    "no camera": ("camera:nikon", BEACH, False),
    "not a camera": ("-camera:nikon", BEACH, True),
    "near": ("near:51.5,-0.12,2km", ABROAD, True),
    "not near enough": ("near:51.5,-0.12,500m", ABROAD, False),
    "nowhere": ("near:51.5,-0.12,20000km", BEACH, False),
    "longer": ("duration:>60s", FILM, True),
    "not longer": ("duration:>1:30:00", FILM, False),
    "shorter": ("duration:<=1.5m", FILM, True),
    "within": ("duration:1m..2m", FILM, True),
    "no length": ("duration:>0s", BEACH, False),
    "not a length": ("-duration:>0s", BEACH, True),
    "language": ("lang:de,fr", Facts(language="de"), True),
    "another language": ("lang:en", Facts(language="de"), False),
    "no language": ("-lang:en", BEACH, True),
    "tag": ("tag:cafe", TOLD, True),
    "tag above": ("tag:places", TOLD, True),
    "tag in the middle": ("tag:ITALY", TOLD, True),
    "tag with levels": ("tag:italy/rome", TOLD, True),
    "tag in another order": ("tag:rome/italy", TOLD, False),
    "a part of a tag": ("tag:ital", TOLD, False),
    "two tags are not levels": ("tag:rome/cafe", TOLD, False),
    "no tag": ("tag:rome", BARE, False),
    "not a tag": ("-tag:rome", BARE, True),
    "rating": ("rating:4", TOLD, True),
    "rating at least": ("rating:>=5", TOLD, False),
    "rating below": ("rating:<5", TOLD, True),
    "not rated is not below": ("rating:<5", BARE, False),
    "not rated": ("rating:none", BARE, True),
    "rated": ("-rating:none", TOLD, True),
    "place": ("place:rome", TOLD, True),
    "place by another name": ("place:roma", TOLD, True),
    "the start of its name": ("place:tras", TOLD, True),
    "the middle of its name": ("place:stevere", TOLD, False),
    "place and country": ('place:"rome, italia"', TOLD, True),
    "place in another country": ('place:"rome, france"', TOLD, False),
    "no place": ("place:rome", BARE, False),
    "own field": ('meta:"project=apollo 11"', TOLD, True),
    "the start of an own field": ("meta:project=apollo", TOLD, False),
    "an own field that is there": ("meta:PROJECT", TOLD, True),
    "an own field that is not": ("meta:client", TOLD, False),
    "an equals sign in a field": ("meta:note=a=b", TOLD, True),
    "no own field": ("-meta:project", BARE, True),
    "either": ("type:pdf OR in:sea", BEACH, True),
    "both": ("type:pdf in:sea", BEACH, False),
}


@pytest.mark.parametrize(("text", "facts", "holds"), HOLDS.values(), ids=HOLDS.keys())
def test_what_a_filter_means(text: str, facts: Facts, holds: bool) -> None:
    assert matches(parse(text).root, facts) is holds


def test_near_reaches_over_the_date_line() -> None:
    fiji = Facts(latitude=-17.0, longitude=-179.95)
    assert matches(Near(-17.0, 179.95, 12), fiji)
    assert not matches(Near(-17.0, 179.95, 10), fiji)


def test_accents_and_forms_of_letters_do_not_matter() -> None:
    file = File("/r/Cafe\u0301.jpg", "d", 1, 1, "/r")
    assert matches(Name("CAFÉ"), facts_of(file, Content("d", "image/jpeg", 1)))


def test_home_folder() -> None:
    home = Path.home().as_posix().lower()
    assert matches(InFolder("~/Pictures"), Facts(folder=f"{home}/pictures/2024/"))


def test_parts_that_rank_are_no_filters() -> None:
    assert is_filter(parse("type:pdf -(in:x OR name:y)").root)
    assert not is_filter(parse("type:pdf -dog").root)
    with pytest.raises(TypeError):
        to_filter(parse("dog").root)
