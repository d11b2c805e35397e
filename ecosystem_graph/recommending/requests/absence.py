"""Why partners that were asked for have no list, and what plays no part in any."""

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

#: Partners whose candidates are looked at to say why no list came of them.
_LOOKED_AT = 1_000

#: Partners a sentence names.
_NAMED = 5


def without_part(
    graph: EcosystemGraph, eligibility: Eligibility, asked: NDArray[np.intp]
) -> dict[str, str]:
    """Partners of those asked for that take no part, by id, and what each of them is.

    Parameters
    ----------
    graph : EcosystemGraph
    eligibility : Eligibility
    asked : ndarray of shape (n_asked,)
        Positions.

    Returns
    -------
    dict of str to str
        Such as ``{"p-1": "has opted out"}``.
    """
    out = asked[~eligibility.takes_part[asked]]
    return {
        str(graph.index.ids[place]): " and ".join(why_no_part(graph, int(place))) for place in out
    }


def told_without_part(out: dict[str, str]) -> str:
    """The same as a sentence, which names the first of them.

    Examples
    --------
    >>> told_without_part({"p-1": "has opted out", "p-2": "is suspended"})
    'p-1 has opted out; p-2 is suspended'
    """
    named = [f"{partner} {why}" for partner, why in list(out.items())[:_NAMED]]
    more = len(out) - len(named)
    return "; ".join([*named, f"{more:,} more take no part"] if more > 0 else named)


def warn_of_those_without_part(
    graph: EcosystemGraph, eligibility: Eligibility, partners: Sequence[str]
) -> None:
    """Log a warning of partners asked for that take no part, saying what each of them is."""
    asked = np.unique(graph.index.positions(partners))
    if out := without_part(graph, eligibility, asked):
        _LOG.warning("Without a list: %s.", told_without_part(out))


def idle_rows(graph: EcosystemGraph) -> dict[str, int]:
    """Deals that are there and tell nothing of partners, by reason."""
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
    """Refuse a day on which all that a ranking could go by is still to come.

    Raises
    ------
    HistoryError
        If there are partners, deals or capabilities in the tables and none on that day.
    """
    tables, absent = graph.tables, graph.tables.absent
    if not graph.n_partners and (n := absent.partners.height):
        raise HistoryError(
            f"nobody is there on {graph.as_of}: every partner (of {n:,}) joins on that day or "
            "later and stands in no event before. Choose a later day.",
            remedy="as_of",
        )
    if not tables["deals"].is_empty() or not tables["partner_capabilities"].is_empty():
        return
    told = [f"{why}: {n:,}" for why, n in tables.left_out.items() if _is_of_facts(why)]
    if told:
        raise HistoryError(
            f"nothing is known on {graph.as_of} to rank by. Left out are {'; '.join(told)}. Choose "
            "a later day.",
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
    """Say why no list could be made, of each kind of partner that was asked for.

    Parameters
    ----------
    builder : ListBuilder
        What built the lists.
    sources : ndarray of shape (n_sources,)
        Positions of the partners lists were asked for that take part.
    no_part : dict of str to str
        Those that take none.
    named : bool
        Whether partners were asked for, rather than everybody.

    Returns
    -------
    dict of str to str
        `why_empty` and, where known collaborators would make a list, `remedy`.
    """
    if len(sources) == 0:
        if no_part:
            why = f"none of the partners asked for takes part: {told_without_part(no_part)}."
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
    nobody = ~(alone | won | barred | met | found)
    kinds = [
        (alone, "of those that may be proposed there are {n}: there is nobody to pair {who} with"),
        (won, f"{{who}} {{has}} won with everybody already{limit}"),
        (barred, "all that {who} {has} not won with yet are of one family, or not to be paired"),
        (
            met,
            "whoever else there is for {who} was introduced already, or rests after an "
            "introduction that was declined or lost",
        ),
        (
            found,
            "whoever could be proposed to {who} competes too much, is full, or was introduced "
            "already",
        ),
        (nobody, "nothing connects {who} to others: no shared market, capability or collaborator"),
    ]
    told = [
        text.format(n=n_open, **_who(graph, sources[which], named))
        for which, text in kinds
        if which.any()
    ]
    said = {"why_empty": f"{'; '.join(told)}."}
    return said | {"remedy": "include_known"} if won.any() else said


def _who(graph: EcosystemGraph, some: NDArray[np.intp], named: bool) -> dict[str, str]:
    """Some of the partners asked for, as the subject of a sentence."""
    if not named:
        return {"who": "everybody", "has": "has"}
    ids = graph.index.ids[some].tolist()
    if len(ids) > _NAMED:
        return {"who": f"{len(ids):,} of the partners asked for", "has": "have"}
    return {"who": " and ".join(ids), "has": "has" if len(ids) == 1 else "have"}
