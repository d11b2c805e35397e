"""Requests: the partners that get lists, the filters of candidates, and reranking."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from functools import cached_property
from typing import Any, Self

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from ecosystem_graph.arguments import (
    LONGEST_LIST,
    check_kind,
    check_real,
    check_whole,
    checked_texts,
)
from ecosystem_graph.errors import RequirementError
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.lists.builder import PairMask
from ecosystem_graph.lists.reranking import PLAIN, Reranking
from ecosystem_graph.recommending.requests.changed import changed_since
from ecosystem_graph.recommending.requests.filters import FILTERED_COLUMNS, open_to
from ecosystem_graph.recommending.requests.requirement import (
    Requirement,
    lead_of,
    requirement_of_deal,
    unknown_capabilities,
)
from ecosystem_graph.tables import Tables, did_you_mean

#: A hard filter of the caller: ids of partners and of collaborators -> which pairs may be proposed.
PairRule = Callable[[pl.Series, pl.Series], ArrayLike]


@dataclass(frozen=True, kw_only=True)
class Request:
    """Everything that decides which lists are made, and how, in one value.

    Attributes
    ----------
    k : int, default 10
        Length of a list, 1 to 10,000.
    partners : sequence of str or None
        Ids or exact names of the partners that get a list; None for all.
    changed_since : datetime.date or None
        Lists for partners with a dated event from this day on, and their collaborators
        (:func:`~ecosystem_graph.recommending.requests.changed.changed_since`), instead of
        `partners`.
    territories, types, tiers, countries : sequence of str
        Only collaborators in one of these territories, of one of these types and tiers, and from
        one of these countries are proposed; empty for all.
    candidates : sequence of str or None
        Ids or exact names of the only partners that may be proposed; None for all.
    exclude : sequence of str
        Ids or exact names of partners that are not proposed.
    pair_rule : callable or None
        A hard filter of your own: given two polars Series of ids, of partners and of collaborators,
        it returns for each pair whether it may be proposed.
    include_known : bool, default False
        Whether partners that have won together may be proposed to each other again.
    max_competition : float or None
        Partners that compete in more of their business than this, 0..1, are not proposed.
    uplift_weight : float or None
        Log-odds of a score per log-odds of winning that an introduction is expected to add, 0 to
        1,000; None for that of the model, 0 to rank by the likelihood of a joint win alone.
    reranking : Reranking
        Capacities, and what reorders lists.
    deal : str or None
        One list: partners that could join the lead of this deal, by its requirements.
    requirement : Requirement or None
        The same for a requirement that is not a deal.

    Raises
    ------
    TypeError
        If a value is of the wrong type.
    ValueError
        If a value is out of its range, or partners are named in two ways.

    Examples
    --------
    >>> request = Request(k=5, countries=["DE"], exclude=["p-7"])
    >>> request.k, request.include_known
    (5, False)
    """

    k: int = 10
    partners: Sequence[str] | None = None
    changed_since: date | None = None
    territories: Sequence[str] = ()
    types: Sequence[str] = ()
    tiers: Sequence[str] = ()
    countries: Sequence[str] = ()
    candidates: Sequence[str] | None = None
    exclude: Sequence[str] = ()
    pair_rule: PairRule | None = None
    include_known: bool = False
    max_competition: float | None = None
    uplift_weight: float | None = None
    reranking: Reranking = PLAIN
    deal: str | None = None
    requirement: Requirement | None = None

    @classmethod
    def of(cls, **options: Any) -> Self:
        """Request from its fields and those of :class:`Reranking`, side by side.

        Raises
        ------
        TypeError
            If an option is unknown.

        Examples
        --------
        >>> Request.of(k=3, diverse=True).reranking.diverse
        True
        >>> Request.of(teritories=["DE"])
        Traceback (most recent call last):
        TypeError: unknown option 'teritories'. Did you mean 'territories'?
        """
        of_lists = {field.name for field in fields(Reranking)}
        known = [field.name for field in fields(cls)]
        for name in options:
            if name not in of_lists and name not in known:
                hint = did_you_mean(name, [*known, *sorted(of_lists)])
                raise TypeError(f"unknown option {name!r}.{hint}")
        reranking = {name: value for name, value in options.items() if name in of_lists}
        own = {name: value for name, value in options.items() if name not in of_lists}
        if reranking:
            own["reranking"] = replace(own.get("reranking", PLAIN), **reranking)
        return cls(**own)

    def __post_init__(self) -> None:
        check_whole("k", self.k, 1, LONGEST_LIST)
        if self.uplift_weight is not None:
            check_real("uplift_weight", self.uplift_weight, 0.0, 1_000.0)
        check_kind("reranking", self.reranking, Reranking, "a Reranking")
        for names, what in (
            (("partners", "candidates", "exclude"), "ids or names"),
            (("territories", *FILTERED_COLUMNS), "texts"),
        ):
            for name in names:
                if (given := getattr(self, name)) is not None:
                    object.__setattr__(self, name, tuple(checked_texts(name, given, what)))
        if self.requirement is not None:
            check_kind("requirement", self.requirement, Requirement, "a Requirement")
        if self.pair_rule is not None and not callable(self.pair_rule):
            raise TypeError(f"pair_rule must be callable. Got {type(self.pair_rule).__name__}.")
        self._check_together()

    def _check_together(self) -> None:
        if self.deal is not None and self.requirement is not None:
            raise ValueError("deal and requirement exclude each other: give one of them.")
        named = [self.partners, self.deal, self.requirement]
        if self.changed_since is not None and any(one is not None for one in named):
            raise ValueError(
                "changed_since chooses the partners that get a list: it cannot be combined with "
                f"partners, a deal or a requirement. Got {self.changed_since} with one of them."
            )

    @property
    def for_requirement(self) -> bool:
        """Whether the request is for one list for a customer's requirement."""
        return self.deal is not None or self.requirement is not None

    def on(self, graph: EcosystemGraph, tables: Tables | None = None) -> "ResolvedRequest":
        """The request with all names resolved on a graph.

        Parameters
        ----------
        graph : EcosystemGraph
        tables : Tables, optional
            Tables the graph was made from; required by `changed_since`.

        Raises
        ------
        HistoryError
            If nothing to rank by is known before the graph's day.
        UnknownPartnerError
            If a named partner is not in the graph.
        UnknownValueError
            If no partner has a named territory, type, tier or country.
        RequirementError
            If there is no such deal, or no partner can serve the requirement.
        ValueError
            If a list for one requirement is to be reordered.
        """
        if self.for_requirement and (options := self.reranking.requested()):
            raise ValueError(
                f"a list for one requirement is not reordered. Got {', '.join(options)} with it."
            )
        partners = self.partners
        chosen = None if partners is None else graph.index.positions(partners)
        if self.changed_since is not None:
            if tables is None:
                raise ValueError("changed_since needs the tables the graph was made from.")
            chosen = changed_since(graph, tables, self.changed_since)
        allowed = open_to(graph, self)
        requirement = self.requirement
        if self.deal is not None:
            requirement = requirement_of_deal(graph, self.deal)
        if requirement is not None:
            requirement = _led(requirement, graph, chosen)
            chosen = lead_of(graph, requirement)
        return ResolvedRequest(self, graph, chosen, allowed, requirement)


