"""`train`: a model that is saved and used again."""

import json

TRIO = {"wins": ["ann bob", "bob cy"]}
DAY = ("--as-of", "2025-01-01")


def test_a_trained_model_ranks_as_the_one_learnt_on_the_way(ask, rich, tmp_path):
    done = ask("train", rich, *DAY, "--output", tmp_path / "model", "--seed", 3)
    assert done.exit_code == 0
    assert done.stdout == f"{tmp_path / 'model'}: fitted on {rich} as of 2025-01-01\n"
    lists = [
        json.loads(ask("recommend", rich, *DAY, "--json", *model).stdout)["recommendations"]
        for model in (["--model", tmp_path / "model"], ["--seed", 3])
    ]
    assert lists[0] == lists[1]


def test_training_on_too_little_is_an_error_and_leaves_nothing(ask, folder, tmp_path):
    done = ask("train", folder(**TRIO), "--output", tmp_path / "model")
    assert done.exit_code == 1
    assert "too little history to learn from" in done.stderr
    assert not (tmp_path / "model").exists()


def test_a_model_that_is_there_is_replaced_only_when_asked_for(ask, rich, tmp_path):
    save = ("train", rich, *DAY, "--quiet", "--output", tmp_path / "model")
    assert ask(*save).exit_code == 0
    again = ask(*save)
    assert again.exit_code == 1
    assert "exists already" in again.stderr
    assert ask(*save, "--overwrite").exit_code == 0
