"""Options and arguments that mean nothing are told as wrong usage, before any work is done."""

import pytest

TESTED = ("evaluate", "{}", "--cutoff", "2024-01-01")

WRONG = {
    "a list longer than any": ("recommend", "{}", "-k", "9999999999"),
    "a list longer than any in a test": (
        "evaluate",
        "{}",
        "--cutoff",
        "2024-01-01",
        "-k",
        "99999999",
    ),
    "a list longer than any explained": ("explain", "{}", "a", "b", "-k", "9999999999"),
    "an empty list": ("recommend", "{}", "-k", "0"),
    "a price that is no number": ("recommend", "{}", "--exposure-price", "nan"),
    "a limit that is no number": ("recommend", "{}", "--max-competition", "nan"),
    "a limit in explain": ("explain", "{}", "a", "b", "--max-competition", "nan"),
    "prices in a test": (*TESTED, "--exposure-price", "inf"),
    "time that is no number": ("team", "{}", "--deal", "d", "--seconds", "nan"),
    "time without end": ("team", "{}", "--deal", "d", "--seconds", "inf"),
    "satisfaction that is no number": ("team", "{}", "--deal", "d", "--min-satisfaction", "nan"),
    "a team larger than any": ("team", "{}", "--deal", "d", "--size", "9999999999"),
    "more teams than any": ("team", "{}", "--deal", "d", "--alternatives", "9999999999"),
    "places without number": ("recommend", "{}", "--capacity", "9" * 30),
    "a horizon without end": (
        "evaluate",
        "{}",
        "--cutoff",
        "2024-01-01",
        "--horizon-days",
        "9" * 9,
    ),
    "a day after all days": ("recommend", "{}", "--as-of", "9999-12-31"),
    "a day before all days": ("recommend", "{}", "--as-of", "0001-01-01"),
    "a cutoff after all days": ("evaluate", "{}", "--cutoff", "9999-12-31"),
    "an ecosystem larger than any": ("synth", "{}/new", "--partners", "9" * 12),
    "a seed below nothing": ("synth", "{}/new", "--partners", "9", "--seed", "-1"),
    "a partner that is no text": ("recommend", "{}", "--partner", "caf\udce9"),
    "a pair that is no text": ("explain", "{}", "caf\udce9", "b"),
    "a lead that is no text": ("team", "{}", "--deal", "d", "--lead", "caf\udce9"),
    "an output that is no text": ("recommend", "{}", "--output", "caf\udce9"),
    "a model that is no text": ("recommend", "{}", "--model", "caf\udce9"),
    "tables that are no text": ("check", "caf\udce9"),
    "a folder of tables that is no text": ("template", "caf\udce9"),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_what_means_nothing_is_wrong_usage(ask, rich, words):
    done = ask(*(word.format(rich) for word in words))
    assert done.exit_code == 2, done.stderr
    assert len(done.stderr.splitlines()) <= 5
    assert "Error: " in done.stderr
    done.stderr.encode()


@pytest.mark.parametrize("length", [255, 256, 5_000])
@pytest.mark.parametrize("words", [("recommend", "{}"), ("train", "{}")])
def test_a_name_longer_than_any_is_refused(ask, rich, tmp_path, length, words):
    done = ask(*(word.format(rich) for word in words), "--output", tmp_path / ("x" * length))
    assert done.exit_code == 1
    assert "too long a name" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_list_is_no_longer_than_there_are_partners(ask, rich):
    done = ask("recommend", rich, "--as-of", "2025-01-01", "--model", "default", "-k", "10000")
    assert done.exit_code == 0


def test_the_last_day_there_is_can_be_asked_for(ask, rich):
    done = ask("recommend", rich, "--as-of", "2200-12-31", "--model", "default", "--partner", "a1")
    assert done.exit_code == 0
    assert "collaborators: ;" not in done.stdout
