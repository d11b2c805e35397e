"""Trust through others: personalised PageRank along tie strengths."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.csr import csr_arrays
from ecosystem_graph.arrays.jit import compiled

#: Probability that a walk ends at each step; short walks stay among partners close by.
RESTART = 0.3

#: Steps of a walk at most: unless walks seldom end, the mass left then is below 1e-15.
_MOST_STEPS = 100

#: Residual, per unit of tie strength, below which a walk is not followed further.
EPSILON = 1e-3


def propagated_trust(
    ties: csr_array,
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
    *,
    restart: float = RESTART,
    epsilon: float = EPSILON,
) -> NDArray[np.float64]:
    """Probability that a walk from one partner along its ties ends at the other.

    Personalised PageRank on the tie strengths, by forward push. The result is never too high, and
    too low by at most ``epsilon`` times the total tie strength of the target.

    Parameters
    ----------
    ties : csr_array of shape (n_partners, n_partners)
        Tie strengths, symmetric, >= 0, zero diagonal.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs. Fastest where equal sources stand together.
    restart : float, default 0.3
        Probability that the walk ends at each step, above 0 and below 1.
    epsilon : float, default 1e-3
        Accuracy, > 0; the cost per source is at most ``1 / (restart * epsilon)`` steps whatever
        the size of the graph, and a walk is followed for 100 at most.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; over all targets they sum to at most 1.

    References
    ----------
    Andersen, R., Chung, F., Lang, K. (2006). Local graph partitioning using PageRank vectors.
    FOCS. doi:10.1109/FOCS.2006.44

    Examples
    --------
    >>> pair = csr_array([[0.0, 1.0], [1.0, 0.0]])
    >>> propagated_trust(pair, np.array([0]), np.array([1]), epsilon=1e-9).round(4)
    array([0.4118])
    """
    if not 0 < restart < 1:
        raise ValueError(f"restart must be above 0 and below 1. Got {restart!r}.")
    if not epsilon > 0:
        raise ValueError(f"epsilon must be positive. Got {epsilon!r}.")
    out = np.empty(len(sources))
    strength = np.asarray(ties.sum(axis=1), dtype=np.float64).ravel()
    _forward_push(csr_arrays(ties), strength, sources, targets, restart, epsilon, out)
    return out


@compiled
def _forward_push(  # type: ignore[no-untyped-def]
    ties, strength, sources, targets, restart, epsilon, out
):
    n = len(strength)
    rest, residual = np.zeros(n), np.zeros(n)
    seen, waiting = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    reached, now, then = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    mass = np.empty(n)
    n_reached, held = 0, -1
    for pair in range(len(sources)):
        source = sources[pair]
        if source != held:
            for i in range(n_reached):
                rest[reached[i]] = residual[reached[i]] = 0.0
                seen[reached[i]] = waiting[reached[i]] = False
            reached[0], n_reached, seen[source] = source, 1, True
            now[0], n_now, residual[source] = source, 1, 1.0
            # All waiting nodes are pushed at once: the result does not depend on their order.
            for _ in range(_MOST_STEPS):
                if n_now == 0:
                    break
                for i in range(n_now):
                    mass[i], residual[now[i]], waiting[now[i]] = residual[now[i]], 0.0, False
                n_then = 0
                for i in range(n_now):
                    node = now[i]
                    if strength[node] == 0.0:
                        rest[node] += mass[i]
                        continue
                    rest[node] += restart * mass[i]
                    onward = (1.0 - restart) * mass[i]
                    for j in range(ties.pointers[node], ties.pointers[node + 1]):
                        other = ties.columns[j]
                        if not seen[other]:
                            seen[other] = True
                            reached[n_reached] = other
                            n_reached += 1
                        residual[other] += onward * (ties.values[j] / strength[node])
                        if not waiting[other] and residual[other] > epsilon * strength[other]:
                            waiting[other] = True
                            then[n_then] = other
                            n_then += 1
                now, then, n_now = then, now, n_then
            held = source
        # At least this share of the residual at the target ends there.
        out[pair] = rest[targets[pair]] + restart * residual[targets[pair]]
