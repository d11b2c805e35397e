"""Closed lists of values, the words that stand for them, and the bounds of dates and numbers."""

from datetime import date
from types import MappingProxyType
from typing import Final

OUTCOMES: Final = ("won", "lost", "open", "withdrawn")
EVIDENCE: Final = ("certified", "reference", "self_declared", "inferred")
PARTNER_STATUSES: Final = ("active", "inactive", "suspended", "closed")
OBJECTIVE_KINDS: Final = ("capability", "territory", "industry")
INTRODUCTION_STATUSES: Final = ("proposed", "introduced", "accepted", "declined", "won", "lost")
RESTRICTION_KINDS: Final = ("do_not_pair", "exclusive")
CAPABILITY_GAP: Final = "capability_gap"
"""Reason for losing a deal that counts as unmet demand."""
DISTINCT: Final = "distinct"
"""System of an alias that marks two different partners with one name."""
EARLIEST: Final = date(1970, 1, 1)
LATEST: Final = date(2200, 12, 31)
"""First and last date that is accepted."""
LARGE: Final = 1e12
"""Bound of weights and scores, so that no sum of them overflows."""
MANY: Final = 1_000_000_000
ALSO_OUTCOMES: Final = MappingProxyType({"closed won": "won", "closed lost": "lost"})
"""Other spellings of an outcome that are accepted."""
PERHAPS_OUTCOMES: Final = MappingProxyType(
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
"""Sales stages of common CRMs -> the outcome each most likely means."""
