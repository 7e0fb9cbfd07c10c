import time
from dataclasses import dataclass

import numpy as np
import pytest

from indexers import batch as batches
from indexers.base import Piece
from indexers.batch import Batch
from search.records import Whole


@dataclass(frozen=True)
class Waits:
    piece: Piece


class Doubles:
    """A model that doubles numbers, and knows how often it was freed."""

    def __init__(self):
        self.freed = 0

    def answer(self, pieces):
        return [piece.payload * 2 for piece in pieces]

    def close(self):
        self.freed += 1


@pytest.fixture
def model():
    return Doubles()


@pytest.fixture
def batch(model):
    return Batch("scene", model.answer, 4, model.close)


def give(batch, *numbers):
    batch.waiting += [Waits(Piece("scene", Whole(), payload=np.array([number]))) for number in numbers]


def test_a_model_without_work_is_freed_once(batch, model):
    give(batch, 1, 2)
    assert [answer.tolist() for answer in batch.answer(batch.take())] == [[2], [4]]
    assert batch.relax(idle_s=0)
    assert not batch.relax(idle_s=0)  # who else uses it may have loaded it again
    assert model.freed == 1
    give(batch, 5)
    batch.answer(batch.take())
    assert batch.relax(idle_s=0)
    assert model.freed == 2


def test_a_model_is_cold_until_it_is_asked_and_when_it_was_freed(batch):
    assert batch.is_cold
    give(batch, 1)
    batch.answer(batch.take())
    assert not batch.is_cold
    batch.relax(idle_s=0)
    assert batch.is_cold


def test_a_model_that_was_never_asked_is_left_alone(batch, model):
    assert not batch.relax(idle_s=0)
    assert model.freed == 0


def test_a_model_makes_room_sooner_once_another_was_loaded(batch, model, monkeypatch):
    monkeypatch.setattr(batches, "BRIEFLY_S", 0)
    give(batch, 1)
    batch.answer(batch.take())
    assert not batch.relax(idle_s=1000, loaded=0)  # it was asked since
    assert batch.relax(idle_s=1000, loaded=time.monotonic())
    assert model.freed == 1


def test_a_model_is_kept_while_something_waits_or_for_a_while(batch, model):
    give(batch, 1)
    batch.answer(batch.take())
    assert not batch.relax(idle_s=1000)
    give(batch, 2)
    assert not batch.relax(idle_s=0)
    assert model.freed == 0
