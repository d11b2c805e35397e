"""Sound ecosystems of 1 to 300 partners, of every odd shape that `check` lets pass."""

from datetime import date, timedelta

import numpy as np
import polars as pl

FIRST = date(2018, 1, 1)
DAYS = 2_500
COUNTRIES = ["DE", "FR", "US", "GB", "DACH", "US-NY", None]
SKILLS = ["wireless", "identity", "backup", "ml", "erp", "voice"]
PRODUCTS = ["router", "vpn", "firewall", "crm"]
INDUSTRIES = ["retail", "energy", None]


def ecosystem(rng):
    """Tables by name: `partners`, and whatever else this one happens to have."""
    partners = some_partners(rng)
    tables = {"partners": partners}
    ids = partners["partner_id"].to_list()
    if rng.random() < 0.85:
        tables |= some_deals(rng, ids)
    if "deals" not in tables or rng.random() < 0.8:
        tables["partner_capabilities"] = holdings(rng, ids)
    for name, rows in OPTIONAL.items():
        if rng.random() < 0.35:
            tables[name] = rows(rng, ids, tables)
    return {name: table for name, table in tables.items() if table.height or name in NEEDED}


NEEDED = ("partners", "deals", "deal_partners", "partner_capabilities")


def some_partners(rng):
    n = int(np.exp(rng.uniform(0, np.log(301)))) if rng.random() < 0.5 else int(rng.integers(1, 30))
    ids = [f"p-{i}" for i in range(n)]
    columns = {
        "partner_id": ids,
        "name": [f"Company {i}" for i in range(n)],
        "type": draw(rng, ["reseller", "isv; reseller", "integrator", None], n),
        "tier": draw(rng, ["gold", "silver", None], n),
        "country": draw(rng, COUNTRIES, n),
        "parent_id": [ids[i // 2] if i and rng.random() < 0.1 else None for i in range(n)],
        "status": draw(rng, ["active", None, None, "suspended"], n),
        "participates": draw(rng, [True, None, None, None, False], n),
        "intro_capacity": draw(rng, [None, 3, 0, 50], n),
        "joined_on": [day(rng) if rng.random() < 0.6 else None for _ in ids],
    }
    return frame(rng, columns, ["partner_id", "name"])


def some_deals(rng, ids):
    """Deals and who was on them: by chance, in chains, all of one hub, or one of everybody."""
    n = int(rng.choice([0, 1, 3, 40, 200])) if rng.random() < 0.5 else 2 * len(ids)
    opened = [day(rng) for _ in range(n)]
    outcomes = draw(rng, ["won", "won", "won", "lost", "open", "withdrawn"], n)
    length = rng.integers(0, 400, n).tolist()
    deals = {
        "deal_id": [f"d-{i}" for i in range(n)],
        "customer_id": draw(rng, ["c-1", "c-2", "c-3", None], n),
        "industry": draw(rng, INDUSTRIES, n),
        "territory": draw(rng, COUNTRIES, n),
        "amount": draw(rng, [None, 0.0, 1e3, 1e12], n),
        "currency": draw(rng, ["EUR", "USD"], n),
        "opened_on": [d if rng.random() < 0.9 else None for d in opened],
        "closed_on": [
            None if o == "open" or (n > 20 and rng.random() < 0.03) else d + timedelta(more)
            for d, more, o in zip(opened, length, outcomes, strict=True)
        ],
        "outcome": outcomes,
    }
    shape = rng.choice(["chance", "chain", "hub", "everybody"], p=[0.6, 0.2, 0.15, 0.05])
    teams = [team(rng, shape, i, ids) for i in range(n)]
    members = {
        "deal_id": [f"d-{i}" for i, some in enumerate(teams) for _ in some],
        "partner_id": [partner for some in teams for partner in some],
        "role": [role for some in teams for role in ["lead", *["member"] * len(some)][: len(some)]],
    }
    return {
        "deals": frame(rng, deals, ["deal_id", "outcome", "closed_on"]),
        "deal_partners": frame(rng, members, ["deal_id", "partner_id"]),
    }


def team(rng, shape, number, ids):
    if shape == "chain":
        some = [ids[number % len(ids)], ids[(number + 1) % len(ids)]]
    elif shape == "hub":
        some = [ids[0], ids[number % len(ids)]]
    elif shape == "everybody":
        some = ids
    else:
        some = rng.choice(ids, int(rng.integers(0, min(5, len(ids)) + 1)), replace=False).tolist()
    return list(dict.fromkeys(some))


def holdings(rng, ids):
    rows = pairs(rng, ids, SKILLS)
    columns = {
        "partner_id": [a for a, _ in rows],
        "capability_id": [b for _, b in rows],
        "valid_from": [day(rng) if rng.random() < 0.3 else None for _ in rows],
        "evidence": draw(rng, ["certified", "self_declared", "reference", None], len(rows)),
        "valid_to": [FIRST + timedelta(DAYS) if rng.random() < 0.1 else None for _ in rows],
    }
    return frame(rng, columns, ["partner_id", "capability_id"])


def offerings(rng, ids, _):
    rows = pairs(rng, ids, PRODUCTS)
    columns = {"partner_id": [a for a, _ in rows], "product_id": [b for _, b in rows]}
    return frame(rng, columns | {"role": draw(rng, ["resell", "build", None], len(rows))}, columns)


def territories(rng, ids, _):
    rows = pairs(rng, ids, [country for country in COUNTRIES if country])
    columns = {"partner_id": [a for a, _ in rows], "territory": [b for _, b in rows]}
    return frame(rng, columns | {"share": draw(rng, [0.0, 0.5, 1.0, None], len(rows))}, columns)


def requirements(rng, ids, tables):
    rows = pairs(rng, tables.get("deals", {"deal_id": []})["deal_id"], SKILLS)
    columns = {"deal_id": [a for a, _ in rows], "capability_id": [b for _, b in rows]}
    return frame(rng, columns | {"weight": draw(rng, [1.0, 0.0, None, 9.5], len(rows))}, columns)


def csat(rng, ids, tables):
    n = int(rng.integers(0, 3 * len(ids)))
    deals = [None, *tables.get("deals", {"deal_id": []})["deal_id"]]
    columns = {
        "response_id": [f"r-{i}" for i in range(n)],
        "partner_id": draw(rng, ids, n),
        "deal_id": draw(rng, deals, n),
        "responded_on": [day(rng) for _ in range(n)],
        "score": draw(rng, [1.0, 3.0, 4.5, 5.0], n),
        "scale_min": [1.0] * n,
        "scale_max": [5.0] * n,
        "kind": draw(rng, ["csat_mean", "csat_mean", "effort"], n),
        "n": draw(rng, [None, 1, 400], n),
    }
    return frame(rng, columns, [name for name in columns if name not in ("deal_id", "n")])


def objectives(rng, ids, _):
    rows = pairs(rng, ids, [("capability", "ml"), ("territory", "FR"), ("industry", "retail")])
    columns = {
        "partner_id": [a for a, _ in rows],
        "kind": [b[0] for _, b in rows],
        "target": [b[1] for _, b in rows],
    }
    return frame(rng, columns | {"weight": draw(rng, [1.0, None, 0.0], len(rows))}, columns)


def introductions(rng, ids, _):
    rows = two_partners(rng, ids)
    days = [day(rng) for _ in rows]
    statuses = draw(
        rng, ["proposed", "introduced", "accepted", "declined", "won", "lost"], len(rows)
    )
    columns = {
        "introduction_id": [f"i-{i}" for i in range(len(rows))],
        "partner_id": [a for a, _ in rows],
        "collaborator_id": [b for _, b in rows],
        "introduced_on": days,
        "decided_on": [d + timedelta(30) if rng.random() < 0.7 else None for d in days],
        "status": statuses,
    }
    return frame(rng, columns, columns)


def restrictions(rng, ids, _):
    rows = two_partners(rng, ids)
    columns = {
        "partner_id": [a for a, _ in rows],
        "collaborator_id": [b for _, b in rows],
        "kind": ["do_not_pair"] * len(rows),
    }
    if rows and rng.random() < 0.3:
        columns["kind"][0] = "exclusive"
    return frame(rng, columns, columns)


OPTIONAL = {
    "offerings": offerings,
    "territories": territories,
    "deal_requirements": requirements,
    "csat": csat,
    "objectives": objectives,
    "introductions": introductions,
    "restrictions": restrictions,
}


def day(rng):
    return FIRST + timedelta(int(rng.integers(0, DAYS)))


def draw(rng, options, n):
    return [options[i] for i in rng.integers(0, len(options), n)] if len(options) else []


def pairs(rng, these, those):
    """Of every pair of one of these with one of those, a random share."""
    share = rng.random() ** 2
    return [(a, b) for a in these for b in those if rng.random() < share]


def two_partners(rng, ids):
    rows = (
        {tuple(rng.choice(ids, 2, replace=False)) for _ in range(int(rng.integers(0, 20)))}
        if (len(ids) > 1)
        else set()
    )
    return sorted((str(a), str(b)) for a, b in rows)


def frame(rng, columns, needed):
    """Some of the columns, in the types a table declares; what is optional may not be there."""
    kept = {n: v for n, v in columns.items() if n in needed or rng.random() < 0.8}
    return pl.DataFrame([pl.Series(n, v, TYPES.get(n, pl.String)) for n, v in kept.items()])


TYPES = {
    **dict.fromkeys(["amount", "share", "weight", "score", "scale_min", "scale_max"], pl.Float64),
    **dict.fromkeys(["intro_capacity", "n"], pl.Int64),
    "participates": pl.Boolean,
    **dict.fromkeys(["joined_on", "opened_on", "closed_on", "responded_on"], pl.Date),
    **dict.fromkeys(["introduced_on", "decided_on", "valid_from", "valid_to"], pl.Date),
}
