import pytest

from indexers.face_finder import thresholds_of
from indexers.model_facts import Facts
from search.errors import ModelError
from search.spaces import Thresholds


def test_what_a_model_says_of_its_cosines() -> None:
    told = Facts({"faces": {"same": 0.5, "maybe": 0.4}}, "model.toml")
    assert thresholds_of(told) == Thresholds(0.5, 0.4)
    assert thresholds_of(Facts({"same_person_cosine": 0.5}, "model.toml")) == Thresholds(
        0.5, pytest.approx(0.45)
    )


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({}, "same must be a number, but it is missing"),
        ({"faces": {"same": 0.4, "maybe": 0.5}}, "maybe must be a cosine below same"),
        ({"faces": {"same": 40}}, "maybe must be a cosine below same"),
    ],
)
def test_nonsense_has_a_sentence(values: dict[str, object], rule: str) -> None:
    with pytest.raises(ModelError, match=rule):
        thresholds_of(Facts(values, "model.toml"))
