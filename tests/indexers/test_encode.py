import threading
from dataclasses import replace

import numpy as np
import pytest

from indexers import batch as batches
from indexers.base import Part, Piece
from indexers.batch import LEAN
from indexers.channel import Channel
from indexers.encode import EncodeStage
from indexers.flow import Decoded, Item, Trouble, Work
from search.errors import ModelError
from search.records import File, Page, TimeSpan, Whole
from search.spaces import Fingerprint, unit_rows


def work_on(digest: str, spaces=("scene",)) -> Work:
    item = Item(digest, "image/png", 1, 1, f"/{digest}", [File(f"/{digest}", digest, 1, 1, "/")], 1)
    return Work(item, "pictures", dict.fromkeys(spaces), is_new=True)


def part(*payloads, next_at=None) -> Part:
    pieces = [Piece("scene", Page(number), payload=payload) for number, payload in enumerate(payloads, 1)]
    return Part(None, pieces, (), next_at)


@pytest.fixture
def run():
    """Feed messages to an encode stage and return what it finished, by digest."""

    def encode(space, messages, batch=32, readers=()):
        stopped = threading.Event()
        decoded, finished, lost = Channel(1000, stopped), Channel(1000, stopped), []
        for message in messages:
            decoded.put(message)
        decoded.close()
        EncodeStage([space], lost.append, batch, readers).run(decoded, finished)
        return {done.work.item.digest: done for done in finished}, lost

    return encode


def pixels(value: int) -> np.ndarray:
    return np.full((48, 48, 3), value, dtype=np.uint8)


def test_vectors_come_back_to_their_pieces(run, scene):
    values = {f"d{n}": n * 5 for n in range(40)}
    done, _ = run(scene, [Decoded(work_on(d), part(pixels(v)), True) for d, v in values.items()])
    for digest, value in values.items():
        segments, vectors = done[digest].rows["scene"]
        assert [(segment.digest, segment.n) for segment in segments] == [(digest, 0)]
        np.testing.assert_array_equal(vectors, scene.encode([pixels(value)]))


def test_batches_grow_to_their_limit(run, scene):
    run(scene, [Decoded(work_on(str(n)), part(pixels(n)), True) for n in range(100)], batch=16)
    assert max(scene.batches) == 16
    assert sum(scene.batches) == 100


def test_parts_of_one_work_are_gathered(run, scene):
    work = work_on("d")
    messages = [
        Decoded(work, part(pixels(1), pixels(2), next_at=2), False),
        Decoded(work, part(pixels(3)), True),
    ]
    done, _ = run(scene, messages)
    segments, vectors = done["d"].rows["scene"]
    assert [segment.n for segment in segments] == [0, 1, 2]
    np.testing.assert_array_equal(vectors, scene.encode([pixels(1), pixels(2), pixels(3)]))


def told_by(scene, parts, batch):
    """Run one work, and return the shares that were told, with how many pieces were encoded by then."""
    decoded, finished, told = Channel(1000, threading.Event()), Channel(1000, threading.Event()), []
    work = work_on("d")
    for one in parts:
        decoded.put(Decoded(work, one, last=one.next is None))
    decoded.close()

    def reached(of, share):
        assert of is work
        told.append((share, sum(scene.batches)))

    EncodeStage([scene], print, batch, reached=reached).run(decoded, finished)
    return told


def test_how_much_of_a_file_is_read_is_told_when_it_is_encoded(scene):
    parts = [replace(part(*map(pixels, range(4)), next_at=n), of=4) for n in (1, 2, 3)]
    told = told_by(scene, [*parts, part(pixels(9))], batch=4)
    assert told == [(0.25, 4), (0.5, 8), (0.75, 12)]


def test_parts_without_pieces_and_files_of_unknown_length_are_no_obstacle(scene):
    empty = replace(part(next_at=1), of=4)
    unknown = part(pixels(1), next_at=2)
    full = replace(part(pixels(2), next_at=3), of=4)
    assert told_by(scene, [empty, unknown, full, part()], batch=2) == [(0.25, 0), (0.75, 2)]


