"""The tables a vendor hands over, declared once: reading, checking and every description follow.

A table is a class; a column carries its type, its range, its description, whether it is part of the
key, and what it refers to. A rule across columns carries the message that a row breaking it gets:
``{column}`` stands for the row's value, and the first column named is the one to blame.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.schema.fields import (
    Table,
    choice,
    day,
    key,
    not_before,
    number,
    rule,
    text,
    two_different_partners,
)
from ecosystem_graph.tables.schema.vocabulary import (
    ALSO_OUTCOMES,
    EVIDENCE,
    INTRODUCTION_STATUSES,
    LARGE,
    MANY,
    OBJECTIVE_KINDS,
    OUTCOMES,
    PARTNER_STATUSES,
    PERHAPS_OUTCOMES,
    RESTRICTION_KINDS,
)


class Partners(Table):
    """Every partner of the vendor, one row each."""

    partner_id = key("The partner.")
    name = text("Name people know the partner by.", required=True)
    type = text("What kind of partner, in the vendor's words; `;` separates several.")
    tier = text("Program tier, in the vendor's words.")
    country = text("Country or other market of the head office.", market=True)
    parent_id = text("The partner that owns this one.", refers_to="partners.partner_id")
    status = choice(PARTNER_STATUSES, "Standing in the program; empty means active.")
    participates = dy.Bool(
        nullable=True,
        description="Whether the partner takes part in recommendations; empty means yes.",
    )
    intro_capacity = dy.Int64(
        nullable=True,
        min=0,
        max=MANY,
        description="Introductions the partner can take on at a time; the others' median if empty.",
    )
    channel = text("How the partner wants to be addressed, such as email.")
    language = text("Language the partner wants to be addressed in.")
    joined_on = day("Day the partner joined the program.", least=date.min)


class Capabilities(Table):
    """What partners can be able to do: the vendor's own taxonomy."""

    capability_id = key("The capability.")
    name = text("Name people know the capability by.")
    kind = text("What kind of capability, such as certification or skill.")
    parent_id = text(
        "The wider capability this one is part of.", refers_to="capabilities.capability_id"
    )
    replaced_by = text(
        "The capability that took this one's place.", refers_to="capabilities.capability_id"
    )


class PartnerCapabilities(Table):
    """Who can do what, since when, and how we know."""

    partner_id = key("The partner.", "partners.partner_id")
    capability_id = key("What it can do.", "capabilities.capability_id")
    valid_from = day("First day it holds; empty means always.", key=True, end="first")
    evidence = choice(EVIDENCE, "How we know.")
    level = text("How well, in the vendor's words.")
    valid_to = day("Last day it holds; empty means still.", end="last")
    source = text("Where the fact comes from.")

    _dates_in_order = not_before("valid_to", "valid_from")


class Offerings(Table):
    """What partners sell, and in which role."""

    partner_id = key("The partner.", "partners.partner_id")
    product_id = key("What it sells: a product, service or line of business.")
    role = text("In which role, such as resell, service or build.", key=True)
    since = day("First day on offer; empty means always.", end="first")
    until = day("Last day on offer; empty means still.", end="last")

    _dates_in_order = not_before("until", "since")


class Territories(Table):
    """Where partners are seen to work."""

    partner_id = key("The partner.", "partners.partner_id")
    territory = text("A country or other market it works in.", required=True, key=True, market=True)
    share = number("Share of its business there, 0 to 1.", least=0, most=1)


class Deals(Table):
    """Opportunities, and how they ended."""

    deal_id = key("The deal.")
    customer_id = text("The customer.")
    industry = text("The customer's industry, in the vendor's words.")
    territory = text("Country or other market of the deal.", market=True)
    amount = number("Value of the whole deal in `currency`, not per month.")
    currency = text("Currency of the amount, such as EUR.")
    opened_on = day("Day the deal was opened.")
    closed_on = day("Day the deal was closed; of an open deal the day it is expected to.")
    outcome = choice(
        OUTCOMES,
        "How it ended, or open.",
        required=True,
        also=ALSO_OUTCOMES,
        perhaps=PERHAPS_OUTCOMES,
    )
    lost_reason = text(
        "Why it was lost; `capability_gap` counts as unmet demand.", words=("capability_gap",)
    )


class DealPartners(Table):
    """Which partners worked on which deal; two or more on a won deal is a joint win."""

    deal_id = key("The deal.", "deals.deal_id")
    partner_id = key("A partner on the deal.", "partners.partner_id")
    role = text("What the partner did on the deal, in the vendor's words.", key=True)
    added_on = day("Day the partner was put on the deal; empty means from its beginning.")


class DealRequirements(Table):
    """What a deal asked for."""

    deal_id = key("The deal.", "deals.deal_id")
    capability_id = key("A capability it asked for.", "capabilities.capability_id")
    weight = number(
        "How much it mattered, beside the deal's other requirements.", least=0, most=LARGE
    )


