"""Requirements of a customer: read from a file, a mapping or a deal."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ecosystem_graph.errors import RequirementError
from ecosystem_graph.files.small_files import json_from, read_text, toml_from
from ecosystem_graph.graph import EcosystemGraph
from ecosystem_graph.signals import GraphFeatures
from ecosystem_graph.signals.features.requirements import Requirements
from ecosystem_graph.tables import canonical_market, did_you_mean
from ecosystem_graph.tables.roles import LEADING, ROLE

#: Bytes of a file with one requirement.
_LIMIT = 1_000_000

#: Partners a team may have, at most.
_LARGEST_TEAM = 1_000

#: Range of the weights of capabilities, both ends included.
_LIGHTEST, _HEAVIEST = 1e-9, 1e9

_FIELDS = ("capabilities", "territory", "industry", "lead", "max_size", "exclude")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A customer's need.

    Attributes
    ----------
    capabilities : dict of str to float
        Weight of each required capability, > 0.
    territory, industry : str or None
        Territory and industry of the customer; unknown if None.
    lead : str or None
        Id or exact name of the partner that looks for collaborators.
    max_size : int or None
        Largest size of a team for it, the lead included, >= 1.
    exclude : tuple of str
        Ids or exact names of partners that may not be proposed.
    """

    capabilities: dict[str, float]
    territory: str | None = None
    industry: str | None = None
    lead: str | None = None
    max_size: int | None = None
    exclude: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        """The requirement as plain values."""
        return {**asdict(self), "exclude": list(self.exclude)}


def read_requirement(path: str | Path) -> Requirement:
    """Read a requirement from a TOML or JSON file.

    ``capabilities`` is a table of weights or a list of ids; ``territory``, ``industry``, ``lead``,
    ``max_size`` and ``exclude`` may be given.

    Raises
    ------
    RequirementError
        If it cannot be read, with all problems found.
    """
    file = Path(path)
    try:
        text = read_text(file, limit=_LIMIT)
        content = json_from(text) if file.suffix.lower() == ".json" else toml_from(text)
    except (OSError, ValueError) as error:
        raise RequirementError(f"{file} is not a requirement that can be read: {error}") from error
    if not isinstance(content, dict):
        raise RequirementError(f"{file} must be a table with `capabilities`. Got {content!r:.80}.")
    return requirement_from(content, str(file))


def requirement_from(content: Mapping[str, Any], source: str = "the requirement") -> Requirement:
    """Requirement from a mapping of its fields.

    Raises
    ------
    RequirementError
        If it is not a requirement, with all problems found.

    Examples
    --------
    >>> requirement_from({"capabilities": ["crm", "iam"], "territory": "UK"})
    Requirement(capabilities={'crm': 1.0, 'iam': 1.0}, territory='GB', industry=None, lead=None, ...
    """
    weights = content.get("capabilities")
    if isinstance(weights, list) and all(map(is_text, weights)):
        weights = dict.fromkeys(weights, 1.0)
    wrong = [
        *_unknown_fields(content),
        *_wrong_capabilities(weights, content.get("capabilities")),
        *_wrong_fields(content),
    ]
    if wrong or not isinstance(weights, dict):
        raise RequirementError("\n".join([f"{source} is not a requirement:", *wrong]))
    territory = content.get("territory")
    return Requirement(
        capabilities={name: float(weight) for name, weight in weights.items()},
        territory=None if territory is None else canonical_market(territory),
        industry=content.get("industry"),
        lead=content.get("lead"),
        max_size=content.get("max_size"),
        exclude=tuple(content.get("exclude", [])),
    )


def _unknown_fields(content: Mapping[str, Any]) -> list[str]:
    return [
        f"unknown field {name!r:.80}.{did_you_mean(str(name)[:80], list(_FIELDS))}"
        for name in content
        if name not in _FIELDS
    ]


def _wrong_capabilities(weights: object, given: object) -> list[str]:
    if not isinstance(weights, dict) or not weights or not all(map(is_text, weights)):
        return [
            f"capabilities must be a list of ids, or ids with weights above 0. Got {given!r:.80}."
        ]
    off = [name for name, weight in weights.items() if not _is_weight(weight)]
    return [
        f"capabilities must have weights above 0, from {_LIGHTEST} to {_HEAVIEST:,.0f}: "
        f"{name!r:.80} has {weights[name]!r:.80}{_more(off)}."
        for name in off[:1]
    ]


