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

    partner_id = key("Unique id of the partner.")
    name = text("Name of the partner.", required=True)
    type = text("Kind of partner, in the vendor's terms; `;` separates several.")
    tier = text("Program tier, in the vendor's terms.")
    country = text("Country or other market of the head office.", market=True)
    parent_id = text("Id of the partner that owns this one.", refers_to="partners.partner_id")
    status = choice(PARTNER_STATUSES, "Status in the program; empty means active.")
    participates = dy.Bool(
        nullable=True,
        description="Whether the partner takes part in recommendations; empty means yes.",
    )
    intro_capacity = dy.Int64(
        nullable=True,
        min=0,
        max=MANY,
        description="Open introductions the partner can handle at a time; empty means the median "
        "of the others.",
    )
    channel = text("Preferred channel of communication, such as email.")
    language = text("Preferred language of communication.")
    joined_on = day("Date the partner joined the program.", least=date.min)


class Capabilities(Table):
    """What partners can do: the vendor's own taxonomy of capabilities."""

    capability_id = key("Unique id of the capability.")
    name = text("Name of the capability.")
    kind = text("Kind of capability, such as certification or skill.")
    parent_id = text(
        "Id of the broader capability that includes this one.",
        refers_to="capabilities.capability_id",
    )
    replaced_by = text(
        "Id of the capability that replaced this one.", refers_to="capabilities.capability_id"
    )


class PartnerCapabilities(Table):
    """Which capabilities each partner has, since when, and on what evidence."""

    partner_id = key("Id of the partner.", "partners.partner_id")
    capability_id = key("Id of the capability.", "capabilities.capability_id")
    valid_from = day("First valid day; empty means always valid.", key=True, end="first")
    evidence = choice(EVIDENCE, "Kind of evidence for the capability.")
    level = text("Level of proficiency, in the vendor's terms.")
    valid_to = day("Last valid day; empty means still valid.", end="last")
    source = text("Source of the information.")

    _dates_in_order = not_before("valid_to", "valid_from")


class Offerings(Table):
    """What partners sell, and in which role."""

    partner_id = key("Id of the partner.", "partners.partner_id")
    product_id = key("Id of a product, a service or a line of business.")
    role = text("Role of the partner, such as resell, service or build.", key=True)
    since = day("First day of the offer; empty means always offered.", end="first")
    until = day("Last day of the offer; empty means still offered.", end="last")

    _dates_in_order = not_before("until", "since")


class Territories(Table):
    """Where partners do business."""

    partner_id = key("Id of the partner.", "partners.partner_id")
    territory = text("Country or other market.", required=True, key=True, market=True)
    share = number("Share of the partner's business in the territory, 0 to 1.", least=0, most=1)


class Deals(Table):
    """Opportunities, and how they ended."""

    deal_id = key("Unique id of the deal.")
    customer_id = text("Id of the customer.")
    industry = text("Industry of the customer, in the vendor's terms.")
    territory = text("Country or other market of the deal.", market=True)
    amount = number("Value of the whole deal in `currency`, not per month.")
    currency = text("Currency of the amount, such as EUR.")
    opened_on = day("Date the deal was opened.")
    closed_on = day("Date the deal was closed; for an open deal, the expected closing date.")
    outcome = choice(
        OUTCOMES,
        "Outcome of the deal, or open.",
        required=True,
        also=ALSO_OUTCOMES,
        perhaps=PERHAPS_OUTCOMES,
    )
    lost_reason = text(
        "Reason the deal was lost; `capability_gap` counts as unmet demand.",
        words=("capability_gap",),
    )


class DealPartners(Table):
    """Which partners worked on which deal; two or more on a won deal make it a joint win."""

    deal_id = key("Id of the deal.", "deals.deal_id")
    partner_id = key("Id of a partner on the deal.", "partners.partner_id")
    role = text("Role of the partner on the deal, in the vendor's terms.", key=True)
    added_on = day("Date the partner was added to the deal; empty means from the start.")


class DealRequirements(Table):
    """Which capabilities each deal required."""

    deal_id = key("Id of the deal.", "deals.deal_id")
    capability_id = key("Id of a required capability.", "capabilities.capability_id")
    weight = number("Importance relative to the deal's other requirements.", least=0, most=LARGE)


