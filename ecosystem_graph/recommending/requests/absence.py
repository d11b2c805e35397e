"""Why requested partners have no list, and which deals have no effect on any list."""

import logging
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph, Eligibility
from ecosystem_graph.graph.eligibility import why_no_part
from ecosystem_graph.lists.builder import ListBuilder

_LOG = logging.getLogger(__name__)

#: Partners whose candidates are searched to explain an empty result, at most.
_LOOKED_AT = 1_000

#: Partners that a sentence names, at most.
_NAMED = 5


def without_part(
    graph: EcosystemGraph, eligibility: Eligibility, requested: NDArray[np.intp]
) -> dict[str, str]:
    """Requested partners that take no part, by id, with the reason.

    Parameters
    ----------
    graph : EcosystemGraph
    eligibility : Eligibility
    requested : ndarray of shape (n_requested,)
        Positions.

    Returns
    -------
    dict of str to str
        Such as ``{"p-1": "has opted out"}``.
    """
    out = requested[~eligibility.takes_part[requested]]
    ids = graph.index.ids
    return {str(ids[partner]): " and ".join(why_no_part(graph, int(partner))) for partner in out}


def no_part_text(out: dict[str, str]) -> str:
    """The result of :func:`without_part` as a sentence that names the first partners.

    Examples
    --------
    >>> no_part_text({"p-1": "has opted out", "p-2": "is suspended"})
    'p-1 has opted out; p-2 is suspended'
    """
    named = [f"{partner} {why}" for partner, why in list(out.items())[:_NAMED]]
    more = len(out) - len(named)
    return "; ".join([*named, f"{more:,} more take no part"] if more > 0 else named)


def warn_without_part(
    graph: EcosystemGraph, eligibility: Eligibility, partners: Sequence[str]
) -> None:
    """Log a warning of requested partners that take no part, with the reason of each."""
    requested = np.unique(graph.index.positions(partners))
    if out := without_part(graph, eligibility, requested):
        _LOG.warning("Without a list: %s.", no_part_text(out))


def idle_rows(graph: EcosystemGraph) -> dict[str, int]:
    """Number of deals that contribute nothing to partners, by reason."""
    deals = graph.tables["deals"]
    withdrawn = deals["outcome"].cast(pl.String) == "withdrawn"
    counts = {
        "withdrawn deals": int(withdrawn.sum()),
        "deals without a partner (they tell of demand alone)": deals.filter(~withdrawn)
        .join(graph.tables["deal_partners"], on="deal_id", how="anti")
        .height,
    }
    return {reason: n for reason, n in counts.items() if n}


def require_facts(graph: EcosystemGraph) -> None:
    """Refuse a day before everything that a ranking could be based on.

    Raises
    ------
    HistoryError
        If there are partners, deals or capabilities in the tables and none on that day.
    """
    tables, absent = graph.tables, graph.tables.absent
    if not graph.n_partners and (n := absent.partners.height):
        raise HistoryError(
            f"no partner exists on {graph.as_of}: every partner (of {n:,}) joins on that day or "
            "later and appears in no earlier event. Choose a later day.",
            remedy="as_of",
        )
    if not tables["deals"].is_empty() or not tables["partner_capabilities"].is_empty():
        return
    left_out = [f"{why}: {n:,}" for why, n in tables.left_out.items() if _is_of_facts(why)]
    if left_out:
        raise HistoryError(
            f"nothing is known on {graph.as_of} to rank by. Left out are {'; '.join(left_out)}. "
            "Choose a later day.",
            remedy="as_of",
        )


def _is_of_facts(reason: str) -> bool:
    """Whether a reason is about deals or about what partners hold."""
    return reason.startswith("rows of partner_capabilities") or (
        "deals" in reason and not reason.startswith("rows of")
    )


def why_empty(
    builder: ListBuilder,
    sources: NDArray[np.intp],
    no_part: dict[str, str],
    *,
    named: bool,
) -> dict[str, str]:
    """Reasons why no list could be made, for each kind of requested partner.

    Parameters
    ----------
    builder : ListBuilder
        What built the lists.
    sources : ndarray of shape (n_sources,)
        Positions of the requested partners that take part.
    no_part : dict of str to str
        Requested partners that take no part, with the reason.
    named : bool
        Whether the request names partners, rather than all.

    Returns
    -------
    dict of str to str
        `why_empty` and, if known collaborators would fill a list, `remedy`.
    """
    if len(sources) == 0:
        if no_part:
            why = f"none of the partners asked for takes part: {no_part_text(no_part)}."
        else:
            why = "no partner takes part: all opted out, are not active, or are bound exclusively."
        return {"why_empty": why}
    finder, include_known = builder.finder, builder.includes_known
    graph, open_to = finder.features.graph, finder.open_to.astype(np.float64)
    n_open = int(finder.open_to.sum())
    n_others = n_open - open_to[sources]
    known = graph.adjacency[sources]
    apart = finder.eligibility.apart()
    alone = n_others == 0
    won = ~alone & (known @ open_to >= n_others) & (not include_known)
    barred = ~alone & ~won & ((known + apart[sources] > 0) @ open_to >= n_open)
    shut = known + apart[sources] + builder.ledger.excluded[sources] > 0
    met = ~(alone | won | barred) & (shut @ open_to >= n_open)
    found = np.zeros(len(sources), dtype=bool)
    found[:_LOOKED_AT] = (
        np.isin(sources[:_LOOKED_AT], finder.new(sources[:_LOOKED_AT]).sources)
        & ~(alone | won | barred | met)[:_LOOKED_AT]
    )
    limit = ", of those that may be proposed" if n_open < graph.n_partners else ""
    unconnected = ~(alone | won | barred | met | found)
    kinds = [
        (alone, "partners that may be proposed: {n}. None of them can be paired with {who}"),
        (won, f"{{who}} {{has}} won with all others already{limit}"),
        (barred, "all that {who} {has} not won with yet are of one family, or not to be paired"),
        (
            met,
            "all other candidates of {who} were introduced already, or rest after an "
            "introduction that was declined or lost",
        ),
        (
            found,
            "all candidates of {who} compete too much, are full, or were introduced already",
        ),
        (
            unconnected,
            "nothing connects {who} to others: no shared market, capability or collaborator",
        ),
    ]
    reasons = [
        text.format(n=n_open, **_who(graph, sources[which], named))
        for which, text in kinds
        if which.any()
    ]
    answer = {"why_empty": f"{'; '.join(reasons)}."}
    return answer | {"remedy": "include_known"} if won.any() else answer


def _who(graph: EcosystemGraph, some: NDArray[np.intp], named: bool) -> dict[str, str]:
    """Requested partners as the subject of a sentence."""
    if not named:
        return {"who": "the partners", "has": "have"}
    ids = graph.index.ids[some].tolist()
    if len(ids) > _NAMED:
        return {"who": f"{len(ids):,} of the partners asked for", "has": "have"}
    return {"who": " and ".join(ids), "has": "has" if len(ids) == 1 else "have"}
