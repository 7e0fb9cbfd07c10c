from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tools.train_starter.__main__ import evaluate, recipe_of, train_all
from tools.train_starter.data import Data
from tools.train_starter.export import write_heads
from tools.train_starter.heads import Heads, joined
from tools.train_starter.recipe import Recipe, Tower
from tools.train_starter.training import Run, follow, learning_rate, new_heads, train

CHANCE = 1 / 40
TINY = Recipe(
    steps=60, photos=32, hidden=48, dim=24, dropout=0.1, group_pairs=24, rate=3e-3, warmup=5, unpaired=32
)


def quiet(_: str) -> None:
    pass


@pytest.mark.parametrize("tower", Tower)
def test_training_learns(tower: Tower, data: Data, token_vectors: Tensor) -> None:
    recipe = replace(TINY, tower=tower, beta=0.1, captions=2)
    before = new_heads(recipe, data, token_vectors).eval()
    after = train(recipe, data, token_vectors, quiet)
    assert evaluate(before, data, "train").at[0] < 8 * CHANCE
    assert evaluate(after, data, "train").at[0] > 0.7


def test_the_same_seed_gives_the_same_heads(data: Data, token_vectors: Tensor) -> None:
    recipe = replace(TINY, steps=3)
    first, second = (train(recipe, data, token_vectors, quiet) for _ in range(2))
    assert same_weights(first, second)
    assert not same_weights(first, train(replace(recipe, seed=1), data, token_vectors, quiet))


def test_a_student_learns_what_its_teachers_know(
    data: Data, token_vectors: Tensor, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = replace(TINY, teachers=2, teaching=1.0, average=0.9)
    student = train_all(recipe, data, token_vectors)
    assert evaluate(student, data, "train").at[0] > 0.7
    assert capsys.readouterr().out.count("teacher") == 2


def test_training_goes_on_from_earlier_heads(data: Data, token_vectors: Tensor, tmp_path: Path) -> None:
    once = train(TINY, data, token_vectors, quiet)
    write_heads(once, data, 0.0, tmp_path)
    little = replace(TINY, steps=1, rate=1e-6)
    again = train_all(little, data, token_vectors, earlier=[tmp_path], start=tmp_path)
    assert evaluate(again, data, "train").at[0] == pytest.approx(
        evaluate(once, data, "train").at[0], abs=0.03
    )


def test_names_kept_from_training_stay_unseen(data: Data, token_vectors: Tensor) -> None:
    hidden = data.caltech.unseen(2)
    assert hidden == {"ball", "bus", "dog", "hat"}
    run = Run(replace(TINY, all_names=False), data, new_heads(TINY, data, token_vectors), None)
    drawn = {data.caltech.names[row] for row in run.caltech}
    assert drawn == set(data.caltech.names) - hidden


def test_the_share_of_the_mixture_is_its_share_of_the_cosine() -> None:
    main, side = (torch.nn.functional.normalize(torch.randn(2, 5), dim=-1) for _ in range(2))
    whole = joined(main, side, 0.3)
    wanted = 0.7 * main[0] @ main[1] + 0.3 * side[0] @ side[1]
    torch.testing.assert_close(whole[0] @ whole[1], wanted)


def test_the_rate_rises_and_falls() -> None:
    rates = [learning_rate(step, Recipe(steps=100, warmup=10)) for step in range(101)]
    assert rates[0] < 0.2
    assert max(rates) > 0.97
    assert rates[100] == pytest.approx(0.03)


def test_the_running_mean_follows(data: Data, token_vectors: Tensor) -> None:
    torch.manual_seed(0)
    mean, heads = (new_heads(TINY, data, token_vectors) for _ in range(2))
    start = mean.picture.a.weight.detach().clone()
    follow(mean, heads, 0.75)
    torch.testing.assert_close(mean.picture.a.weight, 0.75 * start + 0.25 * heads.picture.a.weight)
    follow(mean, heads, 0.0)
    assert same_weights(mean, heads)


def test_settings_are_read_by_their_kind() -> None:
    recipe = recipe_of(["steps=7", "beta=0.3", "tower=static", "all_names=0"])
    assert recipe == replace(Recipe(), steps=7, beta=0.3, tower=Tower.STATIC, all_names=False)
    with pytest.raises(SystemExit, match="no setting colour"):
        recipe_of(["colour=red"])


def same_weights(one: Heads, other: Heads) -> bool:
    return all(map(torch.equal, one.state_dict().values(), other.state_dict().values()))
