"""The tables a vendor hands over, declared once: reading, checking and every description follow.

A table is a class; a column carries its type, its range, what it means, whether it is part of the
key, and what it refers to. A rule across columns carries the message that a row breaking it gets:
``{column}`` stands for the row's value, and the first column named is the one to blame.
"""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final

import dataframely as dy
import polars as pl

from ecosystem_graph.tables.schema.columns import key_of

OUTCOMES: Final = ("won", "lost", "open", "withdrawn")
EVIDENCE: Final = ("certified", "reference", "self_declared", "inferred")
PARTNER_STATUSES: Final = ("active", "inactive", "suspended", "closed")
OBJECTIVE_KINDS: Final = ("capability", "territory", "industry")
INTRODUCTION_STATUSES: Final = ("proposed", "introduced", "accepted", "declined", "won", "lost")
RESTRICTION_KINDS: Final = ("do_not_pair", "exclusive")
CAPABILITY_GAP: Final = "capability_gap"
"""Reason for losing a deal that counts as demand that went unmet."""
DISTINCT: Final = "distinct"
"""System of an alias that says who is not whom."""
EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2200, 12, 31)
LARGE: Final = 1e12
"""Bound of numbers that are weighed against each other, so that no sum of them overflows."""
MANY: Final = 1_000_000_000
_ALSO_OUTCOMES: Final = MappingProxyType({"closed won": "won", "closed lost": "lost"})
_PERHAPS_OUTCOMES: Final = MappingProxyType(
    {
        "launched": "won",
        "implemented": "won",
        "signed": "won",
        "closed": "won",
        "win": "won",
        "loss": "lost",
        "rejected": "lost",
        "no decision": "lost",
        "cancelled": "withdrawn",
        "canceled": "withdrawn",
        "abandoned": "withdrawn",
        "disqualified": "withdrawn",
        "expired": "withdrawn",
        **dict.fromkeys(
            (
                "active",
                "committed",
                "in progress",
                "negotiation",
                "new",
                "pending",
                "pipeline",
                "proposal",
                "prospect",
                "prospecting",
                "qualification",
                "qualified",
                "technical validation",
                "business validation",
                "value proposition",
                "negotiation/review",
            ),
            "open",
        ),
    }
)
"""Stages as CRMs name them, and what they most likely say."""


def _key(description: str, refers_to: str | None = None) -> dy.String:
    """Text that is part of the key and never empty."""
    return _text(description, required=True, key=True, refers_to=refers_to)


def _text(
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    refers_to: str | None = None,
    market: bool = False,
    words: tuple[str, ...] = (),
) -> dy.String:
    """Text; `words` are those that mean something, however they are written."""
    metadata = {"key": key, "refers_to": refers_to, "market": market, "words": words}
    return dy.String(nullable=not required, description=description, metadata=metadata)


def _date(
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    least: date = EARLIEST,
    end: str | None = None,
) -> dy.Date:
    """Day of an event, or the first or last one (`end`) of the time that something holds."""
    return dy.Date(
        nullable=not required,
        min=least,
        max=LATEST,
        description=description,
        metadata={"key": key, "end": end},
    )


def _number(
    description: str,
    *,
    required: bool = False,
    least: float | None = None,
    most: float | None = None,
) -> dy.Float64:
    return dy.Float64(nullable=not required, min=least, max=most, description=description)


def _choice(
    categories: tuple[str, ...],
    description: str,
    *,
    required: bool = False,
    key: bool = False,
    also: Mapping[str, str] = MappingProxyType({}),
    perhaps: Mapping[str, str] = MappingProxyType({}),
) -> dy.Enum:
    """One of a closed list; words `also` taken for one of them, and those that `perhaps` mean one.

    Neither case nor blanks, hyphens and underscores matter in any of them.
    """
    metadata = {"key": key, "also": also, "perhaps": perhaps}
    return dy.Enum(categories, nullable=not required, description=description, metadata=metadata)


def _rule(message: str) -> Callable[[Callable[[Any], pl.Expr]], Any]:
    """Rule of a table, with the message for a row that breaks it."""

    def declared(holds: Callable[[Any], pl.Expr]) -> Any:
        holds.__doc__ = message
        return dy.rule()(holds)

    return declared


def _not_before(later: str, earlier: str) -> Any:
    """Rule that one date is not before another."""
    declare = _rule(f"{later} {{{later}}} is before {earlier} {{{earlier}}}.")
    return declare(lambda cls: pl.col(later) >= pl.col(earlier))


