"""Every table of the schema from the numbers of a synthetic ecosystem."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.assumptions.words import (
    CHANNELS,
    COUNTRIES,
    CURRENCIES,
    INDUSTRIES,
    LANGUAGES,
)
from ecosystem_graph.synthetic.ecosystem import Drawn
from ecosystem_graph.synthetic.output.wording import (
    capability_id,
    capability_names,
    customer_id,
    day,
    deal_id,
    identifier,
    partner_id,
    partner_name,
    word,
)
from ecosystem_graph.synthetic.partners import selling
from ecosystem_graph.synthetic.records import deal_records as records
from ecosystem_graph.synthetic.records.satisfaction import KINDS, SCALES
from ecosystem_graph.tables.schema.vocabulary import (
    INTRODUCTION_STATUSES,
    OBJECTIVE_KINDS,
    OUTCOMES,
)

_REASONS: Final = ("no time this year", "no fit", "works with somebody else", "too far away")
_SUPPORT: Final = ("a joint workshop", "demo equipment", "a contact at the vendor")
_CURRENCY: Final = {country: currency for country, (currency, _) in CURRENCIES.items()}


def _partners(drawn: Drawn) -> pl.LazyFrame:
    people = drawn.people
    names = ("country", "type", "second_type", "tier", "status", "participates", "capacity")
    numbers = {name: getattr(people, name) for name in (*names, "owner", "joined")}
    frame = pl.LazyFrame({"partner": np.arange(people.n, dtype=np.int32), **numbers})
    types, country = tuple(given.TYPES), word("country", COUNTRIES)
    kinds = [word("type", types), word("second_type", types)]
    return frame.select(
        partner_id=partner_id(drawn),
        name=partner_name("partner"),
        type=pl.concat_str(kinds, separator=";", ignore_nulls=True),
        tier=word("tier", tuple(given.TIERS)),
        country=country,
        parent_id=partner_id(drawn, "owner"),
        status=word("status", tuple(given.STATUSES)),
        participates="participates",
        intro_capacity=pl.when(pl.col("capacity") >= 0).then(pl.col("capacity").cast(pl.Int64)),
        channel=word(pl.col("partner") * 7 % len(CHANNELS), CHANNELS),
        language=country.replace_strict(LANGUAGES),
        joined_on=day("joined"),
    )


def _capabilities(drawn: Drawn) -> pl.LazyFrame:
    skills = drawn.skills
    frame = pl.LazyFrame(
        {
            "capability": np.arange(skills.n, dtype=np.int32),
            "name": capability_names(skills),
            "family": skills.family,
            "successor": skills.successor,
        }
    )
    badge = (
        pl.when(pl.col("capability") % 3 > 0)
        .then(pl.lit("skill"))
        .otherwise(pl.lit("certification"))
    )
    return frame.select(
        capability_id=capability_id(drawn),
        name="name",
        kind=pl.when(pl.col("family") < 0).then(pl.lit("family")).otherwise(badge),
        parent_id=capability_id(drawn, "family"),
        replaced_by=capability_id(drawn, "successor"),
    )


def _partner_capabilities(drawn: Drawn) -> pl.LazyFrame:
    rows = drawn.declared
    names = ("partner", "capability", "evidence", "level", "valid_from", "valid_to")
    evidence = tuple(given.EVIDENCE)
    sources = ("certification office", "customer reference", "partner portal")
    return pl.LazyFrame({name: getattr(rows, name) for name in names}).select(
        partner_id=partner_id(drawn),
        capability_id=capability_id(drawn),
        valid_from=day("valid_from"),
        evidence=word("evidence", evidence),
        level=word("level", tuple(given.LEVELS)),
        valid_to=day("valid_to"),
        source=word("evidence", sources),
    )


def _offerings(drawn: Drawn) -> pl.LazyFrame:
    n_products = drawn.skills.n_families * given.PRODUCTS_PER_FAMILY
    rows = selling.offerings(drawn.people, drawn.product, drawn.seed)
    return rows.lazy().select(
        partner_id=partner_id(drawn),
        product_id=identifier("prod", "product", n_products),
        role=word("role", selling.ROLES),
        since=day("since"),
        until=day("until"),
    )


def _territories(drawn: Drawn) -> pl.LazyFrame:
    where = drawn.where
    partner, slot = np.nonzero(where.territory >= 0)
    rows = pl.LazyFrame(
        {
            "partner": partner.astype(np.int32),
            "territory": where.territory[partner, slot],
            "share": where.share[partner, slot].astype(float),
        }
    )
    return rows.select(
        partner_id=partner_id(drawn),
        territory=word("territory", COUNTRIES),
        share=pl.col("share").round(3),
    )


def _deals(drawn: Drawn) -> pl.LazyFrame:
    industry = pl.Series("industry", drawn.buyers.industry.astype(np.int8))
    rows = drawn.records.frame("deals")
    rows = rows.with_columns(industry.gather(rows["customer"]))
    territory = word("territory", COUNTRIES)
    return rows.lazy().select(
        deal_id=deal_id(drawn),
        customer_id=customer_id(drawn),
        industry=word("industry", INDUSTRIES),
        territory=territory,
        amount="amount",
        currency=territory.replace_strict(_CURRENCY),
        opened_on=day("opened"),
        closed_on=day("closed"),
        outcome=word("outcome", OUTCOMES),
        lost_reason=word("lost_reason", records.REASONS),
    )


def _deal_partners(drawn: Drawn) -> pl.LazyFrame:
    return (
        drawn.records.frame("deal_partners")
        .lazy()
        .select(
            deal_id=deal_id(drawn),
            partner_id=partner_id(drawn),
            role=word("role", records.ROLES),
            added_on=pl.lit(None, pl.Date),
        )
    )


def _deal_requirements(drawn: Drawn) -> pl.LazyFrame:
    return (
        drawn.records.frame("deal_requirements")
        .lazy()
        .select(
            deal_id=deal_id(drawn),
            capability_id=capability_id(drawn),
            weight=pl.col("weight").cast(pl.Float64).round(3),
        )
    )


def _csat(drawn: Drawn) -> pl.LazyFrame:
    rows = drawn.records.frame("csat").with_row_index("response")
    kind = word("kind", KINDS)
    return rows.lazy().select(
        response_id=identifier("r", "response", rows.height),
        partner_id=partner_id(drawn),
        deal_id=deal_id(drawn),
        customer_id=customer_id(drawn),
        responded_on=day("responded"),
        score="score",
        scale_min=kind.replace_strict({name: scale[0] for name, scale in SCALES.items()}),
        scale_max=kind.replace_strict({name: scale[1] for name, scale in SCALES.items()}),
        kind=kind,
        n=pl.col("n").cast(pl.Int64),
    )


def _objectives(drawn: Drawn) -> pl.LazyFrame:
    territory = pl.when(pl.col("kind") == 1).then("target").otherwise(-1)
    industry = pl.when(pl.col("kind") == 2).then("target").otherwise(-1)
    return drawn.objectives.lazy().select(
        partner_id=partner_id(drawn),
        kind=word("kind", OBJECTIVE_KINDS),
        target=pl.when(pl.col("kind") == 0)
        .then(capability_id(drawn, "target"))
        .otherwise(pl.coalesce(word(territory, COUNTRIES), word(industry, INDUSTRIES))),
        weight="weight",
        valid_from=day("first"),
        valid_to=day("last"),
    )


def _introductions(drawn: Drawn) -> pl.LazyFrame:
    rows = drawn.introductions.with_row_index("introduction")
    return rows.lazy().select(
        introduction_id=identifier("i", "introduction", rows.height),
        partner_id=partner_id(drawn),
        collaborator_id=partner_id(drawn, "other"),
        introduced_on=day("introduced"),
        decided_on=day("decided"),
        run_id=pl.lit("run-") + day("introduced").dt.strftime("%Y-%m"),
        status=word("status", INTRODUCTION_STATUSES),
        reason=word("reason", _REASONS),
        support=word("support", _SUPPORT),
    )


def _restrictions(drawn: Drawn) -> pl.LazyFrame:
    exclusive = pl.when("exclusive").then(pl.lit("exclusive")).otherwise(pl.lit("do_not_pair"))
    return drawn.restrictions.lazy().select(
        partner_id=partner_id(drawn),
        collaborator_id=partner_id(drawn, "other"),
        kind=exclusive,
        valid_from=day("first"),
        valid_to=day("last"),
    )


FRAMES: Final[Mapping[str, Callable[[Drawn], pl.LazyFrame]]] = MappingProxyType(
    {
        "partners": _partners,
        "capabilities": _capabilities,
        "partner_capabilities": _partner_capabilities,
        "offerings": _offerings,
        "territories": _territories,
        "deals": _deals,
        "deal_partners": _deal_partners,
        "deal_requirements": _deal_requirements,
        "csat": _csat,
        "objectives": _objectives,
        "introductions": _introductions,
        "restrictions": _restrictions,
    }
)
"""What makes each table of the schema; tables of deals can be made once."""