def _wrong_fields(content: Mapping[str, Any]) -> list[str]:
    wrong = [
        f"{name} must be text in Unicode. Got {content[name]!r:.80}."
        for name in ("territory", "industry", "lead")
        if not is_text(content.get(name, ""))
    ]
    size = content.get("max_size", 1)
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= _LARGEST_TEAM:
        wrong.append(
            f"max_size must be a whole number between 1 and {_LARGEST_TEAM:,}. Got {size!r:.80}."
        )
    exclude = content.get("exclude", [])
    if not isinstance(exclude, list) or not all(map(is_text, exclude)):
        wrong.append(f"exclude must be a list of partners. Got {exclude!r:.80}.")
    return wrong


def requirement_of_deal(graph: EcosystemGraph, deal_id: str) -> Requirement:
    """The requirement of a deal, as it was known on the graph's day.

    Its lead is the partner with a leading role; its other members are excluded.

    Raises
    ------
    RequirementError
        If there is no such deal, or it has no requirements.
    """
    deal = graph.tables["deals"].filter(pl.col("deal_id") == deal_id)
    if deal.is_empty():
        known = graph.tables["deals"]["deal_id"].to_list()
        raise RequirementError(
            graph.tables.absent.why_no_deal(deal_id)
            or f"no deal {deal_id!r} was known on {graph.as_of}.{did_you_mean(deal_id, known)}"
        )
    rows = graph.tables["deal_requirements"].filter(pl.col("deal_id") == deal_id)
    weights = rows.select("capability_id", pl.col("weight").fill_null(1.0))
    weights = weights.filter(pl.col("weight") > 0)
    if weights.is_empty():
        raise RequirementError(
            f"deal {deal_id!r} has no requirements: add rows to deal_requirements, or describe "
            "them in a file."
        )
    members = graph.tables["deal_partners"].filter(pl.col("deal_id") == deal_id)
    leads = members.filter(ROLE.is_in(LEADING))["partner_id"]
    lead = leads.sort()[0] if len(leads) else None
    others = members["partner_id"].unique().sort().to_list()
    territory, industry = deal.select("territory", "industry").row(0)
    return Requirement(
        capabilities=dict(weights.iter_rows()),
        territory=territory,
        industry=industry,
        lead=lead,
        exclude=tuple(partner for partner in others if partner != lead),
    )


def unknown_capabilities(graph: EcosystemGraph, requirement: Requirement) -> list[str]:
    """Required capabilities that no table of the graph holds."""
    known = set(graph.taxonomy.ids)
    return [name for name in requirement.capabilities if name not in known]


def lead_of(graph: EcosystemGraph, requirement: Requirement) -> NDArray[np.intp]:
    """Position of the lead, shape (1,), of a requirement that partners can be ranked for.

    Raises
    ------
    RequirementError
        If it names no lead, or no capability that a table holds.
    UnknownPartnerError
        If the lead or an excluded partner is not in the graph.
    """
    if requirement.lead is None:
        raise RequirementError(
            "the requirement names no lead: name the leading partner, by `lead` in it or by a role "
            f"({', '.join(LEADING)}) in deal_partners.",
            remedy="lead",
        )
    lead, *_ = graph.index.positions([requirement.lead, *requirement.exclude])
    unknown = unknown_capabilities(graph, requirement)
    if len(unknown) == len(requirement.capabilities):
        known = graph.taxonomy.ids.to_list()
        raise RequirementError(
            "no table holds any of the required capabilities: "
            + ", ".join(f"{name!r}{did_you_mean(name, known)}" for name in unknown)
        )
    return np.array([lead])


def needs_of(features: GraphFeatures, requirement: Requirement) -> Requirements:
    """The requirement as arrays on a graph.

    Raises
    ------
    RequirementError
        If it names no lead, or no capability that a table holds.
    UnknownPartnerError
        If the lead or an excluded partner is not in the graph.
    """
    lead = lead_of(features.graph, requirement)
    weights = requirement.capabilities
    need = {"need_id": ["need"], "territory": [requirement.territory]}
    facts = pl.DataFrame(
        {**need, "industry": [requirement.industry]},
        schema=dict.fromkeys(("need_id", "territory", "industry"), pl.String),
    )
    capabilities = pl.DataFrame(
        {
            "need_id": ["need"] * len(weights),
            "capability_id": list(weights),
            "weight": list(weights.values()),
        }
    )
    return Requirements.of(features, lead, facts, capabilities)


def _more(names: Sequence[str]) -> str:
    return f", and {len(names) - 1:,} more have none either" if len(names) > 1 else ""


def _is_weight(weight: object) -> bool:
    if not isinstance(weight, int | float) or isinstance(weight, bool):
        return False
    return _LIGHTEST <= weight <= _HEAVIEST


def is_text(value: object) -> bool:
    """Whether a value is text that can be written: half of a surrogate pair cannot."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
