"""What must hold of every answer."""

import math

import polars as pl


class Broken(Exception):
    """What must hold does not."""


def must(holds, what):
    if not holds:
        raise Broken(what)


def finite(rows):
    """Every number of a frame, where there is one."""
    numbers = rows.select(pl.selectors.float())
    bad = [c.name for c in numbers if not c.drop_nulls().is_finite().all()]
    must(not bad, f"finite numbers in {', '.join(bad)}")


def finite_facts(facts, where="a record"):
    """Every number of what JSON tells."""
    if isinstance(facts, float):
        must(math.isfinite(facts), f"finite numbers in {where}")
    for key, value in facts.items() if isinstance(facts, dict) else ():
        finite_facts(value, f"{where}.{key}" if where.count(".") < 2 else where)
    for value in facts if isinstance(facts, list | tuple) else ():
        finite_facts(value, where)


def ordered(rows):
    """Lists in ranks 1, 2, ... without a gap, nobody twice, nobody with itself."""
    must((rows["partner_id"] != rows["collaborator_id"]).all(), "nobody is recommended itself")
    pairs = rows.select("partner_id", "collaborator_id")
    must(pairs.is_unique().all(), "nobody stands in a list twice")
    ranks = rows.group_by("partner_id").agg(pl.col("rank").sort())["rank"].to_list()
    must(all(r == list(range(1, len(r) + 1)) for r in ranks), "ranks count from 1")