@dataclass(frozen=True, eq=False)
class ResolvedRequest:
    """A request with all names resolved on a graph.

    Attributes
    ----------
    request : Request
    graph : EcosystemGraph
    chosen : ndarray of shape (n_chosen,) or None
        Positions of the partners that get a list; None for all.
    open_to : ndarray of bool, shape (n_partners,), or None
        Partners that may be proposed; None for all that are eligible.
    requirement : Requirement or None
        Requirement to rank for, with its lead.
    """

    request: Request
    graph: EcosystemGraph
    chosen: NDArray[np.intp] | None
    open_to: NDArray[np.bool_] | None
    requirement: Requirement | None

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """Positions of the partners that get a list, in order, without duplicates."""
        return np.arange(self.graph.n_partners) if self.chosen is None else np.unique(self.chosen)

    @cached_property
    def pair_mask(self) -> PairMask | None:
        """Mask of pairs by `pair_rule` and the exclusions of the requirement; None without both."""
        rule, excluded = self.request.pair_rule, np.array([], dtype=np.intp)
        if self.requirement is not None:
            excluded = self.graph.index.positions(self.requirement.exclude)
        if rule is None and not len(excluded):
            return None
        labels = self.graph.index.labels

        def mask(sources: NDArray[np.intp], targets: NDArray[np.intp]) -> NDArray[np.bool_]:
            allowed: NDArray[np.bool_] = ~np.isin(targets, excluded)
            if rule is not None:
                allowed &= _answer_of(rule, labels(sources), labels(targets))
            return allowed

        return mask

    def parameters(self) -> dict[str, Any]:
        """The request as plain values."""
        request, requirement = self.request, self.requirement
        rule = request.pair_rule
        since = request.changed_since
        ids = self.graph.index.ids
        return {
            "k": request.k,
            "partners": None if self.chosen is None else ids[self.positions].tolist(),
            "changed_since": None if since is None else since.isoformat(),
            "territories": sorted(request.territories),
            **{name: sorted(getattr(request, name)) for name in FILTERED_COLUMNS},
            "candidates": None if request.candidates is None else sorted(request.candidates),
            "exclude": sorted(request.exclude),
            "pair_rule": None if rule is None else getattr(rule, "__qualname__", repr(type(rule))),
            "include_known": request.include_known,
            "max_competition": request.max_competition,
            **({} if request.uplift_weight is None else {"uplift_weight": request.uplift_weight}),
            **asdict(request.reranking),
            "deal": request.deal,
            "requirement": None if requirement is None else requirement.as_dict(),
            "ignored_roles": list(self.graph.tables.ignored_roles),
        }

    def unserved(self) -> dict[str, int]:
        """Number of required capabilities that no table of the graph holds, if there are any."""
        if self.requirement is None:
            return {}
        unknown = len(unknown_capabilities(self.graph, self.requirement))
        return {"capabilities asked for that nobody has heard of": unknown} if unknown else {}


def _answer_of(rule: PairRule, partners: pl.Series, collaborators: pl.Series) -> NDArray[np.bool_]:
    """The mask that a pair rule of the caller returns for each pair.

    Raises
    ------
    ValueError
        If it does not return one boolean for each pair.
    """
    answer = np.asarray(rule(partners, collaborators))
    if answer.dtype != np.bool_ or answer.shape != (len(partners),):
        raise ValueError(
            f"pair_rule must return {len(partners):,} booleans, one per pair. Got {answer.dtype} "
            f"of shape {answer.shape}."
        )
    return answer


def _led(
    requirement: Requirement, graph: EcosystemGraph, chosen: NDArray[np.intp] | None
) -> Requirement:
    """The requirement with the requested partner as its lead, if there is one."""
    if chosen is None:
        return requirement
    if len(chosen) > 1:
        raise RequirementError(
            f"a requirement has one lead. Got {len(chosen)} partners: name one of them."
        )
    return replace(requirement, lead=str(graph.index.ids[chosen[0]]))