def test_a_length_that_is_too_short_never_makes_more_than_all(scene):
    assert told_by(scene, [replace(part(pixels(1), next_at=9), of=4), part()], batch=1) == [(1.0, 1)]


def test_words_and_vectors_made_elsewhere_pass_through(run, scene):
    vector = np.ones(3, dtype=np.float32)
    pieces = [Piece("text", Whole(), text="hello"), Piece("phash", Whole(), vector=vector)]
    done, _ = run(scene, [Decoded(work_on("d", ("text", "phash")), Part(None, pieces), True)])
    assert done["d"].rows["text"][0][0].text == "hello"
    assert done["d"].rows["text"][1] is None
    np.testing.assert_array_equal(done["d"].rows["phash"][1], [vector])


def test_a_content_without_pieces_is_served_all_the_same(run, scene):
    done, _ = run(scene, [Decoded(work_on("d"), part(), True)])
    assert done["d"].rows == {"scene": ([], None)}


def test_trouble_is_handed_on(run, scene):
    trouble = Trouble("failed", "It is broken.")
    done, _ = run(scene, [Decoded(work_on("d"), trouble, True)])
    assert done["d"].trouble == trouble


def test_a_lost_space_is_told_once_and_serves_nobody(run, colours):
    class FailsLater(colours):
        def encode(self, items):
            if self.encoded >= 8:
                raise ModelError("It broke.", "Mend it.")
            return super().encode(items)

    messages = [Decoded(work_on(f"{n:02}"), part(pixels(n)), True) for n in range(20)]
    done, lost = run(FailsLater(), messages)
    assert [(missing.space, missing.reason, missing.remedy) for missing in lost] == [
        ("scene", "It broke.", "Mend it.")
    ]
    served = {digest for digest, finished in done.items() if "scene" in finished.rows}
    assert served == {f"{n:02}" for n in range(8)}
    assert len(done) == 20


def test_what_fails_in_a_batch_is_found_by_halves(run, colours):
    class Picky(colours):
        def encode(self, items):
            if any(item[0, 0, 0] == 13 for item in items):
                raise RuntimeError("unlucky")
            return super().encode(items)

    done, lost = run(Picky(), [Decoded(work_on(f"{n:02}"), part(pixels(n)), True) for n in range(16)])
    assert not lost
    assert [digest for digest, finished in done.items() if finished.troubles] == ["13"]
    assert "unlucky" in done["13"].troubles["scene"].reason


def test_vectors_that_are_no_numbers_are_refused(run, colours):
    class Broken(colours):
        def encode(self, items):
            return super().encode(items) * np.nan

    done, _ = run(Broken(), [Decoded(work_on("d"), part(pixels(1)), True)])
    assert "no numbers" in done["d"].troubles["scene"].reason


class Counts:
    """Reads a sound: one piece that holds the others, one for each of its values, a picture of the first."""

    name, fingerprint, picture_input, batch = "speech", Fingerprint("counts", "1", "", 0), None, 1

    def __init__(self, fails=False):
        self.fails, self.asked, self.freed = fails, [], 0

    def read(self, pieces):
        self.asked.append(len(pieces))
        if self.fails:
            raise ModelError("It broke.", "Mend it.")
        return [self._read(piece) for piece in pieces]

    def _read(self, piece):
        values = [int(value) for value in piece.payload]
        words = [Piece("speech", piece.locator, str(value), parent=0, language="de") for value in values]
        shown = [Piece("scene", piece.locator, payload=pixels(values[0]))] if values else []
        elsewhere = Piece("meaning", piece.locator, "nobody asked", payload="nobody asked")
        return [Piece("speech", piece.locator, "all"), *words, elsewhere, *shown] if values else []

    def close(self):
        self.freed += 1