def _two_different_partners() -> Any:
    """Rule that nobody is paired with itself."""
    declare = _rule("collaborator_id '{collaborator_id}' is the partner itself: name another one.")
    return declare(lambda cls: pl.col("collaborator_id") != pl.col("partner_id"))


class Table(dy.Schema):
    """What every table has: a key no two rows share, an empty part being a value like others."""

    @dy.rule()
    def _key_is_unique(cls) -> pl.Expr:
        return pl.struct(key_of(cls)).is_unique()  # type: ignore[arg-type]


class Partners(Table):
    """Every partner of the vendor, one row each."""

    partner_id = _key("The partner.")
    name = _text("Name people know the partner by.", required=True)
    type = _text("What kind of partner, in the vendor's words; `;` separates several.")
    tier = _text("Program tier, in the vendor's words.")
    country = _text("Country or other market of the head office.", market=True)
    parent_id = _text("The partner that owns this one.", refers_to="partners.partner_id")
    status = _choice(PARTNER_STATUSES, "Standing in the program; empty means active.")
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
    channel = _text("How the partner wants to be addressed, such as email.")
    language = _text("Language the partner wants to be addressed in.")
    joined_on = _date("Day the partner joined the program.", least=date.min)


class Capabilities(Table):
    """What partners can be able to do: the vendor's own taxonomy."""

    capability_id = _key("The capability.")
    name = _text("Name people know the capability by.")
    kind = _text("What kind of capability, such as certification or skill.")
    parent_id = _text(
        "The wider capability this one is part of.", refers_to="capabilities.capability_id"
    )
    replaced_by = _text(
        "The capability that took this one's place.", refers_to="capabilities.capability_id"
    )


class PartnerCapabilities(Table):
    """Who can do what, since when, and how we know."""

    partner_id = _key("The partner.", "partners.partner_id")
    capability_id = _key("What it can do.", "capabilities.capability_id")
    valid_from = _date("First day it holds; empty means always.", key=True, end="first")
    evidence = _choice(EVIDENCE, "How we know.")
    level = _text("How well, in the vendor's words.")
    valid_to = _date("Last day it holds; empty means still.", end="last")
    source = _text("Where the fact comes from.")

    _dates_in_order = _not_before("valid_to", "valid_from")


class Offerings(Table):
    """What partners sell, and in which role."""

    partner_id = _key("The partner.", "partners.partner_id")
    product_id = _key("What it sells: a product, service or line of business.")
    role = _text("In which role, such as resell, service or build.", key=True)
    since = _date("First day on offer; empty means always.", end="first")
    until = _date("Last day on offer; empty means still.", end="last")

    _dates_in_order = _not_before("until", "since")


class Territories(Table):
    """Where partners are seen to work."""

    partner_id = _key("The partner.", "partners.partner_id")
    territory = _text(
        "A country or other market it works in.", required=True, key=True, market=True
    )
    share = _number("Share of its business there, 0 to 1.", least=0, most=1)


class Deals(Table):
    """Opportunities, and how they ended."""

    deal_id = _key("The deal.")
    customer_id = _text("The customer.")
    industry = _text("The customer's industry, in the vendor's words.")
    territory = _text("Country or other market of the deal.", market=True)
    amount = _number("Value of the whole deal in `currency`, not per month.")
    currency = _text("Currency of the amount, such as EUR.")
    opened_on = _date("Day the deal was opened.")
    closed_on = _date("Day the deal was closed; of an open deal the day it is expected to.")
    outcome = _choice(
        OUTCOMES,
        "How it ended, or open.",
        required=True,
        also=_ALSO_OUTCOMES,
        perhaps=_PERHAPS_OUTCOMES,
    )
    lost_reason = _text(
        "Why it was lost; `capability_gap` counts as unmet demand.", words=("capability_gap",)
    )


class DealPartners(Table):
    """Which partners worked on which deal; two or more on a won deal is a joint win."""

    deal_id = _key("The deal.", "deals.deal_id")
    partner_id = _key("A partner on the deal.", "partners.partner_id")
    role = _text("What the partner did on the deal, in the vendor's words.", key=True)
    added_on = _date("Day the partner was put on the deal; empty means from its beginning.")


class DealRequirements(Table):
    """What a deal asked for."""

    deal_id = _key("The deal.", "deals.deal_id")
    capability_id = _key("A capability it asked for.", "capabilities.capability_id")
    weight = _number(
        "How much it mattered, beside the deal's other requirements.", least=0, most=LARGE
    )


