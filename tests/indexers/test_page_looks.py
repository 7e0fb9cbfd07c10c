"""Pages as pictures: what is drawn, what is stored of them, and where on the page a vector lies."""

import threading

import numpy as np
import pymupdf
import pytest

from indexers import encode
from indexers.base import Job, Part, Piece
from indexers.channel import Channel
from indexers.col_vision import ColVision
from indexers.encode import EncodeStage
from indexers.flow import Decoded, Finished, Item, Portion, Work
from indexers.model_facts import Facts
from indexers.page_looks import INDEXER, PageLookQueries, PageLooks
from search.errors import MediaError, ModelError
from search.plan import PAGE_LOOK
from search.records import File, Page
from search.spaces import PictureInput
from tests.page_models import DIM, write

SIDE = 160


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    folder = write("colqwen2", tmp_path_factory.mktemp("models") / "tiny")
    return ColVision(folder, Facts({"id": "tiny", "dim": DIM, "side": SIDE}, "model.toml"), "1", device="cpu")


@pytest.fixture
def document(tmp_path):
    """Three pages: one with wide margins, one turned, one empty."""
    path = tmp_path / "a.pdf"
    with pymupdf.open() as made:
        for n in range(3):
            page = made.new_page(width=300, height=400)
            if n < 2:
                page.draw_rect(pymupdf.Rect(60, 100, 240, 330), fill=(0, 0.3, 0.6))
                page.insert_text((70, 90), "A chart")
            page.set_rotation(90 if n == 1 else 0)
        made.save(path)
    return path


def job(path, **changes) -> Job:
    facts = {"path": str(path), "digest": "d", "media_type": "application/pdf", "size": 1, "mtime_ns": 0}
    spaces = {PAGE_LOOK: PictureInput(SIDE, SIDE, "fit")}
    return Job(**{**facts, "indexer": "pages", "spaces": spaces, **changes})


def test_pages_are_drawn_without_their_margins(document) -> None:
    part = INDEXER.extract(job(document))
    assert [piece.locator for piece in part.pieces] == [Page(1), Page(2), Page(3)]
    upright, turned, empty = (piece.payload for piece in part.pieces)
    assert upright.shape[0] < 0.8 * SIDE
    assert upright.shape[0] > upright.shape[1]
    assert turned.shape[1] > turned.shape[0]
    assert empty.shape == (SIDE, 0.75 * SIDE, 3)


def test_of_a_page_one_row_stands_for_all_and_has_its_vectors(model, document) -> None:
    pieces = INDEXER.extract(job(document)).pieces
    for piece, (whole, *rows) in zip(pieces, PageLooks(model).read(pieces), strict=True):
        seen = model.look(piece.payload)
        np.testing.assert_array_equal(whole.tokens, seen.tokens)
        mean = seen.tokens.mean(axis=0)
        np.testing.assert_allclose(whole.vector, mean / np.linalg.norm(mean), atol=1e-5)
        np.testing.assert_array_equal([row.vector for row in rows], seen.rows)
        assert {one.locator for one in (whole, *rows)} == {piece.locator}
        assert {(row.parent, row.tokens, row.payload) for row in rows} == {(0, None, None)}
        assert (whole.parent, whole.payload) == (None, None)


def test_texts_are_not_looked_at(model) -> None:
    with pytest.raises(ModelError, match="looks at pictures"):
        PageLooks(model).read([Piece(PAGE_LOOK, Page(1), payload="words")])
    with pytest.raises(ModelError, match="takes only text"):
        PageLookQueries(model).encode_picture("a.jpg")


@pytest.mark.parametrize("number", [1, 2, 3])
def test_boxes_are_those_of_the_stored_vectors_on_the_page(model, document, number) -> None:
    piece = INDEXER.extract(job(document)).pieces[number - 1]
    (whole, *_) = PageLooks(model).read([piece])[0]
    boxes = PageLookQueries(model).boxes(document, number)
    assert len(boxes) == len(whole.tokens)
    height, width = (SIDE * 0.75, SIDE) if number == 2 else (SIDE, SIDE * 0.75)
    covered = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1).sum() * height * width
    assert covered == pytest.approx(piece.payload.shape[0] * piece.payload.shape[1], rel=0.02)
    if number == 1:
        assert boxes[:, 1].min() == pytest.approx(80 / 400, abs=0.03)
        assert boxes[:, 3].max() == pytest.approx(330 / 400, abs=0.03)


def test_there_are_no_boxes_of_a_page_that_is_not_there(model, document) -> None:
    with pytest.raises(MediaError, match="no page 4"):
        PageLookQueries(model).boxes(document, 4)


def test_a_question_has_a_vector_for_each_word_and_one_for_all(model) -> None:
    queries = PageLookQueries(model)
    tokens = queries.encode_tokens("a chart")
    assert tokens.shape == (6, DIM)  # of this tokenizer, letters
    mean = tokens.mean(axis=0)
    np.testing.assert_allclose(queries.encode_text("a chart"), mean / np.linalg.norm(mean), atol=1e-5)
    assert not queries.encode_tokens(" ").size
    assert queries.fingerprint == PageLooks(model).fingerprint


def encoded(model, pieces, parts: int) -> list[Finished | Portion]:
    """What an encode stage hands on when pieces come in so many parts."""
    stopped = threading.Event()
    decoded, finished = Channel(1000, stopped), Channel(1000, stopped)
    item = Item("d", "application/pdf", 1, 1, "/d", [File("/d", "d", 1, 1, "/")], 1)
    work = Work(item, "pages", {PAGE_LOOK: model.picture_input}, is_new=False)
    for n in range(parts):
        decoded.put(Decoded(work, Part(None, pieces), last=n == parts - 1))
    decoded.close()
    EncodeStage([], print, readers=[PageLooks(model)]).run(decoded, finished)
    return list(finished)


def test_long_documents_are_handed_on_in_portions(model, document, monkeypatch) -> None:
    pieces = INDEXER.extract(job(document)).pieces
    (whole,) = encoded(model, pieces, 4)
    monkeypatch.setattr(encode, "PORTION_BYTES", 1500)
    *portions, last = encoded(model, pieces, 4)
    assert isinstance(last, Finished)
    assert len(portions) > 1
    assert all(isinstance(portion, Portion) and portion.space == PAGE_LOOK for portion in portions)
    segments = [one for portion in portions for one in portion.segments]
    assert last.before == {PAGE_LOOK: len(segments)}
    rest, _ = last.rows[PAGE_LOOK]
    wanted, vectors = whole.rows[PAGE_LOOK]
    assert [*segments, *rest] == list(wanted)
    assert [one.n for one in wanted] == list(range(len(wanted)))
    begun = np.concatenate([portion.vectors for portion in portions])
    np.testing.assert_array_equal(begun, vectors[: len(begun)])
    assert sum(one is not None for portion in portions for one in portion.tokens) + sum(
        one is not None for one in last.tokens.get(PAGE_LOOK, ())
    ) == 4 * len(pieces)
