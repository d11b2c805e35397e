"""The record of a run: inputs, parameters, counts, and what was left out by reason."""

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.graph import EcosystemGraph, Eligibility
from ecosystem_graph.lists.builder import ListBuilder
from ecosystem_graph.lists.results.exposure import exposure
from ecosystem_graph.recommending.requests.absence import idle_rows, why_empty, without_part
from ecosystem_graph.signals.satisfaction.satisfaction import answers_of_other_kinds
from ecosystem_graph.tables import Tables


def run_record(
    tables: Tables,
    builder: ListBuilder,
    parameters: dict[str, Any],
    model: dict[str, Any],
    sources: NDArray[np.intp],
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    *,
    more_left_out: Mapping[str, int] = MappingProxyType({}),
    **summary: Any,
) -> dict[str, Any]:
    """Everything needed to replay a run, as plain values.

    Parameters
    ----------
    tables : Tables
    builder : ListBuilder
        Builder of the lists.
    parameters : dict
        Parameters of the request.
    model : dict
        Facts about the model.
    sources : ndarray of shape (n_sources,)
        Positions of the requested partners that take part.
    pairs : tuple of ndarray of shape (n_rows,)
        Positions of the two sides of every row.
    more_left_out : mapping of str to int
        Further counts of what was left out, by reason.
    **summary
        `of_one_score`, the number of lists in which all rows have the same score, and `allocation`,
        the effect of capacities on the lists, None if no capacity applies.

    Returns
    -------
    dict
    """
    finder = builder.finder
    graph = finder.features.graph
    n_sources, n_lists = len(sources), len(np.unique(pairs[0]))
    requested = parameters["partners"]
    counts = {
        "partners": graph.n_partners,
        "won_deals": graph.n_deals,
        "pairs_with_joint_wins": graph.joint_wins.nnz // 2,
        "partners_asked_for": n_sources,
        "lists": n_lists,
        "rows": len(pairs[0]),
        "lists_of_one_score": summary["of_one_score"],
    }
    left_out = {
        **known_left_out(tables, graph, finder.eligibility),
        **builder.ledger.left_out,
        **more_left_out,
        "partners asked for that take no part": 0
        if requested is None
        else len(requested) - n_sources,
        "partners without a list": n_sources - n_lists,
    }
    more: dict[str, Any] = {}
    if summary["allocation"] is not None:
        more["allocation"] = summary["allocation"]
    more["exposure"] = exposure(graph, pairs[1], finder.open_to)
    named = requested is not None and parameters["changed_since"] is None
    no_part = {}
    if named and len(requested) > n_sources:
        positions = graph.index.positions(requested)
        no_part = more["no_part"] = without_part(graph, finder.eligibility, positions)
    if not n_lists:
        more |= why_empty(builder, sources, no_part, named=named)
    return sealed_record(tables, graph, parameters, model, counts=counts, left_out=left_out, **more)


def known_left_out(
    tables: Tables, graph: EcosystemGraph, eligibility: Eligibility
) -> dict[str, int]:
    """Counts of what tables, graph and hard filters leave out for any request."""
    return {
        **{f"rows of {table} set aside": n for table, n in tables.set_aside.items()},
        **graph.tables.left_out,
        **idle_rows(graph),
        **{
            f"answers of kind {kind}, where most are of another": n
            for kind, n in answers_of_other_kinds(graph).items()
        },
        **eligibility.left_out,
    }


def sealed_record(
    tables: Tables,
    graph: EcosystemGraph,
    parameters: dict[str, Any],
    model: dict[str, Any],
    **facts: Any,
) -> dict[str, Any]:
    """The record of a run, with an id that is a digest of its content.

    Parameters
    ----------
    tables : Tables
    graph : EcosystemGraph
    parameters, model : dict
        Plain values: parameters of the request, and facts about the model.
    **facts
        Plain values: `counts` and `left_out`, and further facts of this kind of run.

    Returns
    -------
    dict
    """
    record: dict[str, Any] = {
        "schema": 1,
        "source": folder_name(tables.source),
        "as_of": graph.as_of.isoformat(),
        "parameters": parameters,
        "model": model,
        "ecosystem_graph": version("ecosystem-graph"),
        "inputs": dict(sorted(tables.digests.items())),
        **facts,
    }
    # The id does not depend on the paths of the tables and the model.
    settled = {**record, "source": None, "model": {**model, "name": None}}
    digest = hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()
    return {"run_id": digest[:16], **record}