class Csat(Table):
    """What customers said about a partner, with the scale it was said on."""

    response_id = _key("The response, or the published average.")
    partner_id = _text("The partner spoken about.", required=True, refers_to="partners.partner_id")
    deal_id = _text("The deal spoken about.", refers_to="deals.deal_id")
    customer_id = _text("The customer who spoke.")
    responded_on = _date("Day of the response.", required=True)
    score = _number("The score, on the scale given.", required=True, least=-LARGE, most=LARGE)
    scale_min = _number("Lowest score of the scale.", required=True, least=-LARGE, most=LARGE)
    scale_max = _number("Highest score of the scale.", required=True, least=-LARGE, most=LARGE)
    kind = _text("What was measured, such as csat_mean or csat_top2.", required=True)
    n = dy.Int64(
        nullable=True, min=1, max=MANY, description="Responses behind the score; empty means 1."
    )

    @_rule("scale_min {scale_min} is not below scale_max {scale_max}.")
    def _scale_has_a_width(cls) -> pl.Expr:
        return pl.col("scale_min") < pl.col("scale_max")

    @_rule("score {score} is off its scale: {scale_min} to {scale_max}.")
    def _score_is_on_its_scale(cls) -> pl.Expr:
        on_scale = pl.col("score").is_between(pl.col("scale_min"), pl.col("scale_max"))
        return on_scale | (pl.col("scale_min") >= pl.col("scale_max"))

    @_rule(
        "kind '{kind}' says neither what was asked nor of what it is a percentage: name the "
        "measure, such as csat_mean (a mean on its scale) or csat_top2 (the share of the two best "
        "answers, 0 to 1)."
    )
    def _kind_says_what_was_measured(cls) -> pl.Expr:
        return ~pl.col("kind").str.contains(r"(?i)^(%|pct|percent|percentage)$")


class Objectives(Table):
    """What a partner wants to grow into."""

    partner_id = _key("The partner.", "partners.partner_id")
    kind = _choice(OBJECTIVE_KINDS, "What the target is.", required=True, key=True)
    target = _key("A capability, a market or an industry.")
    weight = _number(
        "How much it matters, beside the partner's other objectives.", least=0, most=LARGE
    )
    valid_from = _date("First day it holds; empty means always.", end="first")
    valid_to = _date("Last day it holds; empty means still.", end="last")

    _dates_in_order = _not_before("valid_to", "valid_from")


class Introductions(Table):
    """Partners that were introduced to each other, and what came of it."""

    introduction_id = _key("The introduction.")
    partner_id = _text(
        "The partner it was made for.", required=True, refers_to="partners.partner_id"
    )
    collaborator_id = _text(
        "The partner it was introduced to.", required=True, refers_to="partners.partner_id"
    )
    introduced_on = _date("Day of the introduction.", required=True)
    decided_on = _date("Day it was accepted, declined, won or lost.")
    run_id = _text("The run of recommendations it came from.")
    status = _choice(
        INTRODUCTION_STATUSES,
        "How far it came: proposed, introduced and accepted are under way and not proposed anew, "
        "declined and lost rest before they may be, won is known.",
        required=True,
    )
    reason = _text("Why, in the partner's words.")
    support = _text("What the vendor gave with it, such as a joint workshop.")

    _dates_in_order = _not_before("decided_on", "introduced_on")

    _not_itself = _two_different_partners()


class Restrictions(Table):
    """Who must not be paired with whom."""

    partner_id = _key("The partner.", "partners.partner_id")
    collaborator_id = _key("The other partner.", "partners.partner_id")
    kind = _choice(
        RESTRICTION_KINDS,
        "do_not_pair: never these two, either way; exclusive: partner_id with nobody else.",
        required=True,
        key=True,
    )
    valid_from = _date("First day it holds; empty means always.", key=True, end="first")
    valid_to = _date("Last day it holds; empty means still.", end="last")

    _dates_in_order = _not_before("valid_to", "valid_from")

    _not_itself = _two_different_partners()


class Aliases(Table):
    """Other ids of partners, so that what was said under them counts.

    References to a value are read as references to partner_id, unless the value is a partner of
    its own. With `distinct` as the system, value and partner_id are two partners that bear one
    name and are two companies all the same.
    """

    system = _key("Where the other id comes from, such as a CRM; `distinct` tells two apart.")
    value = _key("The other id, such as that of a record merged into the partner's.")
    partner_id = _text("The partner it stands for.", required=True, refers_to="partners.partner_id")


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
