"""The best team among a few candidates, or proof of how far off a team may be."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from ecosystem_graph.teams.solving.problem import Places, TeamProblem, Values

#: What the solver calls done: a proven optimum.
_OPTIMAL = 0


@dataclass(frozen=True, eq=False, slots=True)
class ExactTeam:
    """A team with proof.

    Attributes
    ----------
    team : ndarray of shape (n_members,)
        Places, ascending.
    points : float
    bound : float
        No team of the problem has more points; equal to `points` where it is proven the best.
    """

    team: Places
    points: float
    bound: float


def exact_team(
    problem: TeamProblem, *, seconds: float, other_than: tuple[Places, ...] = ()
) -> ExactTeam | None:
    """The best team by mixed-integer programming (HiGHS).

    Binary y[v] for members and x[v, c] for owners; z[u, v] stands for the product y[u] y[v] of
    each pair that has a bond, made linear. Who owns a capability is who is best at it in the
    team (closest assignment).

    Parameters
    ----------
    problem : TeamProblem
        Of up to a few hundred candidates, with the bonds of all pairs at hand.
    seconds : float
        Time allowed, > 0.
    other_than : tuple of ndarray
        Teams that do not count.

    Returns
    -------
    ExactTeam or None
        None if there is no such team, or none was found in time.

    References
    ----------
    Huangfu, Q., Hall, J. A. J. (2018). Parallelizing the dual revised simplex method.
    Mathematical Programming Computation 10. doi:10.1007/s12532-017-0130-5. Closest assignment:
    Wagner, J. L., Falkson, L. M. (1975). The optimal nodal location of public facilities with
    price-sensitive demand. Geographical Analysis 7. Products made linear: Fortet, R. (1960).
    """
    if not len(problem):
        return ExactTeam(problem.first, 0.0, 0.0)
    model = _Model(problem)
    found = milp(
        -model.worth,
        constraints=model.constraints(other_than),
        bounds=Bounds(model.low, 1.0),
        integrality=model.integral,
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    if found.x is None:
        return None
    team = np.flatnonzero(found.x[: len(problem)] > 0.5)
    points = problem.points(team)
    bound = points if found.status == _OPTIMAL else max(points, -float(found.mip_dual_bound))
    return ExactTeam(team, points, bound)


class _Model:
    """Columns y, x, z and the rows that bind them."""

    def __init__(self, problem: TeamProblem) -> None:
        self.problem = problem
        n = len(problem)
        self.owner, self.owned = np.nonzero(problem.value > 0)
        left, right = np.triu_indices(n, 1)
        bond, barred = problem.pairs(left, right)
        self.barred = left[barred], right[barred]
        tied = (bond != 0) & ~barred
        self.left, self.right, self.bond = left[tied], right[tied], bond[tied]
        merit = np.where(np.arange(n) == problem.lead, 0.0, problem.merit)
        own = problem.value[self.owner, self.owned]
        self.worth = np.concatenate([merit, own, self.bond])
        self.integral = np.concatenate([np.ones(n + len(own)), np.zeros(len(self.bond))])
        self.low = np.zeros(len(self.worth))
        self.low[problem.first] = 1.0

    def constraints(self, other_than: tuple[Places, ...]) -> list[LinearConstraint]:
        """Every constraint there is."""
        parts = [self._size(), *self._owning(), *self._pairing()]
        parts += [self._not_again(team) for team in other_than]
        rows = vstack([matrix for matrix, _, _ in parts], format="csr")
        low, high = (np.concatenate([part[side] for part in parts]) for side in (1, 2))
        return [LinearConstraint(rows, low, high)]

    def _rows(
        self, entries: list[tuple[Places, Places, float]], n: int, low: float, high: float
    ) -> tuple[csr_array, Values, Values]:
        """Constraints from (row, column, coefficient) triples."""
        rows = np.concatenate([row for row, _, _ in entries])
        columns = np.concatenate([column for _, column, _ in entries])
        values = np.concatenate([np.full(len(row), value) for row, _, value in entries])
        matrix = csr_array((values, (rows, columns)), shape=(n, len(self.worth)))
        return matrix, np.full(n, low), np.full(n, high)

    def _size(self) -> tuple[csr_array, Values, Values]:
        problem, members = self.problem, np.arange(len(self.problem))
        fewest = min(problem.max_size, len(problem)) if problem.filled else 0
        return self._rows([(np.zeros_like(members), members, 1.0)], 1, fewest, problem.max_size)

    def _owning(self) -> list[tuple[csr_array, Values, Values]]:
        """One owner each, who is in the team, and nobody in it is better; nobody is idle."""
        problem, n = self.problem, len(self.problem)
        each = np.arange(len(self.owner))
        x = n + each
        rank = problem.rank[self.owner, self.owned]
        same = self.owned[:, None] == self.owned[None, :]
        entry, better = np.nonzero(same & (rank[None, :] <= rank[:, None]))
        rows = [
            self._rows([(self.owned, x, 1.0)], problem.value.shape[1], 0, 1),
            self._rows([(each, x, 1.0), (each, self.owner, -1.0)], len(each), -1, 0),
            self._rows([(entry, n + better, 1.0), (each, self.owner, -1.0)], len(each), 0, 1),
        ]
        if not problem.filled:
            idle = np.flatnonzero(np.arange(n) != problem.lead)
            line = np.full(n, -1)
            line[idle] = np.arange(len(idle))
            owning = line[self.owner] >= 0
            rows.append(
                self._rows(
                    [(line[self.owner[owning]], x[owning], 1.0), (line[idle], idle, -1.0)],
                    len(idle),
                    0,
                    np.inf,
                )
            )
        return rows

    def _pairing(self) -> list[tuple[csr_array, Values, Values]]:
        """Barred pairs apart; z is 1 where both are in."""
        n = len(self.problem)
        bars = np.arange(len(self.barred[0]))
        rows = [self._rows([(bars, side, 1.0) for side in self.barred], len(bars), 0, 1)]
        each = np.arange(len(self.bond))
        z = n + len(self.owner) + each
        good, bad = self.bond > 0, self.bond < 0
        member = np.arange(n)
        # A member is in at most max_size - 1 pairs: that binds tighter than pair by pair.
        most = float(self.problem.max_size - 1)
        pairs = [(side[good], z[good], 1.0) for side in (self.left, self.right)]
        rows.append(self._rows([*pairs, (member, member, -most)], n, -np.inf, 0))
        both = np.flatnonzero(bad)
        line = np.arange(len(both))
        rows.append(
            self._rows(
                [
                    (line, z[both], 1.0),
                    (line, self.left[both], -1.0),
                    (line, self.right[both], -1.0),
                ],
                len(both),
                -1,
                np.inf,
            )
        )
        return rows

    def _not_again(self, team: Places) -> tuple[csr_array, Values, Values]:
        """Another team than one: somebody of it is missing, or somebody else is in."""
        inside = np.isin(np.arange(len(self.problem)), team)
        line = np.zeros(len(self.problem), dtype=np.intp)
        matrix, low, high = self._rows(
            [
                (line[inside], np.flatnonzero(inside), -1.0),
                (line[~inside], np.flatnonzero(~inside), 1.0),
            ],
            1,
            1.0 - len(team),
            np.inf,
        )
        return matrix, low, high
