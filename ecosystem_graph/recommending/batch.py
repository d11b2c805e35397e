"""One batch job: tables in, lists for every partner out, and a record of how they came about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import (
    RequirementError,
    UnknownPartnerError,
    UnknownWordError,
)
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import Explanation
from ecosystem_graph.recommending.choosing_model import recommender_for
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.record import run_record
from ecosystem_graph.recommending.requirement import (
    Requirement,
    lead_of,
    requirement_of_deal,
    unheard_of,
)
from ecosystem_graph.recommending.why_not import WhyNot, why_not
from ecosystem_graph.recommending.wishes import PLAIN, Wishes
from ecosystem_graph.tables import Tables, canonical_market, did_you_mean


@dataclass(frozen=True, slots=True)
class Run:
    """What a batch job gave.

    Attributes
    ----------
    recommendations : polars.DataFrame
        One row per (partner_id, rank).
    graph : EcosystemGraph
    recommender : Recommender
        The model that ranked.
    record : dict
        What `run.json` holds: everything needed to replay the run.
    timings : dict of str to float
        Seconds per stage.
    """

    recommendations: pl.DataFrame
    graph: EcosystemGraph
    recommender: Recommender
    record: dict[str, Any]
    timings: dict[str, float]


def run(
    tables: Tables,
    *,
    as_of: date | None = None,
    k: int = 10,
    partners: Sequence[str] | None = None,
    territories: Sequence[str] = (),
    types: Sequence[str] = (),
    include_known: bool = False,
    max_competition: float | None = None,
    wishes: Wishes = PLAIN,
    deal: str | None = None,
    requirement: Requirement | None = None,
    model: str | None = None,
    seed: int = 0,
    progress: Callable[..., object] | None = None,
) -> Run:
    """Rank collaborators as of a day and record how.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date, optional
        By default as :meth:`Tables.default_as_of` says.
    k : int, default 10
        Length of a list.
    partners : sequence of str, optional
        Ids or exact names of the partners to make lists for; everybody unless given.
    territories, types : sequence of str
        Only collaborators in one of these territories, of one of these types, are proposed.
    include_known : bool, default False
        Whether partners that have won together may be proposed to each other again.
    max_competition : float, optional
        Partners that compete in more of their business than this, 0..1, are not proposed.
    wishes : Wishes, optional
        What reorders the lists; not with a deal or a requirement.
    deal : str, optional
        Rank for what this deal asks for, with its lead, or the one partner asked for, as the one
        who looks for others.
    requirement : Requirement, optional
        The same for a need described in a file.
    model : str, optional
        A model's folder or the name of one that ships. Without it one is fitted to the tables,
        or `default` is taken where they hold too little history.
    seed : int, default 0
    progress : callable, optional
        ``progress(stage)`` when one begins, ``progress(stage, done, total)`` while one goes on.

    Returns
    -------
    Run

    Raises
    ------
    UnknownPartnerError
        If a partner asked for is not in the graph.
    HistoryError
        If no date is given and the tables hold none, or they teach nothing about needs.
    RequirementError
        If there is no such deal, or the requirement cannot be served by anybody.
    DataError
        If lists are to be reciprocal and nothing says what anybody needs.
    ValueError
        If one list for one need is to be reordered.
    """
    if wishes.asked() and (deal is not None or requirement is not None):
        raise ValueError(
            f"one list for one need is not reordered. Got {', '.join(wishes.asked())} with it."
        )
    say = progress or (lambda *_: None)
    timings: dict[str, float] = {}
    started = perf_counter()
    graph = EcosystemGraph.from_tables(tables, as_of)
    chosen = None if partners is None else graph.index.positions(partners)
    open_to = _open_to(graph, territories, types)
    need = requirement if deal is None else requirement_of_deal(graph, deal)
    if need is not None:
        need = _led(need, graph, chosen)
        chosen = lead_of(graph, need)
    timings["graph"] = perf_counter() - started
    say("learning from the past" if model is None else f"reading the model {model}")
    recommender, told = recommender_for(tables, graph.as_of, model, seed, for_need=need is not None)
    timings["model"] = perf_counter() - started - timings["graph"]
    finder = recommender.finder(graph, open_to=open_to)
    asked = np.arange(graph.n_partners) if chosen is None else np.unique(chosen)
    sources = asked[finder.eligibility.takes_part[asked]]
    account = None
    if need is None:
        lists = recommender.lists(
            finder, include_known=include_known, max_competition=max_competition, wishes=wishes
        )
        listing = lists.listing(sources, k, lambda done: say("ranking", done, len(sources)))
        recommendations, account = listing.rows, listing.account
    else:
        recommendations = recommender.recommend_for(
            graph, need, k, max_competition=max_competition, finder=finder
        )
    timings["ranking"] = perf_counter() - started - timings["graph"] - timings["model"]
    parameters = {
        "k": k,
        "partners": None if chosen is None else graph.index.ids[asked].tolist(),
        "territories": sorted(territories),
        "types": sorted(types),
        "include_known": include_known,
        "max_competition": max_competition,
        **asdict(wishes),
        "deal": deal,
        "requirement": None if need is None else need.as_dict(),
        "seed": seed,
        **recommender.get_params(),
    }
    unheard = 0 if need is None else len(unheard_of(graph, need))
    unserved = {"capabilities asked for that nobody has heard of": unheard} if unheard else {}
    record = run_record(
        tables, graph, parameters, told, finder, recommendations, sources, unserved, account
    )
    return Run(recommendations, graph, recommender, record, timings)


def _led(need: Requirement, graph: EcosystemGraph, chosen: NDArray[np.intp] | None) -> Requirement:
    """The need with the one partner asked for as its lead, if one was."""
    if chosen is None:
        return need
    if len(chosen) > 1:
        raise RequirementError(
            f"a requirement has one lead; {len(chosen)} partners were asked for. Name one."
        )
    return replace(need, lead=str(graph.index.ids[chosen[0]]))


def explained(
    tables: Tables,
    partner: str,
    collaborator: str,
    *,
    as_of: date | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[Explanation, EcosystemGraph]:
    """One pair's score taken apart, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    as_of, model, seed
        As for :func:`run`.

    Returns
    -------
    Explanation
    EcosystemGraph
        What it was seen on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    recommender, graph = _at_work(tables, partner, collaborator, as_of, model, seed)
    return recommender.explain(graph, partner, collaborator), graph


