"""Teams built one member at a time, and made better by exchanging members."""

import numpy as np

from ecosystem_graph.teams.solving.problem import Places, TeamProblem, Values

#: Candidates looked at together.
_BLOCK = 32

#: Teams at most whose exchanges are looked through for the next best ones.
_AROUND = 8

#: Candidates for each capability that a search begins with in turn.
_BEGINNINGS = 3

#: A gain below this is a rounding error.
_LEAST_GAIN = 1e-9


def greedy_team(problem: TeamProblem, start: Places | None = None) -> Places:
    """Add the candidate that adds most, again and again.

    Lazily: what a candidate would cover only shrinks as the team grows, so its last known gain
    bounds its next one, and those whose bound is below the best gain found are not looked at.
    The answer is that of looking at all; unless the team is to be filled, no candidate joins that
    covers nothing more. For coverage alone, candidates unbarred, it is at
    least 1 - 1/e of the best there is.

    Parameters
    ----------
    problem : TeamProblem
    start : ndarray of shape (n_first,), optional
        Members to begin with; the first of the problem unless given.

    Returns
    -------
    ndarray of shape (n_members,)
        Places in the order in which they joined, the lead first.

    References
    ----------
    Minoux, M. (1978). Accelerated greedy algorithms for maximizing submodular set functions.
    Optimization Techniques. doi:10.1007/BFb0006528. Guarantee: Nemhauser, Wolsey, Fisher (1978),
    doi:10.1007/BF01588971.
    """
    team = problem.first if start is None else start
    held = problem.value[team].max(axis=0, initial=0.0)
    covers = np.maximum(problem.value - held, 0.0).sum(axis=1)
    while len(team) < problem.max_size:
        bound = covers + problem.merit + problem.bond_limit * len(team)
        if not problem.filled:
            bound[(covers <= 0) | (bound <= _LEAST_GAIN)] = -np.inf  # never worth a look
        place, gain = best_addition(problem, team, bound, covers)
        if place < 0 or (gain <= _LEAST_GAIN and not problem.filled):
            break
        team = np.append(team, place)
    return team


def best_addition(
    problem: TeamProblem, team: Places, bound: Values, covers: Values
) -> tuple[int, float]:
    """Who adds most, the first among equals, and how much; -1 if nobody may join.

    Unless the team is to be filled, only those count that cover something more.

    Parameters
    ----------
    problem : TeamProblem
    team : ndarray of shape (n_members,)
    bound : ndarray of shape (n_candidates,)
        What nobody's gain exceeds; -inf for those that do not count.
    covers : ndarray of shape (n_candidates,)
        What each would cover at most; what is learnt of it on the way is put in.

    Returns
    -------
    tuple of (int, float)
    """
    order = np.argsort(-bound, kind="stable")
    order = order[bound[order] > -np.inf]
    best, place = -np.inf, -1
    for start in range(0, len(order), _BLOCK):
        block = order[start : start + _BLOCK]
        if bound[block[0]] < best:
            break
        gains, covers[block] = problem.additions(team, block)
        if not problem.filled:
            gains[covers[block] <= 0] = -np.inf
        top = float(gains.max())
        if top > best or (top == best > -np.inf):
            first = int(block[gains == top].min())
            best, place = top, first if top > best else min(first, place)
    return place, best


def searched(problem: TeamProblem) -> list[Places]:
    """Good teams, the best first: greedy and exchanged from several beginnings.

    Where some bar others, the first choice decides what is left. So the search begins with
    no candidate chosen, and with each of the three best for each capability.

    Parameters
    ----------
    problem : TeamProblem
        Of a few candidates.

    Returns
    -------
    list of ndarray
        Different teams, places ascending; by points, then by places.
    """
    found: dict[tuple[int, ...], float] = {}
    beginnings = [problem.first]
    for column in range(problem.value.shape[1]):
        best = np.flatnonzero(problem.rank[:, column] < _BEGINNINGS)
        beginnings += [
            np.append(problem.first, place) for place in best if place not in problem.first
        ]
    for start in beginnings:
        if problem.permits(start):
            team = exchanged(problem, greedy_team(problem, start))
            found[_key(team)] = problem.points(team)
    return _by_points(found)


def next_best(problem: TeamProblem, teams: list[Places], n: int) -> list[Places]:
    """The best teams around some, which come first where they are.

    Parameters
    ----------
    problem : TeamProblem
        Of a few candidates.
    teams : list of ndarray
        Teams to look around, the best first.
    n : int
        Teams wanted, >= 0.

    Returns
    -------
    list of ndarray
        Different teams, places ascending, by points; none of them is the first of `teams`.
    """
    found = {_key(team): problem.points(team) for team in teams}
    for team in teams[:_AROUND]:
        found |= {_key(other): points for other, points in exchanges(problem, team, n)}
    del found[_key(teams[0])]
    return _by_points(found)[:n]


def _key(team: Places) -> tuple[int, ...]:
    return tuple(sorted(team.tolist()))


def _by_points(found: dict[tuple[int, ...], float]) -> list[Places]:
    ranked = sorted(found, key=lambda places: (-found[places], places))
    return [np.array(places, dtype=np.intp) for places in ranked]


def exchanged(problem: TeamProblem, team: Places) -> Places:
    """The team after every exchange that pays: one member out, one in, or one for another.

    Each time the one that pays most is made, until none does.

    Parameters
    ----------
    problem : TeamProblem
    team : ndarray of shape (n_members,)
        A team the problem permits.

    Returns
    -------
    ndarray of shape (n_members,)
        A team the problem permits, with no fewer points.
    """
    points = problem.points(team)
    while True:
        changed, reached = next(iter(exchanges(problem, team, 1)), (team, points))
        if not reached > points + _LEAST_GAIN:  # nor for what is no number
            return team
        points, team = reached, changed


def exchanges(problem: TeamProblem, team: Places, n: int) -> list[tuple[Places, float]]:
    """The best teams that are one exchange away from a team.

    Parameters
    ----------
    problem : TeamProblem
        Of a few candidates.
    team : ndarray of shape (n_members,)
    n : int
        Teams wanted for each member that goes, and for nobody going.

    Returns
    -------
    list of (ndarray, float)
        Teams the problem permits and their points, the best first.
    """
    everybody = np.arange(len(problem))
    moves = []
    for out in [-1, *team[~np.isin(team, problem.first)].tolist()]:
        rest = team[team != out]
        start = problem.points(rest)
        if out >= 0 and not problem.filled:
            moves.append((rest, start))
        if len(rest) == problem.max_size:
            continue
        gains, _ = problem.additions(rest, everybody)
        if out >= 0:
            gains[out] = -np.inf
        best = np.argsort(-gains, kind="stable")[:n]
        moves += [
            (np.append(rest, one), start + gains[one]) for one in best if gains[one] > -np.inf
        ]
    return sorted(moves, key=lambda move: -move[1])
