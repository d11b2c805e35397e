"""A team: members with roles and reasons, uncovered capabilities, and alternatives."""

from dataclasses import asdict, dataclass
from typing import Any

from ecosystem_graph.printing import Printed
from ecosystem_graph.recommending.requests.requirement import Requirement


@dataclass(frozen=True, slots=True)
class Substitute:
    """The best replacement of a member, and the points the team would lose."""

    partner_id: str
    name: str
    covers: tuple[str, ...]
    costs: float


@dataclass(frozen=True, slots=True)
class Member:
    """One partner of a team.

    Attributes
    ----------
    partner_id, name : str
    role : str
        `lead`, `owner` or `support`.
    covers : tuple of str
        Required capabilities that it owns.
    supports : tuple of str
        Required capabilities that it holds too, and another member owns.
    strength : dict of str to float
        How strongly it holds each of both, in the territory, 0..1.
    likelihood : float or None
        Its log-odds of joining less those of the likeliest partner, <= 0; None for the lead.
    trust, trust_n : float or None
        Mean trust between it and the others, 0..1, and the outcomes behind that per pair; None
        for a team of one or where no pair has a record.
    competition : float or None
        Mean competition with the others, 0..1.
    satisfaction : float or None
        Of its customers, 0..1; None where the tables hold no responses.
    satisfaction_n : int or None
        Answers behind it.
    flags : tuple of str
        `thin_evidence`: it owns a capability that it holds with less than 1/4; `elsewhere`: it has
        no business in the territory on record; `offerings_unknown`: what it sells is not.
    substitute : Substitute or None
        None for the lead, or where no partner could replace it.
    """

    partner_id: str
    name: str
    role: str
    covers: tuple[str, ...]
    supports: tuple[str, ...]
    strength: dict[str, float]
    likelihood: float | None
    trust: float | None
    trust_n: float | None
    competition: float | None
    satisfaction: float | None
    satisfaction_n: int | None
    flags: tuple[str, ...]
    substitute: Substitute | None


@dataclass(frozen=True, slots=True)
class Nearest:
    """A partner that comes nearest to owning what is missing.

    Attributes
    ----------
    partner_id, name : str
    holds : str
        What it holds: the capability, or the one nearest to it.
    strength : float
        How strongly, 0..1.
    why_not : str or None
        Why it is not in the team; None if it is.
    """

    partner_id: str
    name: str
    holds: str
    strength: float
    why_not: str | None


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A required capability that no member owns.

    Attributes
    ----------
    capability_id : str
    why : str
    nearest : Nearest or None
        The partner nearest to owning it, if there is one.
    """

    capability_id: str
    why: str
    nearest: Nearest | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another team: its members with what they own, and its objective."""

    team: tuple[dict[str, Any], ...]
    objective: float


@dataclass(frozen=True, slots=True)
class Team(Printed):
    """The answer to a requirement.

    Attributes
    ----------
    as_of : str
    requirement : Requirement
    team : tuple of Member
        The lead first, then owners of most, then the others; by id among equals.
    uncovered : tuple of Uncovered
    objective : float
        Points, the sum of `terms`; see :class:`TeamWeights`.
    terms : dict of str to float
    gap : float or None
        Share of the optimum that the objective may fall short of, 0..1, among the
        `n_compared` candidates the exact stage saw; None where it did not run.
    n_candidates, n_compared : int
        Partners that could be in, and those among which the team is the best found. Where they
        are equal, `gap` is against everybody.
    alternatives : tuple of Alternative
    capability_names : dict of str to str
        Names of the capabilities in it that are in the tables, by id.
    """

    as_of: str
    requirement: Requirement
    team: tuple[Member, ...]
    uncovered: tuple[Uncovered, ...]
    objective: float
    terms: dict[str, float]
    gap: float | None
    n_candidates: int
    n_compared: int
    alternatives: tuple[Alternative, ...]
    capability_names: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {"schema": 1, **asdict(self)}
