"""What is asked is encoded once: for a query that says it twice, for the next query, until a file changes."""

import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.digests import Digests
from search.engine import Engine, SearchOptions
from search.errors import MediaError, ModelError
from search.query_vectors import QueryVectors
from search.spaces import PictureReference, Vector


@pytest.fixture
def counting(caption_encoder: Any) -> Any:
    class Counting(caption_encoder):
        def __init__(self) -> None:
            super().__init__()
            self.pictures: list[PictureReference] = []

        def encode_picture(self, picture: PictureReference) -> Vector:
            self.pictures.append(picture)
            made: Vector = super().encode_picture(picture)
            return made

    return Counting()


@pytest.fixture
def engine(shelf: Any, counting: Any) -> Engine:
    for n, thing in enumerate(["red", "green", "blue", "cat", "dog", "sea", "sun", "tree"]):
        shelf.photo(f"{n}.jpg", thing)
    made: Engine = shelf.engine(counting)
    made.warm()
    counting.texts.clear()
    return made


def test_a_repeated_part_is_encoded_once(engine: Engine, counting: Any) -> None:
    engine.search("(scene:cat type:image) OR (scene:cat^3 date:2024) OR cat")
    assert counting.texts == ["cat"]


def test_the_next_query_does_not_encode_again(engine: Engine, counting: Any) -> None:
    for query in ("cat", "scene:cat", "cat OR dog", '"cat" -dog'):
        engine.search(query)
    assert counting.texts == ["cat", "dog"]


def test_a_picture_is_known_by_its_content(engine: Engine, counting: Any, tmp_path: Path) -> None:
    query, options = tmp_path / "q.png", SearchOptions(base=tmp_path)
    Image.new("RGB", (32, 32), (220, 30, 30)).save(query)
    shutil.copy(query, tmp_path / "copy.png")
    assert engine.search("like:@q.png", options).hits[0].file.name == "0.jpg"
    engine.search("like:@q.png AND like:@copy.png", options)
    assert len(counting.pictures) == 1
    engine.search("like:@q.png[0,0,1,0.5]", options)
    assert len(counting.pictures) == 2
    before = query.stat()
    Image.new("RGB", (32, 32), (30, 200, 40)).save(query)
    os.utime(query, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))
    assert engine.search("like:@q.png", options).hits[0].file.name == "1.jpg"
    assert len(counting.pictures) == 3


def test_a_failure_is_not_remembered(engine: Engine, counting: Any, tmp_path: Path) -> None:
    query, options = tmp_path / "q.png", SearchOptions(base=tmp_path)
    query.write_bytes(b"no picture")
    for _ in range(2):
        with pytest.raises(MediaError, match="is not a picture"):
            engine.search("like:@q.png", options)
    assert len(counting.pictures) == 2


def test_what_was_used_last_is_kept() -> None:
    vectors, made = QueryVectors(kept=2), list[str]()

    def ask(key: str) -> None:
        vectors.remembered(key, lambda: made.append(key) or np.zeros((1, 2), np.float32))  # type: ignore[func-returns-value]

    for key in "abacb":
        ask(key)
    assert made == ["a", "b", "c", "b"]


def test_who_comes_second_waits_for_the_first() -> None:
    vectors, begun, go, made = QueryVectors(), threading.Event(), threading.Event(), list[int]()

    def make() -> Vector:
        begun.set()
        go.wait(10)
        made.append(1)
        return np.ones((1, 2), np.float32)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(vectors.remembered, "key", make)
        begun.wait(10)
        second = pool.submit(vectors.remembered, "key", make)
        go.set()
        assert first.result() is second.result()
    assert made == [1]


def test_who_waits_hears_of_a_failure() -> None:
    vectors = QueryVectors()

    def fail() -> Vector:
        raise ModelError("The model is damaged.")

    for _ in range(2):
        with pytest.raises(ModelError):
            vectors.remembered("key", fail)
    assert vectors.remembered("key", lambda: np.ones((1, 1), np.float32)).shape == (1, 1)


def test_a_digest_is_that_of_the_library(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert Digests().digest(tmp_path / "a") == "cf4ab791c62b8d2b2109c90275287816"
    assert Digests().identity(tmp_path / "a") == Digests().digest(tmp_path / "a")


@pytest.mark.parametrize(("name", "says"), [("gone", "does not exist"), (".", "is no file")])
def test_what_is_no_file_says_so(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(MediaError, match=says):
        Digests().identity(tmp_path / name)
