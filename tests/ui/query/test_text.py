from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import And, Clip, Face, Like, Part, SoundLike
from ui.query.text import Asked, Files, How, Reference, text_of

DOG = Path("/pictures/my dog.jpg").absolute()
NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufeff"), min_size=1)


def asked(words: str) -> Asked:
    return Asked(words, Files().with_file(DOG, "my dog.jpg")[0])


@given(name=NAMES.map(str.strip).filter(bool))
def test_any_path_becomes_a_query_that_means_it(name: str) -> None:
    path = Path("/").absolute() / name
    files, entry = Files().with_file(path, name)
    words = f"{text_of(Reference(path, name, page=3).leaf(entry.label))} type:pdf"
    assert "\n" not in words
    try:
        root = parse(Asked(words, files).query).root
    except QuerySyntaxError:
        assert not name.isprintable()
        return
    assert isinstance(root, And)
    assert isinstance(root.parts[0], Like)
    assert (root.parts[0].path, root.parts[0].page) == (str(path), 3)


@pytest.mark.parametrize(
    ("how", "part"),
    [
        ("like", Like("x", 2, (0, 0, 1, 0.5))),
        ("face", Face("x", 2, (0, 0, 1, 0.5))),
        ("sound", SoundLike("x")),
        ("clip", Clip("x")),
    ],
)
def test_a_file_is_searched_by_in_several_ways(how: How, part: Part) -> None:
    assert Reference(DOG, "my dog.jpg", 2, how=how, box=(0, 0, 1, 0.5)).leaf("x") == part


def test_two_files_of_one_name_have_two_labels() -> None:
    files, one = Files().with_file(Path("/a/dog.jpg"), "dog.jpg")
    files, other = files.with_file(Path("/b/dog.jpg"), "dog.jpg")
    files, again = files.with_file(Path("/a/dog.jpg"), "dog.jpg")
    assert (one.label, other.label, again) == ("dog.jpg", "dog (2).jpg", one)
    assert files.path_of("dog (2).jpg") == str(Path("/b/dog.jpg"))


def test_whole_paths_are_shortened_and_mean_the_same() -> None:
    text = f'red like:@"{DOG}"#2 OR face:@relative.jpg'
    files, short = Files().shortened(text)
    assert short == 'red like:@"my dog.jpg"#2 OR face:@relative.jpg'
    assert Asked(short, files).query == text


@pytest.mark.parametrize(
    ("words", "bad", "span"),
    [
        ("a tpye:b", "tpye", (2, 6)),
        ('like:@"my dog.jpg" a tpye:b', "tpye", (21, 25)),
        ('x like:@"my dog.jpg" (abc', "(abc", (21, 25)),
        ('like:@"my dog.jpg"[2]', "like:", (0, 5)),
        ("(abc", "(", (0, 1)),
    ],
)
def test_an_error_in_the_query_is_found_in_the_words(words: str, bad: str, span: tuple[int, int]) -> None:
    query = asked(words).query
    start = query.index(bad)
    assert asked(words).span(start, start + len(bad)) == span


def test_an_error_inside_a_path_covers_the_short_name() -> None:
    one = asked('x like:@"my dog.jpg" y')
    assert one.span(12, 14) == (8, 20)
    assert asked("abc").span(3, 4) == (2, 3)
    assert Asked("").span(0, 0) == (0, 0)