class Csat(Table):
    """Customer satisfaction with partners: every score, with the scale it is on."""

    response_id = key("Unique id of the response, or of the published average.")
    partner_id = text("Id of the partner rated.", required=True, refers_to="partners.partner_id")
    deal_id = text("Id of the deal the response is about.", refers_to="deals.deal_id")
    customer_id = text("Id of the customer who responded.")
    responded_on = day("Date of the response.", required=True)
    score = number("The score, on the scale given.", required=True, least=-LARGE, most=LARGE)
    scale_min = number("Lowest score of the scale.", required=True, least=-LARGE, most=LARGE)
    scale_max = number("Highest score of the scale.", required=True, least=-LARGE, most=LARGE)
    kind = text("What was measured, such as csat_mean or csat_top2.", required=True)
    n = dy.Int64(
        nullable=True,
        min=1,
        max=MANY,
        description="Number of responses behind the score; empty means 1.",
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
    """Where partners want to grow."""

    partner_id = key("Id of the partner.", "partners.partner_id")
    kind = choice(OBJECTIVE_KINDS, "Kind of target.", required=True, key=True)
    target = key("A capability, a market or an industry, as `kind` says.")
    weight = number("Importance relative to the partner's other objectives.", least=0, most=LARGE)
    valid_from = day("First valid day; empty means always valid.", end="first")
    valid_to = day("Last valid day; empty means still valid.", end="last")

    _dates_in_order = not_before("valid_to", "valid_from")


class Introductions(Table):
    """Introductions of partners to each other, and their outcome."""

    introduction_id = key("Unique id of the introduction.")
    partner_id = text(
        "Id of the partner the introduction was made for.",
        required=True,
        refers_to="partners.partner_id",
    )
    collaborator_id = text(
        "Id of the partner it was introduced to.", required=True, refers_to="partners.partner_id"
    )
    introduced_on = day("Date of the introduction.", required=True)
    decided_on = day("Date it was accepted, declined, won or lost.")
    run_id = text("Id of the run of recommendations that proposed it.")
    status = choice(
        INTRODUCTION_STATUSES,
        "Stage reached. Proposed, introduced and accepted are open: the pair is not proposed "
        "again. Declined and lost: it is proposed again after a waiting period. Won: the partners "
        "know each other.",
        required=True,
    )
    reason = text("Reason for the decision, in the partner's words.")
    support = text("Support the vendor gave, such as a joint workshop.")

    _dates_in_order = not_before("decided_on", "introduced_on")

    _not_itself = two_different_partners()


class Restrictions(Table):
    """Which partners must not be recommended to each other."""

    partner_id = key("Id of the partner.", "partners.partner_id")
    collaborator_id = key("Id of the other partner.", "partners.partner_id")
    kind = choice(
        RESTRICTION_KINDS,
        "do_not_pair: these two are never paired, in either direction; exclusive: partner_id is "
        "paired with nobody else.",
        required=True,
        key=True,
    )
    valid_from = day("First valid day; empty means always valid.", key=True, end="first")
    valid_to = day("Last valid day; empty means still valid.", end="last")

    _dates_in_order = not_before("valid_to", "valid_from")

    _not_itself = two_different_partners()


class Aliases(Table):
    """Other ids of partners, so that rows with them count for the right partner.

    References to a value are read as references to partner_id, unless the value is itself the id
    of a partner. With `distinct` as the system, value and partner_id are two different partners
    that share a name.
    """

    system = key("Where the other id is used, such as a CRM; `distinct` marks two partners.")
    value = key("The other id, such as that of a record merged into the partner's.")
    partner_id = text("Id of the partner it means.", required=True, refers_to="partners.partner_id")


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
"""Every table by name, in the order in which they are read and reported."""

REQUIRED: Final = "partners"
ONE_OF: Final = (("deals", "deal_partners"), ("partner_capabilities",))
"""Sets of tables; at least one set must be given."""

CATALOGUES: Final = ("capabilities",)
"""Tables that others may refer to even if they are not given."""
