"""What a batch job is asked, found on the graph it is asked on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.arguments import LONGEST_LIST, check_whole, checked_partners
from ecosystem_graph.errors import RequirementError, UnknownValueError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.reranking import PLAIN, Reranking
from ecosystem_graph.recommending.absence import require_facts
from ecosystem_graph.recommending.changed import changed_since
from ecosystem_graph.recommending.requirement import (
    Requirement,
    lead_of,
    requirement_of_deal,
    unheard_of,
)
from ecosystem_graph.tables import Tables, canonical_market, did_you_mean


@dataclass(frozen=True)
class Question:
    """Whom to make lists for, of whom, and in which order.

    Attributes
    ----------
    k : int
    partners : sequence of str or None
    changed_since : datetime.date or None
    territories, types : sequence of str
    include_known : bool
    max_competition : float or None
    wishes : Reranking
    deal : str or None
    requirement : Requirement or None
    seed : int
        All as :func:`~ecosystem_graph.jobs.recommend_job.run` takes them.

    Raises
    ------
    ValueError
        If one list for one need is to be reordered, or partners are named in two ways.
    """

    k: int = 10
    partners: Sequence[str] | None = None
    changed_since: date | None = None
    territories: Sequence[str] = ()
    types: Sequence[str] = ()
    include_known: bool = False
    max_competition: float | None = None
    wishes: Reranking = PLAIN
    deal: str | None = None
    requirement: Requirement | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        check_whole("k", self.k, 1, LONGEST_LIST)
        if self.partners is not None:
            checked_partners(self.partners)
        if self.wishes.asked() and (self.deal is not None or self.requirement is not None):
            asked = ", ".join(self.wishes.asked())
            raise ValueError(f"one list for one need is not reordered. Got {asked} with it.")
        named = [self.partners, self.deal, self.requirement]
        if self.changed_since is not None and any(one is not None for one in named):
            raise ValueError(
                "changed_since says whom to make lists for: not with partners, a deal or a "
                f"requirement. Got {self.changed_since} with one of them."
            )


@dataclass(frozen=True, eq=False)
class Asked:
    """A question with everything it names found on a graph.

    Attributes
    ----------
    question : Question
    graph : EcosystemGraph
    chosen : ndarray of shape (n_asked,) or None
        Positions of the partners to make lists for; None for everybody.
    open_to : ndarray of bool, shape (n_partners,), or None
        Who may be proposed; None for everybody eligible.
    need : Requirement or None
        What to rank for, with its lead.
    """

    question: Question
    graph: EcosystemGraph
    chosen: NDArray[np.intp] | None
    open_to: NDArray[np.bool_] | None
    need: Requirement | None

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """Of the partners to make lists for, in order, each once."""
        return np.arange(self.graph.n_partners) if self.chosen is None else np.unique(self.chosen)

    def parameters(self) -> dict[str, Any]:
        """The question as plain values."""
        asked, need = self.question, self.need
        return {
            "k": asked.k,
            "partners": (
                None if self.chosen is None else self.graph.index.ids[self.positions].tolist()
            ),
            "changed_since": (
                None if asked.changed_since is None else asked.changed_since.isoformat()
            ),
            "territories": sorted(asked.territories),
            "types": sorted(asked.types),
            "include_known": asked.include_known,
            "max_competition": asked.max_competition,
            **asdict(asked.wishes),
            "deal": asked.deal,
            "requirement": None if need is None else need.as_dict(),
            "ignored_roles": list(self.graph.tables.ignored_roles),
            "seed": asked.seed,
        }

    def unserved(self) -> dict[str, int]:
        """What is asked for in vain, counted."""
        unheard = 0 if self.need is None else len(unheard_of(self.graph, self.need))
        return {"capabilities asked for that nobody has heard of": unheard} if unheard else {}


def asked_on(graph: EcosystemGraph, tables: Tables, question: Question) -> Asked:
    """Find what a question names on a graph, read from tables.

    Raises
    ------
    HistoryError
        If nothing is known yet to rank by.
    UnknownPartnerError
        If a partner asked for is not there.
    UnknownValueError
        If nobody has a territory or type.
    RequirementError
        If there is no such deal, or the requirement cannot be served by anybody.
    """
    partners = question.partners
    chosen = None if partners is None else graph.index.positions(partners)
    if question.changed_since is not None:
        chosen = changed_since(graph, tables, question.changed_since)
    open_to = _open_to(graph, question.territories, question.types)
    need = question.requirement
    if question.deal is not None:
        need = requirement_of_deal(graph, question.deal)
    if need is not None:
        need = _led(need, graph, chosen)
        chosen = lead_of(graph, need)
    require_facts(graph)
    return Asked(question, graph, chosen, open_to, need)


def _led(need: Requirement, graph: EcosystemGraph, chosen: NDArray[np.intp] | None) -> Requirement:
    """The need with the one partner asked for as its lead, if one was."""
    if chosen is None:
        return need
    if len(chosen) > 1:
        raise RequirementError(
            f"a requirement has one lead; {len(chosen)} partners were asked for. Name one."
        )
    return replace(need, lead=str(graph.index.ids[chosen[0]]))


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
            raise UnknownValueError(
                f"no partner has the {what} {word!r}.{did_you_mean(word, list(there))}"
            )
