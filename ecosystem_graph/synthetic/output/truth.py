"""Ground truth: what the records do not show, and the models that generated them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import polars as pl

from ecosystem_graph.synthetic.assumptions import parameters as given
from ecosystem_graph.synthetic.ecosystem import Drawn
from ecosystem_graph.synthetic.output.wording import (
    capability_id,
    customer_id,
    deal_id,
    partner_id,
)


def models(n_partners: int, seed: int) -> dict[str, Any]:
    """Coefficients (log-odds) of who is asked, which team wins, and who accepts an introduction."""
    return {
        "n_partners": n_partners,
        "seed": seed,
        "as_of": given.AS_OF.isoformat(),
        "meeting": dict(given.MEETING),
        "choosing": dict(given.CHOOSING),
        "winning": dict(given.WINNING),
        "mean_quality": given.QUALITY[0] / sum(given.QUALITY),
        "accepting": dict(given.ACCEPTING),
    }


def _partners(drawn: Drawn) -> pl.LazyFrame:
    people = drawn.people
    numbers = {name: getattr(people, name) for name in ("quality", "community", "activity")}
    frame = pl.LazyFrame({"partner": np.arange(people.n, dtype=np.int32), **numbers})
    return frame.select(pl.exclude("partner"), partner_id=partner_id(drawn)).select(
        "partner_id", *numbers
    )


def _held(drawn: Drawn) -> pl.LazyFrame:
    held = drawn.held
    frame = pl.LazyFrame({"partner": held.partner, "capability": held.capability})
    return frame.select(partner_id=partner_id(drawn), capability_id=capability_id(drawn))


def _gaps(drawn: Drawn) -> pl.LazyFrame:
    return drawn.gaps.lazy().select(
        partner_id=partner_id(drawn), capability_id=capability_id(drawn), demand="demand"
    )


def _rivals(drawn: Drawn) -> pl.LazyFrame:
    return drawn.rivals.lazy().select(
        partner_id=partner_id(drawn), collaborator_id=partner_id(drawn, "other")
    )


def _teams(drawn: Drawn) -> pl.LazyFrame:
    frame = drawn.records.frame("teams").lazy()
    return frame.select(deal_id(drawn).alias("deal_id"), pl.exclude("deal"))


def _untagged(drawn: Drawn) -> pl.LazyFrame:
    frame = drawn.records.frame("untagged").lazy()
    return frame.select(deal_id=deal_id(drawn), partner_id=partner_id(drawn))


def _customers(drawn: Drawn) -> pl.LazyFrame:
    mood = drawn.buyers.mood
    frame = pl.LazyFrame({"customer": np.arange(len(mood), dtype=np.int32), "mood": mood})
    return frame.select(customer_id=customer_id(drawn), mood="mood")


TRUTH: Final[Mapping[str, Callable[[Drawn], pl.LazyFrame]]] = MappingProxyType(
    {
        "partners": _partners,
        "held": _held,
        "gaps": _gaps,
        "rivals": _rivals,
        "teams": _teams,
        "untagged": _untagged,
        "customers": _customers,
    }
)
"""What makes each table of the truth; those of deals can be made once."""
