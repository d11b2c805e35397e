from ecosystem_graph.report import run_text
from ecosystem_graph.report.layout import WIDTH


def assert_fits(text):
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_run_shows_its_inputs_its_model_and_how_many_rows_came_out(asked):
    text = run_text(asked(wins=["ann bob", "bob cy"]), everybody=True)
    assert text.splitlines()[:4] == [
        "As of 2025-01-01: 3 partners, 2 won deals, 2 pairs with joint wins.",
        "Model: default (asked for).",
        "Probabilities: none: the model is not calibrated on these tables.",
        "2 recommendations for 2 partners.",
    ]
    assert "ann: 1 collaborator\n  1. cy\n" in text
    assert "why   1 shared collaborator: bob; 1 deal won" in text


def test_a_run_lists_what_was_left_out(asked):
    text = run_text(
        asked(partners={"ann": {}, "bob": {}, "cy": {"status": "closed"}}), everybody=True
    )
    assert "Left out: partners not active: 1." in text
    assert ": 0." not in text


def test_a_run_without_recommendations_gives_the_reason(asked):
    text = run_text(asked(wins=["ann bob cy"]), everybody=False)
    assert "the partners have won with all others already" in text


def test_three_typical_partners_are_shown_unless_all_are_asked_for(asked):
    crowd = [f"p-{n:02}" for n in range(40)]
    done = asked(partners=crowd, wins=[crowd[:5], crowd[4:9]])
    few = run_text(done, everybody=False)
    assert few.count(": 10 collaborators") == 3
    # The one with most collaborators so far, one of the upper twentieth, and the one in the middle.
    assert all(f"{partner}: 10 collaborators" in few for partner in ("p-04", "p-01", "p-20"))
    assert run_text(done, everybody=True).count(": 10 collaborators") == 40


def test_a_long_list_is_cut_and_the_rest_counted(asked):
    done = asked({"partners": ["a"]}, partners="a b c d e f")
    assert run_text(done, everybody=True).endswith("     and 2 more")


def test_a_run_fits_a_terminal_whatever_the_names(wordy):
    for everybody in (True, False):
        assert_fits(run_text(wordy, everybody=everybody))


def test_the_reason_for_the_default_model_fits_the_width(asked):
    text = run_text(asked({"model": None}, wins=["ann bob", "bob cy"]), everybody=True)
    assert "Model: default (too little history to learn from" in text
    assert_fits(text)


def test_capacities_are_summed_up_in_one_sentence(asked):
    crowd = {f"p-{n}": {} for n in range(6)} | {"p-0": {"intro_capacity": 1}}
    text = run_text(asked({"capacity": 2}, partners=crowd, wins=["p-1 p-2"]))
    line = " ".join(text.split())
    assert "Capacity: 1 from the tables, default 2 for 5 others (asked for)." in line
    assert "0 open introductions," in line
    assert "reassigned" in line
