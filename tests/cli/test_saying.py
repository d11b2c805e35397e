"""What a command says cannot command the terminal, wherever it comes from."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from ecosystem_graph.printable import printable

DAY = ("--as-of", "2025-01-01", "--model", "default")

#: Title set, screen cleared, a bell, a line end, text turned round, a command of eight bits.
EVIL = "A\x1b]0;x\x07\x1b[2J\nforged: line\u202etxt\x9b2J"


@pytest.fixture
def evil(folder):
    """An ecosystem with such text wherever it is read as it stands."""
    return folder(
        kind="parquet",
        partners={key: {"name": f"{key.upper()}{EVIL}", "tier": EVIL} for key in "abc"},
        wins=["a b", "b c"],
        capabilities=[{"capability_id": "k", "name": f"K{EVIL}"}],
        partner_capabilities={"c": "k"},
        deal_requirements={"d-1": "k", "d-2": "k"},
        deal_partners=[{"deal_id": "d-1", "partner_id": "b", "role": "lead"}],
    )


@pytest.fixture
def spoiled(tmp_path):
    """Tables that are refused for it, in a file of such a name."""
    folder = tmp_path / f"acme{EVIL}"
    folder.mkdir()
    pl.DataFrame({"partner_id": [EVIL], "name": ["A"], EVIL: [1]}).write_parquet(
        folder / "partners.parquet"
    )
    pl.DataFrame({"deal_id": ["d"], "outcome": [EVIL]}).write_parquet(folder / "deals.parquet")
    pl.DataFrame({"deal_id": [EVIL], "partner_id": ["x"]}).write_parquet(
        folder / "deal_partners.parquet"
    )
    (folder / f"x{EVIL}.csv").touch()
    return folder


NEED = ("--deal", "d-1", "--lead", "b")

ASKED = {
    "recommend": ("recommend", "{}", *DAY),
    "explain": ("explain", "{}", f"A{EVIL}", f"C{EVIL}", *DAY),
    "why not": ("explain", "{}", "a", "b", "--why-not", *DAY),
    "team": ("team", "{}", *NEED, *DAY),
    "why not in a team": ("team", "{}", *NEED, "--why-not", "a", *DAY),
    "an unknown partner": ("recommend", "{}", "--partner", EVIL, *DAY),
    "an unknown deal": ("recommend", "{}", "--deal", EVIL, *DAY),
    "an unknown territory": ("recommend", "{}", "--territory", EVIL, *DAY),
    "an unknown model": ("recommend", "{}", "--model", EVIL),
    "unknown tables": ("check", EVIL),
    "an unknown command": (EVIL,),
    "an unknown option": ("check", "{}", f"--{EVIL}"),
    "a file that is not there": ("recommend", "{}", "--partners", EVIL),
    "a day that is none": ("recommend", "{}", "--as-of", EVIL),
}


@pytest.mark.parametrize("words", ASKED.values(), ids=ASKED)
def test_control_characters_are_shown_escaped(ask, evil, words):
    done = ask(*(word.format(evil) for word in words))
    for text in (done.stdout, done.stderr):
        assert printable(text, keep="\n") == text
    if not any(EVIL in word for word in words[2:]) and words[0] in ("recommend", "explain", "team"):
        assert done.exit_code == 0, done.stderr
        assert r"\x1b]0;x\x07" in done.stdout
        assert not any(line.startswith("forged") for line in done.stdout.splitlines())


@pytest.mark.parametrize("words", [("check",), ("recommend", *DAY), ("check", "--json")])
def test_what_is_wrong_with_tables_is_told_without_harm(ask, spoiled, words):
    done = ask(words[0], spoiled, *words[1:])
    assert done.exit_code == 1
    if "--json" in words:
        json.loads(done.stdout)
    for text in (done.stdout, done.stderr):
        assert printable(text, keep="\n") == text


@pytest.mark.parametrize("words", [("recommend",), ("check",)])
def test_json_stays_json_that_says_the_same(ask, evil, words):
    done = ask(*words, evil, "--json", *(DAY if words[0] == "recommend" else ()))
    assert printable(done.stdout, keep="\n") == done.stdout
    told = json.loads(done.stdout)
    if words[0] == "recommend":
        assert {row["partner_name"] for row in told["recommendations"]} == {f"A{EVIL}", f"C{EVIL}"}


def process(words, **how):
    begun = [sys.executable, "-c", "from ecosystem_graph.cli import main; main()", *words]
    return subprocess.Popen(begun, stderr=subprocess.PIPE, text=True, **how)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_under_stdout_is_told_in_a_sentence():
    with Path("/dev/full").open("w") as full:
        done = process(["datasets"], stdout=full)
        _, error = done.communicate()
    assert done.returncode == 1
    assert "cannot write to stdout: No space left on device." in error
    assert "Traceback" not in error


def test_a_stream_that_lacks_a_letter_gets_it_escaped(folder):
    data = folder(partners={"ann": {"name": "Łódź"}, "bob": {}}, wins=["ann x", "x bob"])
    words = ["recommend", str(data), *DAY]
    done = process(words, stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    out, error = done.communicate()
    assert done.returncode == 0, error
    assert r"\u0141\xf3d\u017a" in out


def test_the_keyboard_stops_a_command_with_130(ask, monkeypatch, rich):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("ecosystem_graph.tables.check_tables", stopped)
    done = ask("check", rich)
    assert done.exit_code == 130
    assert "stopped" in done.stderr
