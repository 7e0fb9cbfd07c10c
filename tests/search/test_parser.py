"""The reference of the query language: what is written, what it means, what is refused and where."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search.errors import QuerySyntaxError
from search.parser import DEEPEST, LONGEST, parse
from search.query import (
    And,
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
    Leaf,
    Like,
    Mixed,
    Name,
    Near,
    Not,
    Objects,
    Only,
    Or,
    OwnField,
    Paged,
    PageText,
    Part,
    Phrase,
    Place,
    Query,
    Rated,
    Said,
    Same,
    SavedSearch,
    Scene,
    Scope,
    Somebody,
    Sound,
    SoundLike,
    Tag,
    Term,
    Then,
    Words,
    leaves,
    looked_for,
    walk,
)
from search.written import format  # noqa: A004

B_ = Phrase("b")
A, B, C = Words("a"), Words("b"), Words("c")
PDF, HOLIDAYS = Kinds(("pdf",)), InFolder("Holidays")

MEANINGS: dict[str, tuple[str, Part]] = {
    "words belong together": ("red car at night", Words("red car at night")),
    "words round a filter belong together": ("red type:pdf car", And((Words("red car"), PDF))),
    "phrase": ('"red car"', Phrase("red car")),
    "typographic quotes": ("“red car”", Phrase("red car")),
    "doubled quote is a quote": ('"say ""hi"""', Phrase('say "hi"')),
    "phrase and words": ('"red car" night', And((Phrase("red car"), Words("night")))),
    "AND": ("a AND b", And((A, B))),
    "AND of three is flat": ("a AND b AND c", And((A, B, C))),
    "OR": ("a OR b OR c", Or((A, B, C))),
    "AND binds closer than OR": ("a AND b OR c", Or((And((A, B)), C))),
    "words bind closer than AND": ("a b AND c", And((Words("a b"), C))),
    "small and, or, not are words": ("salt and pepper or not", Words("salt and pepper or not")),
    "THEN": ("a THEN b", Then((A, B), (None,))),
    "THEN of three is flat": ("a THEN b WITHIN 2m THEN c", Then((A, B, C), (120, None))),
    "WITHIN with spaces": ("a THEN b WITHIN 1.5 h", Then((A, B), (5400,))),
    "WITHIN seconds": ("a THEN b WITHIN 20", Then((A, B), (20,))),
    "AND binds closer than THEN": ("a AND b THEN c", Then((And((A, B)), C), (None,))),
    "THEN binds closer than OR": ("a OR b THEN c", Or((A, Then((B, C), (None,))))),
    "THEN of a THEN": ("(a THEN b) THEN c", Then((Then((A, B), (None,)), C), (None,))),
    "THEN with a weight": ("(a THEN b)^2 c", And((Then((A, B), (None,), weight=2), C))),
    "small then, same and within are words": ("then same within", Words("then same within")),
    "SAME": ("SAME moment (a AND b)", Same("moment", And((A, B)))),
    "SAME close to its bracket": ("SAME page(a)", Same("page", A)),
    "SAME of a pair": ("SAME pair (a AND b)", Same("pair", And((A, B)))),
    "SAME with a weight": ("SAME file (a)^2 b", And((Same("file", A, weight=2), B))),
    "SAME ruled out": ("-SAME folder (a -b)", Not(Same("folder", And((A, Not(B)))))),
    "brackets": ("a AND (b OR c)", And((A, Or((B, C))))),
    "brackets keep words apart": ("(a) b", And((A, B))),
    "brackets round everything": ("((a b))", Words("a b")),
    "minus": ("a -b", And((A, Not(B)))),
    "minus takes one word": ("-a b", And((Not(A), B))),
    "minus before brackets": ("-(a b)", Not(Words("a b"))),
    "minus before a filter": ("-type:pdf", Not(PDF)),
    "NOT": ("NOT a", Not(A)),
    "NOT NOT": ("NOT NOT a", Not(Not(A))),
    "hyphen inside a word": ("e-mail", Words("e-mail")),
    "lone hyphen": ("foo - bar", Words("foo - bar")),
    "weight": ("a^2 b", And((Words("a", weight=2), B))),
    "weight of brackets": ("(a b)^0.5", Words("a b", weight=0.5)),
    "weights multiply": ("(a^2)^3", Words("a", weight=6)),
    "weight of a phrase": ('"a b"^2', Phrase("a b", weight=2)),
    "caret inside a word": ("a^b", Words("a^b")),
    "scene": ("scene:beach", Scene("beach")),
    "scene of words": ('scene:"red car"', Scene("red car")),
    "text": ('text:"net income"', PageText("net income")),
    "prefix in capitals": ("TYPE:PDF", PDF),
    "like": ("like:@a.jpg", Like("a.jpg")),
    "like with brackets in the name": ("like:@photo(1).jpg", Like("photo(1).jpg")),
    "sum of a picture and words": (
        'like:@a.jpg + "in snow" - people',
        Mixed(Like("a.jpg"), (Term(1, Phrase("in snow")), Term(-1, Phrase("people")))),
    ),
    "sum of pictures with weights": (
        "like:@a.jpg^2 - like:@b.jpg[0,0,1,.5]^0.5",
        Mixed(Like("a.jpg", weight=2), (Term(-1, Like("b.jpg", None, (0, 0, 1, 0.5), weight=0.5)),)),
    ),
    "weight of a sum": ("(like:@a.jpg + b)^3", Mixed(Like("a.jpg"), (Term(1, Phrase("b")),), weight=3)),
    "a sum takes one word": ("like:@a.jpg + b c", And((Mixed(Like("a.jpg"), (Term(1, B_),)), C))),
    "minus without a space is a NOT": ("like:@a.jpg -b", And((Like("a.jpg"), Not(B)))),
    "a changed picture": (
        'like:@dress.jpg but "sleeveless and black"',
        Changed(Like("dress.jpg"), "sleeveless and black"),
    ),
    "a change takes all words": (
        "like:@a.jpg but in snow type:image",
        And((Changed(Like("a.jpg"), "in snow"), Kinds(("image",)))),
    ),
    "a changed region": (
        'like:@a.jpg[0,0,1,.5] but "red"',
        Changed(Like("a.jpg", None, (0, 0, 1, 0.5)), "red"),
    ),
    "a change that rules out": ("like:@a.jpg but not people", Changed(Like("a.jpg"), "", ("people",))),
    "a change with a NOT": ('like:@a.jpg but -"a dog"', Changed(Like("a.jpg"), "", ("a dog",))),
    "several changes": (
        'like:@a.jpg but "in snow" but at night but not people but not "a dog"',
        Changed(Like("a.jpg"), "in snow, at night", ("people", "a dog")),
    ),
    "a change with all that goes with it": (
        'like:@a.jpg but red KEEP:30% insist:.5 as:"a red ""car"""',
        Changed(Like("a.jpg"), "red", (), 'a red "car"', 0.3, 0.5),
    ),
    "a change, then a phrase": ('like:@a.jpg but "b" "c"', And((Changed(Like("a.jpg"), "b"), Phrase("c")))),
    "a change with an arrow": (
        "like:@a.jpg but a dog -> a cat (b)",
        And((Changed(Like("a.jpg"), "a dog -> a cat"), B)),
    ),
    "a change in brackets": ("like:@a.jpg but (in snow) b", And((Changed(Like("a.jpg"), "in snow"), B))),
    "a change with a weight": ("(like:@a.jpg but b)^2", Changed(Like("a.jpg"), "b", weight=2)),
    "a change ruled out": ("-(like:@a.jpg but b)", Not(Changed(Like("a.jpg"), "b"))),
    "AND keeps a but a word": ("like:@a.jpg AND but b", And((Like("a.jpg"), Words("but b")))),
    "but between words is a word": ("small but fine", Words("small but fine")),
    "plus between words is a word": ("a + b", Words("a + b")),
    "AND keeps a plus a word": ("like:@a.jpg AND + b", And((Like("a.jpg"), Words("+ b")))),
    "a sum ruled out": ("-(like:@a.jpg + b)", Not(Mixed(Like("a.jpg"), (Term(1, B_),)))),
    "like inside brackets": ("(like:@a.jpg OR a)", Or((Like("a.jpg"), A))),
    "like quoted": ('like:@"my photo.jpg"', Like("my photo.jpg")),
    "like a Windows path": ('like:@"C:\\my photos\\a.jpg"', Like("C:\\my photos\\a.jpg")),
    "like a page": ("like:@a.pdf#3", Like("a.pdf", 3)),
    "like a region": ("like:@a.jpg[0,0.25,.5,1]", Like("a.jpg", None, (0, 0.25, 0.5, 1))),
    "like a region of a page": ('like:@"a b.pdf"#2[0, 0, 0.5, 1]', Like("a b.pdf", 2, (0, 0, 0.5, 1))),
    "like with a weight": ("like:@a.jpg^2", Like("a.jpg", weight=2)),
    "square brackets in a name": ('like:@"x[1].jpg"', Like("x[1].jpg")),
    "name": ("name:IMG_2", Name("IMG_2")),
    "type": ("type:pdf", PDF),
    "several types": ("type:photo,video", Kinds(("image", "video"))),
    "ext": ("ext:.JPG,png", Extensions(("jpg", "png"))),
    "in": ("in:Holidays", HOLIDAYS),
    "in a path": ("in:/home/a/b", InFolder("/home/a/b")),
    "in a Windows path": ("in:C:\\a\\b", InFolder("C:\\a\\b")),
    "camera": ("camera:nikon", Camera("nikon")),
    "date of a year": ("date:2024", Dates(date(2024, 1, 1), date(2024, 12, 31))),
    "date of a month": ("date:2024-02", Dates(date(2024, 2, 1), date(2024, 2, 29))),
    "date of a day": ("date:2024-05-03", Dates(date(2024, 5, 3), date(2024, 5, 3))),
    "dates from month to month": ("date:2024-05..2024-07", Dates(date(2024, 5, 1), date(2024, 7, 31))),
    "dates until": ("date:..2023", Dates(None, date(2023, 12, 31))),
    "dates from": ("date:2024-05-03..", Dates(date(2024, 5, 3), None)),
    "last December": ("date:9999-12", Dates(date(9999, 12, 1), date(9999, 12, 31))),
    "near in kilometres": ("near:51.5,-0.12,10km", Near(51.5, -0.12, 10)),
    "near in metres": ("near:51.5,-0.12,500m", Near(51.5, -0.12, 0.5)),
    "near without a radius": ("near:51.5,-0.12", Near(51.5, -0.12, 1)),
    "said": ('said:"climate change"', Said("climate change")),
    "object": ('object:"red car"', Objects("red car")),
    "said, one word": ("said:climate^2", Said("climate", weight=2.0)),
    "sound": ('sound:"dog barking"', Sound("dog barking")),
    "sound like a file": ("sound:@bark.wav^2", SoundLike("bark.wav", weight=2.0)),
    "sound like a quoted file": ('sound:@"my dog.mp4"', SoundLike("my dog.mp4")),
    "somebody": ("person:Ada", Somebody("Ada")),
    "somebody by the whole name": ('person:"Ada, the first"^2', Somebody("Ada, the first", weight=2)),
    "a group without a name": ("person:12", Somebody("12")),
    "only these": ('only:"Ada, Grace Hopper,Ada,"', Only(("Ada", "Grace Hopper"))),
    "only one": ("only:Ada", Only(("Ada",))),
    "languages": ("lang:DE,fr", Languages(("de", "fr"))),
    "a page": ('page:"bar chart"', Paged("bar chart")),
    "a film": ("clip:@a.mp4", Clip("a.mp4")),
    "a stretch of a film": ('clip:@"my film.mp4"[1:30..2m]^2', Clip("my film.mp4", 90, 120, weight=2)),
    "a stretch without quotes": ("clip:@a.mp4[10..20.5]", Clip("a.mp4", 10, 20.5)),
    "a film from a second on": ("clip:@a.mp4[90s..]", Clip("a.mp4", 90)),
    "a film up to a second": ("clip:@a.mp4[..20]", Clip("a.mp4", None, 20)),
    "a film with brackets in its name": ('clip:@"a[1].mp4"', Clip("a[1].mp4")),
    "face": ("face:@a.jpg", Face("a.jpg")),
    "face in a region of a page": (
        'face:@"a b.pdf"#2[0, 0, 0.5, 1]^2',
        Face("a b.pdf", 2, (0, 0, 0.5, 1), weight=2),
    ),
    "longer than": ("duration:>60s", Lasting(60, None)),
    "shorter than": ("duration:<1.5h", Lasting(None, 5400)),
    "as long as": ("duration:1m..2m", Lasting(60, 120)),
    "long by the clock": ("duration:>1:02:03", Lasting(3723, None)),
    "tag": ("tag:holiday", Tag("holiday")),
    "tag with levels": ('tag:"Places / Italy/"', Tag("Places/Italy")),
    "rating": ("rating:4", Rated(4, 4)),
    "rating at least": ("rating:>=4", Rated(4, 5)),
    "rating less": ("rating:<3", Rated(1, 2)),
    "rating from to": ("rating:2..4", Rated(2, 4)),
    "rating up to": ("rating:..2", Rated(1, 2)),
    "rejected": ("rating:-1", Rated(-1, -1)),
    "not rated": ("rating:none", Rated(0, 0)),
    "place": ("place:paris", Place("paris")),
    "place with its country": ('place:"Paris, France"', Place("Paris, France")),
    "own field": ("meta:project=Apollo", OwnField("project", "Apollo")),
    "own field in quotes": ('meta:"my project = Apollo 11"', OwnField("my project", "Apollo 11")),
    "own field that is there": ("meta:project", OwnField("project", None)),
    "collection": ('collection:"Best of"', Collected("Best of")),
    "saved search": ("saved:work^2", SavedSearch("work", weight=2.0)),
    "a time of day is a word": ("at 12:30", Words("at 12:30")),
    "an address is a word": ("https://example.org/a?b=c", Words("https://example.org/a?b=c")),
    "a Windows path is a word": ("C:\\a\\b.txt", Words("C:\\a\\b.txt")),
    "a colon at the end is a word": ("note: buy milk", Words("note: buy milk")),
    "other scripts": ("保証金 ร้าน", Words("保証金 ร้าน")),
    "line breaks and NUL are spaces": ("a\n\x00\tb", Words("a b")),
    "file names keep undecodable bytes": ('like:@"\udcff.jpg"', Like("\udcff.jpg")),
}

