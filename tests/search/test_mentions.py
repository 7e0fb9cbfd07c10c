"""The files that the text of a query names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.mentions import mentions, quoted, renamed
from search.parser import parse
from search.query import Like


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('like:@"my dog.jpg" snow', ["my dog.jpg"]),
        ('red -like:@"say ""hi"".png"#3[0,0,1,0.5]^2', ['say "hi".png']),
        ("like:@a.pdf#3[0,0,0.5,1] + clip:@b.mp4[10..20]", ["a.pdf", "b.mp4"]),
        ("sound:@bark.wav FACE:@x[1].jpg", ["bark.wav", "x[1].jpg"]),
        ('like:@"a.jpg" but "in snow"', ["a.jpg"]),
        ('"like:@""a.jpg""" name:@b.jpg like:dog', []),
        ('((like:@"a.jpg" OR "unclosed', ["a.jpg"]),
        ("", []),
    ],
)
def test_mentions(text: str, paths: list[str]) -> None:
    found = mentions(text)
    assert [one.path for one in found] == paths
    for one in found:
        assert text[one.start : one.end] in (one.path, quoted(one.path))


def test_paths_are_exchanged_where_they_stand() -> None:
    text = 'a like:@"dog.jpg"#2[0,0,1,1]^2 OR face:@cat.jpg "dog.jpg"'
    long = renamed(text, {"dog.jpg": '/my "dogs"/dog.jpg'}.get)
    assert long == 'a like:@"/my ""dogs""/dog.jpg"#2[0,0,1,1]^2 OR face:@cat.jpg "dog.jpg"'
    assert renamed(long, {'/my "dogs"/dog.jpg': "dog.jpg"}.get) == text


@given(path=st.text(st.characters(exclude_characters="\x00\ufeff", exclude_categories=("Cs",)), min_size=1))
def test_any_path_is_found_again(path: str) -> None:
    path = path.strip()
    if not path:
        return
    text = f"x like:@{quoted(path)} y"
    assert [one.path for one in mentions(text)] == [path]
    other = renamed(text, lambda _: "short")
    assert other == 'x like:@"short" y'
    assert Like("short") in [*getattr(parse(other).root, "parts", ())]


@given(text=st.text('like:@"[]#1()- a', max_size=30))
def test_whatever_stands_there_nothing_else_changes(text: str) -> None:
    assert renamed(text, lambda _: None) == text
    for one in mentions(text):
        assert 0 <= one.start <= one.end <= len(text)
