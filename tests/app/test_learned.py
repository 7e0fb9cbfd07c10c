"""What a library holds, in words that need no knowledge of how it is kept."""

from app.learned import LEARNED, counted, learned
from indexers.base import load
from indexers.derived import SOURCES


def test_every_space_has_words_of_a_person() -> None:
    spaces = {space for indexer in load().indexers for space in indexer.spaces} | set(SOURCES)
    assert spaces <= LEARNED.keys()
    assert len(set(LEARNED.values())) == len(LEARNED)


def test_files_are_counted_by_kind_the_most_first() -> None:
    assert counted({"pdf": 1, "image": 3, "video": 2}) == "3 pictures, 2 films, 1 PDF"
    assert counted({"font": 2}) == "2 font"
    assert counted({}) == ""


def test_what_was_learned_is_told_with_its_model_if_it_has_one() -> None:
    space = {"segments": 1, "contents": 1, "next_model": None, "pending": 0}
    space |= {"model": "words"}
    assert learned("text", space) == "words of pages and texts: 1 place"
    faces = space | {"segments": 7, "model": "yunet"}
    assert learned("face", faces) == "faces: 7 places, by yunet"
    facts = space | {"segments": 0, "contents": 2}
    assert learned("facts", facts) == "what files say of themselves: 2 files"
    older = faces | {"next_model": "other", "pending": 3}
    assert learned("face", older).endswith("; other still has 3 to go through")
    assert learned("own", space).startswith("own: ")
