"""One batch job: tables in, lists for every partner out, and a record of how they came about."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import (
    HistoryError,
    RequirementError,
    UnknownPartnerError,
    UnknownWordError,
)
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import CandidateFinder, Explanation
from ecosystem_graph.recommending.model_files import load_for, rankers_of
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.requirement import (
    Requirement,
    lead_of,
    requirement_of_deal,
    unheard_of,
)
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
    """
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
    recommender, told = _recommender(tables, graph.as_of, model, seed, for_need=need is not None)
    timings["model"] = perf_counter() - started - timings["graph"]
    finder = recommender.finder(graph, open_to=open_to)
    asked = np.arange(graph.n_partners) if chosen is None else np.unique(chosen)
    sources = asked[finder.eligibility.takes_part[asked]]
    if need is None:
        recommendations = recommender.recommend(
            graph,
            None if chosen is None else graph.index.ids[chosen],
            k,
            include_known=include_known,
            max_competition=max_competition,
            finder=finder,
            progress=lambda done: say("ranking", done, len(sources)),
        )
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
        "deal": deal,
        "requirement": None if need is None else need.as_dict(),
        "seed": seed,
        **recommender.get_params(),
    }
    unheard = 0 if need is None else len(unheard_of(graph, need))
    unserved = {"capabilities asked for that nobody has heard of": unheard} if unheard else {}
    record = _record(tables, graph, parameters, told, finder, recommendations, sources, unserved)
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
    graph = EcosystemGraph.from_tables(tables, as_of)
    source, target = graph.index.positions([partner, collaborator])
    if source == target:
        raise UnknownPartnerError(
            f"{partner!r} and {collaborator!r} are the same partner: name two that differ."
        )
    recommender, _ = _recommender(tables, graph.as_of, model, seed)
    return recommender.explain(graph, partner, collaborator), graph


def _recommender(
    tables: Tables, as_of: date, model: str | None, seed: int, *, for_need: bool = False
) -> tuple[Recommender, dict[str, Any]]:
    """The model that ranks, and what to say about it."""
    if model is not None:
        recommender = load_for(Recommender, model, tables)
        name, why = model, "asked for"
    else:
        try:
            recommender = Recommender(random_state=seed).fit(tables, as_of, for_needs=for_need)
            name, why = "fitted", "learnt from these tables"
        except HistoryError as error:
            recommender = load_for(Recommender, "default", tables)
            name, why = "default", str(error)
    told = {"name": name, "why": why, "fitted_as_of": recommender.fitted_as_of_.isoformat()}
    told["probabilities"] = (
        "none: for a requirement the order is learnt, not how often it comes true"
        if for_need
        else f"from what came of {', '.join(sorted(recommender.calibrations_))} pairs"
        if recommender.calibrations_
        else "none: not enough history here to say how often scores come true"
    )
    if name != "fitted":
        told["weights"] = _weights_digest(recommender)
    return recommender, told


def _weights_digest(recommender: Recommender) -> str:
    digest = hashlib.sha256()
    for task, ranker in sorted(rankers_of(recommender).items()):
        digest.update(repr((task, ranker.names, ranker.intercept)).encode())
        digest.update(ranker.coefficients.tobytes())
    for task, calibration in sorted(recommender.calibrations_.items()):
        digest.update(task.encode())
        digest.update(calibration.above.tobytes() + calibration.probability.tobytes())
    return digest.hexdigest()


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


def _record(
    tables: Tables,
    graph: EcosystemGraph,
    parameters: dict[str, Any],
    model: dict[str, Any],
    finder: CandidateFinder,
    recommendations: pl.DataFrame,
    sources: NDArray[np.intp],
    unserved: dict[str, int],
) -> dict[str, Any]:
    n_sources, n_lists = len(sources), recommendations["partner_id"].n_unique()
    asked = parameters["partners"]
    record: dict[str, Any] = {
        "schema": 1,
        "source": tables.source,
        "as_of": graph.as_of.isoformat(),
        "parameters": parameters,
        "model": model,
        "ecosystem_graph": version("ecosystem-graph"),
        "inputs": dict(sorted(tables.digests.items())),
        "counts": {
            "partners": graph.n_partners,
            "won_deals": graph.n_deals,
            "pairs_with_joint_wins": graph.joint_wins.nnz // 2,
            "partners_asked_for": n_sources,
            "lists": n_lists,
            "rows": recommendations.height,
        },
        "left_out": {
            **{f"rows of {table} set aside": n for table, n in tables.set_aside.items()},
            **graph.tables.left_out,
            **finder.eligibility.left_out,
            **unserved,
            "partners asked for that take no part": 0 if asked is None else len(asked) - n_sources,
            "partners without a list": n_sources - n_lists,
        },
    }
    if not n_lists:
        record["why_empty"] = why_empty(finder, sources, parameters["include_known"])
    # Neither where the tables lie nor where the model does makes it another run.
    settled = {**record, "source": None, "model": {**model, "name": None}}
    digest = hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()
    return {"run_id": digest[:16], **record}


def why_empty(finder: CandidateFinder, sources: NDArray[np.intp], include_known: bool) -> str:
    """Say why no list could be made.

    Parameters
    ----------
    finder : CandidateFinder
    sources : ndarray of shape (n_sources,)
        Positions of the partners lists were asked for that take part.
    include_known : bool
        Whether known collaborators could be proposed.

    Returns
    -------
    str
    """
    if len(sources) == 0:
        return "none of the partners asked for takes part (opted out, not active, or bound)."
    n_open, open_to = int(finder.open_to.sum()), finder.open_to.astype(np.float64)
    n_others = n_open - open_to[sources]
    if not n_others.any():
        return f"of those that may be proposed there are {n_open}: there is nobody to pair."
    known = finder.evidence.graph.adjacency[sources]
    if not include_known and (known @ open_to >= n_others).all():
        return "everybody has won with everybody already: ask with --include-known."
    apart = finder.eligibility.forbidden + finder.eligibility.family_pairs()
    if ((known + apart[sources] > 0) @ open_to >= n_others).all():
        return "whoever has not won together yet is of one family, or not to be paired."
    return "nothing connects the partners: no shared market, capability or collaborator."