def absence_explained(
    tables: Tables,
    partner: str,
    collaborator: str,
    *,
    k: int = 10,
    max_competition: float | None = None,
    as_of: date | None = None,
    model: str | None = None,
    seed: int = 0,
) -> tuple[WhyNot, EcosystemGraph]:
    """Why a collaborator is not in a partner's list, by the model that would rank it.

    Parameters
    ----------
    tables : Tables
    partner, collaborator : str
        Ids or exact names.
    k, max_competition, as_of, model, seed
        As for :func:`run`.

    Returns
    -------
    WhyNot
    EcosystemGraph
        What it was seen on.

    Raises
    ------
    UnknownPartnerError
        If one of them is not in the graph, or both are the same.
    """
    recommender, graph = _at_work(tables, partner, collaborator, as_of, model, seed)
    told = why_not(recommender, graph, partner, collaborator, k, max_competition=max_competition)
    return told, graph


def _at_work(
    tables: Tables,
    partner: str,
    collaborator: str,
    as_of: date | None,
    model: str | None,
    seed: int,
) -> tuple[Recommender, EcosystemGraph]:
    """The model and the graph it would rank two partners on, once it is sure that they are two."""
    graph = EcosystemGraph.from_tables(tables, as_of)
    source, target = graph.index.positions([partner, collaborator])
    if source == target:
        raise UnknownPartnerError(
            f"{partner!r} and {collaborator!r} are the same partner: name two that differ."
        )
    return recommender_for(tables, graph.as_of, model, seed)[0], graph


def _open_to(
    graph: EcosystemGraph, territories: Iterable[str], types: Iterable[str]
) -> NDArray[np.bool_] | None:
    """Partners in one of the territories and of one of the types; None where nothing is asked."""
    territories, types = list(territories), list(types)
    if not territories and not types:
        return None
    open_to = np.ones(graph.n_partners, dtype=bool)
    if territories:
        codes = [canonical_market(code) for code in territories]
        _check_words("territory", codes, graph.market_codes.tolist())
        wanted = np.isin(graph.market_codes, codes).astype(np.float64)
        open_to &= (graph.territories @ wanted) > 0
    if types:
        words = graph.tables["partners"]["type"].fill_null("").str.split(";")
        words = words.list.eval(pl.element().str.strip_chars())
        _check_words("type", types, words.explode().drop_nulls().unique().sort().to_list())
        open_to &= words.list.set_intersection(types).list.len().to_numpy() > 0
    return open_to


def _check_words(what: str, asked: Sequence[str], there: Sequence[str]) -> None:
    for word in asked:
        if word not in there:
            raise UnknownWordError(
                f"no partner has the {what} {word!r}.{did_you_mean(word, list(there))}"
            )
