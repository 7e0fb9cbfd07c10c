"""What the user says of contents: beside what files say, in every copy, gone with the content."""

from datetime import datetime

from search.filters import to_filter
from search.parser import parse
from search.records import Content, File, Own
from search.store import Batch, Library, Root, Words

SAID = Own(
    "My title", datetime(2001, 2, 3), 5, "Capri, Italy", ("Sea", "x"), (("project", "Apollo"), ("n", "1"))
)


def paths(library: Library, query: str) -> list[str]:
    return sorted(library.matching(to_filter(parse(query).root)).paths)


def make(folder) -> Library:
    library = Library.create(folder)
    content = Content(
        "d1", "image/jpeg", 1, title="its own", tags=("sea", "sun"), rating=2, place="Rome, Italy"
    )
    files = [File(f"/r/{name}", "d1", 1, 1, "/r") for name in ("a.jpg", "b.jpg")]
    other = File("/r/c.jpg", "d2", 1, 1, "/r")
    with library.writer() as writer:
        writer.add_root(Root("/r"))
        writer.write(Batch([content, Content("d2", "image/jpeg", 1)], [*files, other]))
    return library


def test_what_the_user_says_goes_first_and_can_be_taken_back(tmp_path) -> None:
    library = make(tmp_path / "library")
    before = library.contents(["d1", "d2"])
    with library.writer() as writer:
        writer.write_own({"d1": SAID})
    found = library.contents(["d1", "d2"])
    assert found["d2"] == before["d2"]
    assert (found["d1"].title, found["d1"].rating, found["d1"].place) == ("My title", 5, "Capri, Italy")
    assert sorted(found["d1"].tags) == ["sea", "sun", "x"]
    assert found["d1"].fields == SAID.fields
    assert library.own() == library.own(["d1"]) == {"d1": SAID}
    assert library.contents(["d1"], own=False)["d1"] == before["d1"]
    for query in (
        "rating:5",
        "place:capri",
        "place:rome",
        "tag:x",
        "tag:sun",
        "meta:project=apollo",
        "date:2001",
    ):
        assert paths(library, query) == ["/r/a.jpg", "/r/b.jpg"], query
    assert [one.segment.text for one in library.find_words("metadata", Words("apollo"), 5)] == [
        "My title\nSea, x\nCapri, Italy\nproject: Apollo\nn: 1"
    ]
    with library.writer() as writer:  # the file is read again
        writer.write(Batch([Content("d1", "image/jpeg", 1, rating=3)], []))
    assert paths(library, "rating:5") == ["/r/a.jpg", "/r/b.jpg"]
    with library.writer() as writer:
        writer.write_own({"d1": Own()})
    assert library.own() == {}
    assert paths(library, "rating:3") == ["/r/a.jpg", "/r/b.jpg"]
    assert paths(library, "meta:project") == []
    assert library.find_words("metadata", Words("apollo"), 5) == []
    library.close()


def test_it_goes_with_the_content(tmp_path) -> None:
    library = make(tmp_path / "library")
    with library.writer() as writer:
        writer.write_own({"d1": SAID, "d2": SAID})
        writer.forget("/r/c.jpg")
        assert library.own().keys() == {"d1"}
        writer.remove_files(["/r/a.jpg"])
        writer.prune()
        assert library.own().keys() == {"d1"}
        writer.remove_files(["/r/b.jpg"])
        writer.prune()
    assert library.own() == {}
    library.close()
