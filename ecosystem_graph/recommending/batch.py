"""One batch job: tables in, lists for every partner out, and a record of how they came about."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from ecosystem_graph.errors import HistoryError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.ranking import CandidateFinder, Explanation
from ecosystem_graph.recommending.recommender import Recommender
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
        If no date is given and the tables hold none.
    """
    say = progress or (lambda *_: None)
    timings: dict[str, float] = {}
    started = perf_counter()
    graph = EcosystemGraph.from_tables(tables, as_of)
    chosen = None if partners is None else graph.index.positions(partners)
    open_to = _open_to(graph, territories, types)
    timings["graph"] = perf_counter() - started
    say("learning from the past" if model is None else f"reading the model {model}")
    recommender, told = _recommender(tables, graph.as_of, model, seed)
    timings["model"] = perf_counter() - started - timings["graph"]
    finder = recommender.finder(graph, open_to=open_to)
    takes_part = finder.eligibility.takes_part
    n_sources = int(takes_part.sum() if chosen is None else takes_part[np.unique(chosen)].sum())
    recommendations = recommender.recommend(
        graph,
        None if chosen is None else graph.index.ids[chosen],
        k,
        include_known=include_known,
        finder=finder,
        progress=lambda done: say("ranking", done, n_sources),
    )
    timings["ranking"] = perf_counter() - started - timings["graph"] - timings["model"]
    parameters = {
        "k": k,
        "partners": None if chosen is None else graph.index.ids[np.unique(chosen)].tolist(),
        "territories": sorted(territories),
        "types": sorted(types),
        "include_known": include_known,
        "seed": seed,
        **recommender.get_params(),
    }
    record = _record(tables, graph, parameters, told, finder, recommendations, n_sources)
    return Run(recommendations, graph, recommender, record, timings)


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
        If one of them is not in the graph.
    """
    graph = EcosystemGraph.from_tables(tables, as_of)
    graph.index.positions([partner, collaborator])
    recommender, _ = _recommender(tables, graph.as_of, model, seed)
    return recommender.explain(graph, partner, collaborator), graph


def _recommender(
    tables: Tables, as_of: date, model: str | None, seed: int
) -> tuple[Recommender, dict[str, Any]]:
    """The model that ranks, and what to say about it."""
    if model is not None:
        recommender = Recommender.load(model)
        name, why = model, "asked for"
    else:
        try:
            recommender = Recommender(random_state=seed).fit(tables, as_of)
            name, why = "fitted", "learnt from these tables"
        except HistoryError as error:
            recommender, name, why = Recommender.load("default"), "default", str(error)
    fitted = recommender.fitted_as_of_.isoformat()
    return recommender, {"name": name, "why": why, "fitted_as_of": fitted}


def _open_to(
    graph: EcosystemGraph, territories: Iterable[str], types: Iterable[str]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
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
            raise HistoryError(
                f"no partner has the {what} {word!r}.{did_you_mean(word, list(there))}"
            )


def _record(
    tables: Tables,
    graph: EcosystemGraph,
    parameters: dict[str, Any],
    model: dict[str, Any],
    finder: CandidateFinder,
    recommendations: pl.DataFrame,
    n_sources: int,
) -> dict[str, Any]:
    n_lists = recommendations["partner_id"].n_unique()
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
            "partners without a list": n_sources - n_lists,
        },
    }
    if not n_lists:
        record["why_empty"] = why_empty(finder, n_sources, parameters["include_known"])
    settled = {key: value for key, value in record.items() if key != "source"}
    digest = hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()
    return {"run_id": digest[:16], **record}


def why_empty(finder: CandidateFinder, n_sources: int, include_known: bool) -> str:
    """Say why no list could be made.

    Parameters
    ----------
    finder : CandidateFinder
    n_sources : int
        Partners lists were asked for that take part.
    include_known : bool
        Whether known collaborators could be proposed.

    Returns
    -------
    str
    """
    n_open = int(finder.open_to.sum())
    if n_sources == 0:
        return "none of the partners asked for takes part (opted out, not active, or bound)."
    if n_open < 2:
        return f"only {n_open} partner may be proposed: there is nobody to pair."
    degree = finder.evidence.graph.degree[finder.open_to]
    if not include_known and (degree >= n_open - 1).all():
        return "everybody has won with everybody already: ask with --include-known."
    return "nothing connects the partners: no shared market, capability or collaborator."