REFUSED: dict[str, tuple[str, str, str]] = {
    "empty": ("", "", "empty"),
    "blank": (" \t\n", " \t\n", "empty"),
    "open bracket": ("a (b OR c", "(", "not closed"),
    "closing bracket": ("a b) c", ")", "no opening one"),
    "sound of no file": ("a sound:@", "sound:@", "nothing readable"),
    "empty brackets": ("a ( ) b", "( )", "nothing between"),
    "open quote": ('a "b c', '"b c', "not closed"),
    "open quote behind a prefix": ('text:"b c', '"b c', "not closed"),
    "empty quotes": ('a "" b', '""', "nothing between"),
    "AND at the end": ("a AND", "AND", "nothing behind"),
    "OR at the beginning": ("OR a", "OR", "nothing before"),
    "OR in brackets": ("(a OR)", "OR", "nothing behind"),
    "two operators": ("a AND OR b", "AND", "nothing behind"),
    "NOT alone": ("NOT", "NOT", "nothing behind"),
    "lone weight": ("^2 a", "^2", "nothing to weigh"),
    "weight of a filter": ("type:pdf^2", "^2", "weight"),
    "weight of nothing": ("a^0", "^0", "between"),
    "unknown prefix": ("a foo:bar", "foo:bar", 'quote them: "foo:bar"'),
    "misspelt prefix": ("camra:nikon", "camra:nikon", "Did you mean camera:"),
    "prefix without value": ("a type: pdf", "type:", "type:pdf"),
    "prefix with empty quotes": ('name:""', 'name:""', "nothing to look for"),
    "like without a file": ("like:a.jpg", "like:a.jpg", 'like:@"a.jpg"'),
    "face without a file": ("face:Ada", "face:Ada", "person: to search by name"),
    "like without a path": ("like:@", "like:@", "nothing readable"),
    "page zero": ("like:@a.pdf#0", "like:@a.pdf#0", "from 1"),
    "region of three": ("like:@a.jpg[0,0,1]", "like:@a.jpg[0,0,1]", "left,top,right,bottom"),
    "region beyond": ("like:@a.jpg[0,0,2,1]", "like:@a.jpg[0,0,2,1]", "0 to 1"),
    "region turned round": ("like:@a.jpg[1,0,0,1]", "like:@a.jpg[1,0,0,1]", "left,top,right,bottom"),
    "unknown type": ("type:jpeg", "type:jpeg", "ext:jpg"),
    "empty ending": ("ext:jpg,,", "ext:jpg,,", "ext:jpg,png"),
    "no date": ("date:soon", "date:soon", "not a date"),
    "no such month": ("date:2024-13", "date:2024-13", "no date"),
    "no such day": ("date:2023-02-29", "date:2023-02-29", "no date"),
    "no year": ("date:0000", "date:0000", "no date"),
    "dates turned round": ("date:2024..2023", "date:2024..2023", "date:2023..2024"),
    "dates without ends": ("date:..", "date:..", "not a date"),
    "near without longitude": ("near:51.5", "near:51.5", "latitude,longitude"),
    "near words": ("near:here,there", "near:here,there", "latitude,longitude"),
    "near nan": ("near:nan,1,1km", "near:nan,1,1km", "latitude,longitude"),
    "no such length": ("duration:>soon", "duration:>soon", "not a length"),
    "a length that is no bound": ("duration:90s", "duration:90s", "least or a greatest"),
    "lengths the wrong way round": ("duration:2m..1m", "duration:2m..1m", "ends before it begins"),
    "person without a name": ('person:" "', 'person:" "', "nothing to look for"),
    "only nobody": ("only:,", "only:,", "nobody to look for"),
    "near beyond the pole": ("near:91,0,1km", "near:91,0,1km", "no such place"),
    "near in miles": ("near:1,2,3mi", "near:1,2,3mi", "10km"),
    "THEN at the beginning": ("THEN a", "THEN", "nothing before"),
    "THEN at the end": ("a THEN", "THEN", "nothing behind"),
    "THEN a filter": ("a THEN type:pdf", "type:pdf", "no place or time"),
    "THEN what is not there": ("-a THEN b", "-a", "no place or time"),
    "WITHIN without THEN": ("a WITHIN 3s", "WITHIN 3s", "needs THEN"),
    "WITHIN without a length": ("a THEN b WITHIN soon", "WITHIN", "needs THEN"),
    "WITHIN for ever": ("a THEN b WITHIN 9999h", "WITHIN 9999h", "1000 hours"),
    "SAME without a scope": ("SAME (a b)", "SAME", "SAME moment ("),
    "SAME without brackets": ("SAME page a", "SAME", "SAME moment ("),
    "SAME of a filter": ("SAME page (type:pdf)", "(type:pdf)", "no place or time"),
    "SAME for ever": ("SAME page (", "(", "not closed"),
    "sum without an end": ("like:@a.jpg + b -", "-", "nothing to add"),
    "sum with a filter": ("like:@a.jpg + type:pdf", "+", "nothing to add"),
    "sum of faces": ("face:@a.jpg + b", "+", "no picture before it"),
    "a change of nothing": ("like:@a.jpg but", "but", "no words behind"),
    "a change by a filter": ("like:@a.jpg but type:image", "but", "no words behind"),
    "a change by a picture": ("like:@a.jpg but like:@b.jpg", "but", "no words behind"),
    "a changed sum": ("like:@a.jpg + b but c", "but", "by itself"),
    "a changed face": ("face:@a.jpg but c", "but", "by itself"),
    "a sum with a change": ("like:@a.jpg but b + c", "+", "no picture before it"),
    "a changed picture with a weight": ("like:@a.jpg^2 but b", "like:@a.jpg^2", "behind all of it"),
    "a change with a weight of its own": ('like:@a.jpg but "b"^2', '"b"^2', "insist:"),
    "more than all of a picture": ("like:@a.jpg but b keep:2", "keep:2", "0 to 1"),
    "a share in words": ("like:@a.jpg but b insist:much", "insist:much", "0 to 1"),
    "a share twice": ("like:@a.jpg but b keep:1 keep:0", "keep:0", "twice"),
    "a share of nothing": ("like:@a.jpg but b keep: 1", "keep:", "no value"),
    "a share of no change": ("like:@a.jpg keep:0.3", "keep:0.3", "goes behind a picture"),
    "a film in words": ("clip:dance", "clip:dance", 'clip:@"dance"'),
    "a film without a path": ('clip:@""', 'clip:@""', "path of a film"),
    "a stretch that is a second": ("clip:@a.mp4[3]", "clip:@a.mp4[3]", "from..to"),
    "a stretch of words": ("clip:@a.mp4[here..there]", "clip:@a.mp4[here..there]", "not a length of time"),
    "a stretch turned round": ("clip:@a.mp4[20..10]", "clip:@a.mp4[20..10]", "ends before it begins"),
    "lone surrogate": ("a b\ud800c", "b\ud800c", "not valid Unicode"),
    "lone surrogate in a name": ("name:b\ud800c", "name:b\ud800c", "not valid Unicode"),
}


