"""Whatever `check` accepts and whatever the day is, each command answers or says what is wrong."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from ecosystem_graph.tables import TABLES

DAY = date(2024, 6, 1)
SHAPES = {
    "as they come": {},
    "one partner": {"partners": 1},
    "two partners": {"partners": 2},
    "nobody joined on a day": {"joined": False},
    "all on one day": {"spread": 0},
    "no deals": {"without": ("deals", "deal_partners", "deal_requirements")},
    "no capabilities": {"without": ("capabilities", "partner_capabilities", "deal_requirements")},
    "all lost": {"outcomes": ("lost",)},
    "all won by one and the rest": {"partners": 40, "hub": True},
    "all open": {"outcomes": ("open",)},
    "many deals of many": {"partners": 30, "deals": 400},
}


def invented(folder, seed, partners=9, deals=30, joined=True, spread=900, outcomes=None, **shape):
    """Write sound tables: ids that fit together, and dates anywhere or nowhere."""
    rng = np.random.default_rng(seed)
    outcomes = outcomes or ("won", "won", "lost", "open", "withdrawn")

    def ids(letter, n, most):
        return [f"{letter}{number}" for number in rng.integers(most, size=n).tolist()]

    def some(values, n, holes=0.2):
        drawn = rng.integers(len(values), size=n).tolist()
        return [None if rng.random() < holes else values[place] for place in drawn]

    def days(n, holes=0.2):
        offsets = rng.integers(-spread, spread + 1, n).tolist()
        return [
            None if hole else DAY + timedelta(days=offset)
            for hole, offset in zip(rng.random(n) < holes, offsets, strict=True)
        ]

    def both(one, most, other, others, n):
        return sorted(set(zip(ids(one, n, most), ids(other, n, others), strict=True)))

    everybody = [f"p{number}" for number in range(partners)]
    outcome, closed = some(outcomes, deals, holes=0), days(deals, holes=0)
    ages = [timedelta(days=age) for age in rng.integers(200, size=deals).tolist()]
    opened = [
        None if unknown else day - age
        for day, age, unknown in zip(closed, ages, rng.random(deals) < 0.4, strict=True)
    ]
    closed = [
        None if what == "open" and place % 2 else day
        for place, (what, day) in enumerate(zip(outcome, closed, strict=True))
    ]
    seats = both("d", deals, "p", partners, 3 * deals)
    if shape.get("hub"):
        seats = sorted({*seats, *((f"d{number}", "p0") for number in range(deals))})
    pairs = [(a, b) for a, b in both("p", partners, "p", partners, 12) if a != b]
    restricted = sorted(dict(pairs[:3]).items())
    held = both("p", partners, "c", 6, 3 * partners)
    asked = both("d", deals, "c", 6, deals)
    sold = both("p", partners, "o", 3, partners)
    aims = both("p", partners, "c", 6, 5)
    places = list(zip(everybody, some(["DE", "FR", "XK"], partners, holes=0), strict=True))
    frames = {
        "partners": {
            "partner_id": everybody,
            "name": everybody,
            "type": some(["reseller", "reseller;builder"], partners),
            "country": some(["DE", "FR", "DACH"], partners),
            "parent_id": [f"p{n - 1}" if n % 8 == 7 else None for n in range(partners)],
            "status": some(["active"] * 5 + ["suspended"], partners),
            "participates": some([True] * 5 + [False], partners),
            "intro_capacity": some([0, 1, 5], partners),
            "joined_on": days(partners, holes=0.3 if joined else 1.0),
        },
        "capabilities": {"capability_id": [f"c{n}" for n in range(6)]},
        "partner_capabilities": {
            "partner_id": [p for p, _ in held],
            "capability_id": [c for _, c in held],
            "valid_from": days(len(held), holes=0.5),
        },
        "offerings": {
            "partner_id": [p for p, _ in sold],
            "product_id": [o for _, o in sold],
            "since": days(len(sold), holes=0.5),
        },
        "territories": {"partner_id": [p for p, _ in places], "territory": [t for _, t in places]},
        "deals": {
            "deal_id": [f"d{number}" for number in range(deals)],
            "customer_id": some(["k1", "k2", "k3"], deals),
            "industry": some(["retail", "bank"], deals),
            "territory": some(["DE", "FR"], deals),
            "opened_on": opened,
            "closed_on": closed,
            "outcome": outcome,
            "lost_reason": some(["price", "capability_gap"], deals),
        },
        "deal_partners": {
            "deal_id": [d for d, _ in seats],
            "partner_id": [p for _, p in seats],
            "role": some(["lead", "member"], len(seats)),
            "added_on": days(len(seats), holes=0.7),
        },
        "deal_requirements": {
            "deal_id": [d for d, _ in asked],
            "capability_id": [c for _, c in asked],
            "weight": some([0.0, 1.0, 2.5], len(asked)),
        },
        "csat": {
            "response_id": [f"r{n}" for n in range(10)],
            "partner_id": ids("p", 10, partners),
            "customer_id": some(["k1", "k2"], 10),
            "responded_on": days(10, holes=0),
            "score": rng.integers(1, 6, 10).astype(float).tolist(),
            "scale_min": [1.0] * 10,
            "scale_max": [5.0] * 10,
            "kind": some(["csat_mean", "nps"], 10, holes=0),
        },
        "objectives": {
            "partner_id": [p for p, _ in aims],
            "kind": ["capability"] * len(aims),
            "target": [c for _, c in aims],
            "valid_from": days(len(aims), holes=0.5),
        },
        "introductions": {
            "introduction_id": [f"i{n}" for n in range(len(pairs))],
            "partner_id": [a for a, _ in pairs],
            "collaborator_id": [b for _, b in pairs],
            "introduced_on": days(len(pairs), holes=0),
            "status": some(["proposed", "introduced", "accepted", "declined"], len(pairs), holes=0),
        },
        "restrictions": {
            "partner_id": [a for a, _ in restricted],
            "collaborator_id": [b for _, b in restricted],
            "kind": some(["do_not_pair", "do_not_pair", "exclusive"], len(restricted), holes=0),
            "valid_from": days(len(restricted), holes=0.5),
        },
    }
    needed = {"partners", "deals", "deal_partners"}
    left = {table for table in frames if rng.random() < 0.2} - needed
    left |= set(shape.get("without", ()))
    if "deals" in left:
        left -= {"partner_capabilities", "capabilities"}
    folder.mkdir()
    for table in frames.keys() - left:
        columns = TABLES[table].columns()
        schema = {name: columns[name].dtype for name in frames[table]}
        frame = pl.DataFrame(frames[table], schema=schema)
        if frame.height or table in needed:
            frame.write_parquet(folder / f"{table}.parquet")
    return folder


def commands(folder, day, rng):
    """Every command, with and without a day, about partners and deals that may not be there."""
    a, b = (f"p{number}" for number in rng.integers(4, size=2))
    need = folder / "need.json"
    need.write_text(f'{{"capabilities": ["c1", "c2"], "territory": "DE", "lead": "{a}"}}')
    shipped = ["--model", "default"]
    lists, teams = ["recommend", folder, *shipped], ["team", folder, *shipped, "--seconds", "0"]
    for when in (["--as-of", day], []):
        yield [*lists, *when]
        yield [*lists, *when, "--include-known", "--reciprocal", "--partner", a]
        yield [*lists, *when, "--requirement", need]
        yield [*lists, *when, "--deal", "d1"]
        yield ["explain", folder, a, b, *shipped, *when]
        yield ["explain", folder, a, b, *shipped, *when, "--why-not"]
        yield [*teams, *when, "--deal", "d1"]
        yield [*teams, *when, "--requirement", need, "--why-not", b]
    yield ["recommend", folder]
    yield ["team", folder, "--requirement", need, "--seconds", "0"]
    yield ["train", folder, "--output", folder.parent / "model"]
    test = ["evaluate", folder, "--cutoff", day]
    for task in ("new", "repeat", "requirement", "team"):
        yield [*test, "--task", task, *shipped, "--sources", "20"]
    yield test


def check_all(ask, folder, seed):
    rng = np.random.default_rng(seed)
    checked = ask("check", folder)
    assert checked.exit_code == 0, checked.stdout
    day = DAY + timedelta(days=int(rng.integers(-1_000, 1_000)))
    for command in commands(folder, day, rng):
        done = ask(*command, "--quiet")
        said = f"{' '.join(map(str, command))}: {done.stderr}"
        assert isinstance(done.exception, SystemExit | None), (said, done.exception)
        assert done.exit_code in (0, 1), said
        assert done.exit_code == 0 or done.stderr.startswith("Error: "), said
        if command[0] in ("recommend", "explain") and "NaN" in done.stdout:
            raise AssertionError(said)


@pytest.mark.parametrize(
    "shape", ["as they come", "one partner", "no deals", "all won by one and the rest"]
)
def test_every_command_answers_or_says_what_is_wrong(ask, tmp_path, shape):
    check_all(ask, invented(tmp_path / "d", seed=1, **SHAPES[shape]), seed=1)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("shape", SHAPES)
def test_so_they_do_on_many_more(ask, tmp_path, shape, seed):
    check_all(ask, invented(tmp_path / "d", seed=seed, **SHAPES[shape]), seed=seed)