def heard(*values, at=0, next_at=None):
    sound = np.array(values, dtype=np.int16)
    return Part(None, [Piece("speech", TimeSpan(at, at + 1), payload=sound)], (), next_at)


def test_what_a_reader_finds_is_written_and_encoded(run, scene):
    work = work_on("d", ("speech", "scene"))
    messages = [Decoded(work, heard(7, 8, next_at=1), False), Decoded(work, heard(9, at=1), True)]
    reader = Counts()
    done, lost = run(scene, messages, readers=[reader])
    segments, vectors = done["d"].rows["speech"]
    assert (lost, vectors, reader.asked, done["d"].language) == ([], None, [1, 1], "de")
    assert [(one.n, one.text, one.parent) for one in segments] == [
        (0, "all", None),
        (1, "7", "d:speech:0"),
        (2, "8", "d:speech:0"),
        (3, "all", None),
        (4, "9", "d:speech:3"),
    ]
    assert segments[4].locator == TimeSpan(1, 2)
    np.testing.assert_array_equal(done["d"].rows["scene"][1], scene.encode([pixels(7), pixels(9)]))
    assert set(done["d"].rows) == {"speech", "scene"}


def test_a_reader_is_freed_when_all_is_read(run, scene):
    reader, unasked = Counts(), Counts()
    run(scene, [Decoded(work_on("d", ("speech",)), heard(1), True)], readers=[reader])
    run(scene, [Decoded(work_on("e"), part(pixels(1)), True)], readers=[unasked])
    assert (reader.freed, unasked.freed) == (1, 0)


@pytest.mark.parametrize(("idle_s", "briefly_s"), [(0, 5), (60, 0)])
def test_a_model_without_work_is_freed_while_others_work(scene, monkeypatch, idle_s, briefly_s):
    """The sound is read first; when the pictures come, its reader had nothing to do for long enough, or
    makes room for their model, which is loaded then."""
    monkeypatch.setattr(batches, "BRIEFLY_S", briefly_s)
    stopped = threading.Event()
    decoded, finished = Channel(1000, stopped), Channel(1000, stopped)
    reader = Counts()
    freed_at = []

    def encode(items, encode=scene.encode):
        freed_at.append(reader.freed)
        return encode(items)

    scene.encode = encode
    decoded.put(Decoded(work_on("a", ("speech",)), heard(1), True))
    stage = EncodeStage([scene], [].append, readers=[reader], idle_s=idle_s)
    thread = threading.Thread(target=stage.run, args=(decoded, finished))
    thread.start()
    assert finished.get(30).work.item.digest == "a"
    decoded.put(Decoded(work_on("b"), part(pixels(1)), True))
    decoded.close()
    thread.join(30)
    assert (freed_at, reader.freed) == ([1], 1)


def test_what_little_waits_comes_before_another_model_is_loaded(scene):
    """A fifth sound waits where four are a batch, when a full batch of pictures comes."""
    reader, asked = Counts(), []
    reader.batch = 4
    scene.encode = lambda items, encode=scene.encode: (asked.append(list(reader.asked)), encode(items))[1]
    decoded, finished = Channel(1000, threading.Event()), Channel(1000, threading.Event())
    stage = EncodeStage([scene], [].append, 1, readers=[reader])
    for name in "abcde":
        decoded.put(Decoded(work_on(name, ("speech",)), heard(), True))
    decoded.put(Decoded(work_on("f"), part(pixels(1)), True))
    decoded.close()
    stage.run(decoded, finished)
    assert (asked, reader.asked) == ([[4, 1]], [4, 1])


def test_nothing_to_read_is_an_answer(run, scene):
    done, _ = run(scene, [Decoded(work_on("d", ("speech",)), heard(), True)], readers=[Counts()])
    assert done["d"].rows == {"speech": ([], None)}
    assert done["d"].language is None