class Csat(Table):
    """What customers said about a partner, with the scale it was said on."""

    response_id = key("The response, or the published average.")
    partner_id = text("The partner spoken about.", required=True, refers_to="partners.partner_id")
    deal_id = text("The deal spoken about.", refers_to="deals.deal_id")
    customer_id = text("The customer who spoke.")
    responded_on = day("Day of the response.", required=True)
    score = number("The score, on the scale given.", required=True, least=-LARGE, most=LARGE)
    scale_min = number("Lowest score of the scale.", required=True, least=-LARGE, most=LARGE)
    scale_max = number("Highest score of the scale.", required=True, least=-LARGE, most=LARGE)
    kind = text("What was measured, such as csat_mean or csat_top2.", required=True)
    n = dy.Int64(
        nullable=True, min=1, max=MANY, description="Responses behind the score; empty means 1."
    )

    @rule("scale_min {scale_min} is not below scale_max {scale_max}.")
    def _scale_has_a_width(cls) -> pl.Expr:
        return pl.col("scale_min") < pl.col("scale_max")

    @rule("score {score} is off its scale: {scale_min} to {scale_max}.")
    def _score_is_on_its_scale(cls) -> pl.Expr:
        on_scale = pl.col("score").is_between(pl.col("scale_min"), pl.col("scale_max"))
        return on_scale | (pl.col("scale_min") >= pl.col("scale_max"))

    @rule(
        "kind '{kind}' says neither what was asked nor of what it is a percentage: name the "
        "measure, such as csat_mean (a mean on its scale) or csat_top2 (the share of the two best "
        "answers, 0 to 1)."
    )
    def _kind_says_what_was_measured(cls) -> pl.Expr:
        return ~pl.col("kind").str.contains(r"(?i)^(%|pct|percent|percentage)$")


class Objectives(Table):
    """What a partner wants to grow into."""

    partner_id = key("The partner.", "partners.partner_id")
    kind = choice(OBJECTIVE_KINDS, "What the target is.", required=True, key=True)
    target = key("A capability, a market or an industry.")
    weight = number(
        "How much it matters, beside the partner's other objectives.", least=0, most=LARGE
    )
    valid_from = day("First day it holds; empty means always.", end="first")
    valid_to = day("Last day it holds; empty means still.", end="last")

    _dates_in_order = not_before("valid_to", "valid_from")


class Introductions(Table):
    """Partners that were introduced to each other, and what came of it."""

    introduction_id = key("The introduction.")
    partner_id = text(
        "The partner it was made for.", required=True, refers_to="partners.partner_id"
    )
    collaborator_id = text(
        "The partner it was introduced to.", required=True, refers_to="partners.partner_id"
    )
    introduced_on = day("Day of the introduction.", required=True)
    decided_on = day("Day it was accepted, declined, won or lost.")
    run_id = text("The run of recommendations it came from.")
    status = choice(
        INTRODUCTION_STATUSES,
        "How far it came: proposed, introduced and accepted are under way and not proposed anew, "
        "declined and lost rest before they may be, won is known.",
        required=True,
    )
    reason = text("Why, in the partner's words.")
    support = text("What the vendor gave with it, such as a joint workshop.")

    _dates_in_order = not_before("decided_on", "introduced_on")

    _not_itself = two_different_partners()


class Restrictions(Table):
    """Who must not be paired with whom."""

    partner_id = key("The partner.", "partners.partner_id")
    collaborator_id = key("The other partner.", "partners.partner_id")
    kind = choice(
        RESTRICTION_KINDS,
        "do_not_pair: never these two, either way; exclusive: partner_id with nobody else.",
        required=True,
        key=True,
    )
    valid_from = day("First day it holds; empty means always.", key=True, end="first")
    valid_to = day("Last day it holds; empty means still.", end="last")

    _dates_in_order = not_before("valid_to", "valid_from")

    _not_itself = two_different_partners()


class Aliases(Table):
    """Other ids of partners, so that what was said under them counts.

    References to a value are read as references to partner_id, unless the value is a partner of
    its own. With `distinct` as the system, value and partner_id are two partners that bear one
    name and are two companies all the same.
    """

    system = key("Where the other id comes from, such as a CRM; `distinct` tells two apart.")
    value = key("The other id, such as that of a record merged into the partner's.")
    partner_id = text("The partner it stands for.", required=True, refers_to="partners.partner_id")


TABLES: Final[Mapping[str, type[Table]]] = MappingProxyType(
    {
        "partners": Partners,
        "capabilities": Capabilities,
        "partner_capabilities": PartnerCapabilities,
        "offerings": Offerings,
        "territories": Territories,
        "deals": Deals,
        "deal_partners": DealPartners,
        "deal_requirements": DealRequirements,
        "csat": Csat,
        "objectives": Objectives,
        "introductions": Introductions,
        "restrictions": Restrictions,
        "aliases": Aliases,
    }
)
"""Every table by name, in the order they are read and reported."""

REQUIRED: Final = "partners"
ONE_OF: Final = (("deals", "deal_partners"), ("partner_capabilities",))
"""Sets of tables of which one must be there."""

CATALOGUES: Final = ("capabilities",)
"""Tables that others may refer to without their being there."""