@pytest.mark.parametrize(("text", "meaning"), MEANINGS.values(), ids=MEANINGS.keys())
def test_meaning(text: str, meaning: Part) -> None:
    query = parse(text)
    assert query.root == meaning
    assert parse(format(query)) == query


@pytest.mark.parametrize(("text", "place", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_refusal_points_at_its_place(text: str, place: str, says: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert text[caught.value.start : caught.value.end] == place
    assert says in str(caught.value)


def test_every_node_knows_its_place() -> None:
    text = 'red (car OR -"big bus"^2) type:pdf'
    written = {type(node).__name__: text[slice(*node.span)] for node in walk(parse(text).root)}
    assert written == {
        "And": text,
        "Words": "car",
        "Or": '(car OR -"big bus"^2)',
        "Not": '-"big bus"^2',
        "Phrase": '"big bus"^2',
        "Kinds": "type:pdf",
    }


def test_leaves_leave_filters_out() -> None:
    assert list(leaves(parse("a type:pdf -(b in:x)").root)) == [A, B]


def test_today_and_yesterday() -> None:
    today = date.today()
    assert parse("date:today").root == Dates(today, today)
    assert parse("date:yesterday..today").root == Dates(today - timedelta(days=1), today)


def test_thousands_of_terms() -> None:
    words = [f"w{n}" for n in range(2_500)]
    assert parse(" ".join(words)).root == Words(" ".join(words))
    either = parse(" OR ".join(words[:2_000]))
    assert isinstance(either.root, Or)
    assert len(either.root.parts) == 2_000
    assert parse(format(either)) == either


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("(" * 9_000 + "a" + ")" * 9_000, None, id="empty nesting"),
        pytest.param("-" * 9_000 + "a", "nested too deeply", id="minus signs"),
        pytest.param("-(" * 6_000 + "a b" + ")" * 6_000, "nested too deeply", id="negated brackets"),
        pytest.param("(" * 9_000, "not closed", id="open brackets"),
        pytest.param("a" * (LONGEST + 1), "too long", id="too long"),
        pytest.param("NOT " * (DEEPEST - 1) + "a", None, id="deepest"),
    ],
)
def test_extremes(text: str, says: str | None) -> None:
    if says is None:
        assert parse(parse(text).text) == parse(text)
    else:
        with pytest.raises(QuerySyntaxError, match=says):
            parse(text)


PIECES = ["a", "b", "1", " ", '"', "(", ")", "-", "+", "^2", ":", "@", "#3", "[0,0,1,1]", ".", ",", "\\", "/"]
PIECES += [" THEN ", " WITHIN 2s", "SAME page (", "SAME "]
PIECES += ["“", "”", "'", " OR ", " AND ", "NOT ", "like:@", "type:", "text:", "said:", "\ud800", "é", "\x1f"]


def _read(text: str) -> Query | QuerySyntaxError:
    try:
        return parse(text)
    except QuerySyntaxError as error:
        return error


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join))
@example("\x1f")
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    read = _read(text)
    if isinstance(read, Query):
        assert parse(format(read)) == read
    else:
        assert 0 <= read.start <= read.end <= len(text)
        assert read.message


names = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
words = st.lists(st.from_regex(r"[b-zé保]{1,6}", fullmatch=True), min_size=1, max_size=3).map(" ".join)
weights = st.sampled_from([1.0, 2.0, 0.5, 0.001, 1000.0])
days = st.dates()
boxes = st.tuples(*[st.floats(0, 0.5)] * 2, *[st.floats(0.6, 1)] * 2)
filters = st.one_of(
    st.builds(Name, names),
    st.builds(Camera, names),
    st.builds(InFolder, names),
    st.builds(
        Kinds, st.lists(st.sampled_from(["image", "pdf", "video"]), min_size=1, unique=True).map(tuple)
    ),
    st.builds(
        Extensions,
        st.lists(st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True), min_size=1, unique=True).map(tuple),
    ),
    st.builds(
        Languages,
        st.lists(st.from_regex(r"[a-z]{2,3}", fullmatch=True), min_size=1, unique=True).map(tuple),
    ),
    st.tuples(days, days).map(lambda pair: Dates(min(pair), max(pair))),
    st.builds(Dates, days, st.none()),
    st.builds(lambda least: Lasting(least, None), st.floats(0, 1e9)),
    st.builds(lambda least, more: Lasting(least, least + more), st.floats(0, 1e9), st.floats(0, 1e9)),
    st.builds(Near, st.floats(-90, 90), st.floats(-180, 180), st.floats(1e-3, 1e5)),
    st.builds(
        Tag, st.lists(names.map(lambda n: n.replace("/", " ").strip()).filter(bool), min_size=1).map("/".join)
    ),
    st.tuples(st.integers(-1, 5), st.integers(-1, 5)).map(lambda pair: Rated(min(pair), max(pair))),
    st.builds(Place, names.map(lambda n: n.replace(",", " ").strip()).filter(bool)),
    st.builds(
        OwnField,
        names.map(lambda n: n.replace("=", " ").strip()).filter(bool),
        st.none() | names.map(str.strip),
    ),
    st.builds(Collected, names),
)
pictures = st.builds(Like, names, st.none() | st.integers(1, 999), st.none() | boxes, weight=weights)
terms = st.builds(Term, st.sampled_from((1, -1)), st.builds(Phrase, names, weight=weights) | pictures)
shares = st.none() | st.integers(0, 1000).map(lambda share: share / 1000)
seconds = st.floats(0, 1e6)