def test_a_lost_reader_leaves_only_its_pieces_out(run, scene):
    messages = [
        Decoded(
            work_on("a", ("speech", "scene")), Part(None, [*heard(1).pieces, *part(pixels(1)).pieces]), True
        ),
        Decoded(work_on("b", ("speech",)), heard(2), True),
    ]
    done, lost = run(scene, messages, readers=[Counts(fails=True)])
    assert [missing.space for missing in lost] == ["speech"]
    assert set(done["a"].rows) == {"scene"}
    assert set(done["b"].rows) == set()


class Settling:
    """Reads a number out of each picture, and keeps their sum; asks for the first picture once more."""

    name = "sum"
    batch = 2
    picture_input = None

    def read(self, pieces):
        return [[Piece("sum", piece.locator, str(piece.payload.flat[0]))] for piece in pieces]

    def settle(self, readings):
        total = sum(int(piece.text) for reading in readings for piece in reading)
        whole = Piece("sum", Whole(), str(total))
        return [whole, Piece("sum", Page(1), "all", parent=0), Piece("scene", Whole(), payload=pixels(total))]

    def close(self):
        pass


def test_what_was_read_settles_when_all_is_read(run, scene):
    work = work_on("d", ("scene", "sum"))
    pieces = [Piece("sum", Page(n), payload=pixels(n)) for n in (1, 2, 3)]
    messages = [
        Decoded(work, Part(None, pieces[:2], (), 2), False),
        Decoded(work, Part(None, pieces[2:]), True),
    ]
    messages.append(Decoded(work_on("empty", ("sum",)), Part(None), True))
    done, _ = run(scene, messages, readers=[Settling()])
    segments, vectors = done["d"].rows["sum"]
    assert [(segment.text, segment.parent) for segment in segments] == [("6", None), ("all", "d:sum:0")]
    assert vectors is None
    np.testing.assert_array_equal(done["d"].rows["scene"][1], scene.encode([pixels(6)]))
    assert done["empty"].rows["sum"] == ([], None)


def test_what_holds_others_gets_the_middle_of_their_vectors(run, scene):
    pieces = [
        Piece("scene", Page(1), payload=pixels(10)),
        Piece("scene", TimeSpan(0, 4)),
        Piece("scene", TimeSpan(0, 2), payload=pixels(40), parent=1),
        Piece("scene", TimeSpan(2, 4), payload=pixels(200), parent=1),
    ]
    parts = [Part(None, pieces, (), 1), Part(None, pieces[:1])]
    work = work_on("a")
    done, _ = run(scene, [Decoded(work, parts[0], False), Decoded(work, parts[1], True)], batch=2)
    segments, vectors = done["a"].rows["scene"]
    assert [segment.parent for segment in segments] == [None, None, "a:scene:1", "a:scene:1", None]
    one, other = scene.encode([pixels(40), pixels(200)])
    np.testing.assert_allclose(vectors[1], (one + other) / np.linalg.norm(one + other), atol=1e-6)
    np.testing.assert_array_equal(vectors[[0, 4]], scene.encode([pixels(10), pixels(10)]))


def test_a_text_leans_to_what_it_stands_under(run):
    class Letters:
        """Counts how often the letters a, b and c stand in a text."""

        name = "meaning"
        fingerprint = Fingerprint("letters", "1", "", 3)
        accepts = frozenset({"text"})
        picture_input = None

        def encode(self, items):
            return unit_rows(np.array([[item.count(one) for one in "abc"] for item in items], np.float32))

        def close(self):
            pass

    pieces = [Piece("meaning", Whole(), "a", "a", over=over) for over in (None, "b", "c", "b")]
    done, _ = run(Letters(), [Decoded(work_on("d", ("meaning",)), Part(None, pieces), True)])
    _, vectors = done["d"].rows["meaning"]
    assert np.allclose(vectors, unit_rows(np.array([[1, 0, 0], [1, LEAN, 0], [1, 0, LEAN], [1, LEAN, 0]])))