def _changed(
    base: Like,
    texts: list[str],
    described: str,
    keep: float | None,
    insist: float | None,
    weight: float,
) -> Changed:
    """A change of the first text, without the others; without the description alone where there is none."""
    plain = Like(base.path, base.page, base.box)
    change, without = (texts[0], tuple(texts[1:])) if texts else ("", (described,))
    return Changed(plain, change, without, described if texts else None, keep, insist, weight=weight)


def _clip(path: str, one: float | None, other: float | None, weight: float) -> Clip:
    if one is None or other is None or one == other:
        return Clip(path, one, weight=weight)
    return Clip(path, min(one, other), max(one, other), weight=weight)


ranking = st.one_of(
    st.builds(Words, words, weight=weights),
    st.builds(Phrase, names, weight=weights),
    st.builds(Scene, names, weight=weights),
    st.builds(PageText, names, weight=weights),
    st.builds(Said, names, weight=weights),
    st.builds(Objects, names, weight=weights),
    st.builds(Sound, names.filter(lambda text: not text.startswith("@")), weight=weights),
    st.builds(SoundLike, names, weight=weights),
    st.builds(Somebody, names, weight=weights),
    st.builds(SavedSearch, names, weight=weights),
    st.builds(
        Only,
        st.lists(names.filter(lambda name: "," not in name), min_size=1, unique=True).map(tuple),
        weight=weights,
    ),
    pictures,
    st.builds(Mixed, pictures, st.lists(terms, min_size=1, max_size=3).map(tuple), weight=weights),
    st.builds(_changed, pictures, st.lists(names, max_size=2), names, shares, shares, weights),
    st.builds(_clip, names, st.none() | seconds, st.none() | seconds, weights),
    st.builds(Paged, names, weight=weights),
)


def _grown(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    somewhere = parts.filter(_has_place)
    gaps = st.none() | st.floats(0, 1e6).map(lambda seconds: round(seconds, 6))
    in_turn = st.lists(st.tuples(somewhere, gaps), min_size=2, max_size=3)
    return st.one_of(
        st.builds(And, several, weight=weights),
        st.builds(Or, several, weight=weights),
        st.builds(Not, parts),
        st.builds(Same, st.sampled_from(get_args(Scope)), somewhere, weight=weights),
        st.builds(_then, in_turn, weights),
    )


def _has_place(part: Part) -> bool:
    return any(isinstance(found, Leaf) for found in looked_for(part))


def _then(steps: list[tuple[Part, float | None]], weight: float) -> Then:
    return Then(tuple(part for part, _ in steps), tuple(gap for _, gap in steps[1:]), weight=weight)


@st.composite
def simple(draw: st.DrawFn) -> Part:
    """A filter or a leaf; a function, so that the name of the strategy of trees stays readable."""
    return draw(filters | ranking)


trees = st.recursive(simple(), _grown, max_leaves=12)


@given(trees)
def test_every_tree_can_be_written_and_read(tree: Part) -> None:
    assert parse(format(tree)) == Query(tree)
