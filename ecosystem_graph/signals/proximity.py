"""Proximity of two partners: shared territories and types, and how these win together."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from ecosystem_graph.arrays.pair_kernels import bilinear, row_dot

#: Joint-win weight added to what was seen and what was expected before their ratio is taken.
_LIFT_PRIOR = 5.0


def lift_between(groups: csr_array, ties: csr_array) -> NDArray[np.float64]:
    """Joint wins of each two groups against chance: the log of a ratio.

    ``log((seen + 5) / (expected + 5))``, where seen is the tie strength between the groups and
    expected is that of random mixing with the same totals; the 5 shrinks pairs of groups with
    little history towards 0.

    Parameters
    ----------
    groups : csr_array of shape (n_partners, n_groups)
        Membership, >= 0: territories by share, or types.
    ties : csr_array of shape (n_partners, n_partners)
        Tie strengths, symmetric.

    Returns
    -------
    ndarray of shape (n_groups, n_groups)
        Natural log of a ratio, symmetric; > 0 for groups that win together more than by chance.

    References
    ----------
    Pointwise mutual information: Church, K. W., Hanks, P. (1990). Computational Linguistics 16(1).

    Examples
    --------
    >>> groups = csr_array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    >>> ties = csr_array(np.kron(np.eye(2), [[0.0, 20.0], [20.0, 0.0]]))
    >>> lift_between(groups, ties).round(2)
    array([[ 0.59, -1.61],
           [-1.61,  0.59]])
    """
    seen = (groups.T @ ties @ groups).toarray()
    total = seen.sum(axis=1)
    expected = np.outer(total, total) / max(total.sum(), 1e-12)
    lift: NDArray[np.float64] = np.log((seen + _LIFT_PRIOR) / (expected + _LIFT_PRIOR))
    return lift


def group_affinity(
    groups: csr_array,
    lift: NDArray[np.float64],
    sources: NDArray[np.intp],
    targets: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Joint wins of the source's groups with the target's, against chance.

    Parameters
    ----------
    groups : csr_array of shape (n_partners, n_groups)
        Membership; rows sum to 1, or to 0 where nothing is known.
    lift : ndarray of shape (n_groups, n_groups)
        From :func:`lift_between`.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        Natural log of a ratio, averaged over both memberships; 0 where either is unknown.

    Examples
    --------
    >>> groups = csr_array([[1.0, 0.0], [0.5, 0.5]])
    >>> lift = np.array([[0.6, -1.6], [-1.6, 0.6]])
    >>> group_affinity(groups, lift, np.array([0]), np.array([1])).round(2)
    array([-0.5])
    """
    return bilinear(groups, lift, sources, targets)


def group_overlap(
    groups: csr_array, sources: NDArray[np.intp], targets: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Probability that one deal of each partner is in the same group.

    Parameters
    ----------
    groups : csr_array of shape (n_partners, n_groups)
        Membership; rows sum to 1, or to 0 where nothing is known.
    sources, targets : ndarray of shape (n_pairs,)
        Positions; the pairs.

    Returns
    -------
    ndarray of shape (n_pairs,)
        0..1; 1 where both are entirely in the same group.

    Examples
    --------
    >>> groups = csr_array([[1.0, 0.0], [0.5, 0.5]])
    >>> group_overlap(groups, np.array([0]), np.array([1]))
    array([0.5])
    """
    return row_dot(groups, groups, sources, targets)


def type_shares(types: pl.Series) -> csr_array:
    """Membership of partners in types, split at ``;``.

    Parameters
    ----------
    types : polars.Series of str, length n_partners
        Such as ``"ISV;MSP"``; empty where unknown.

    Returns
    -------
    csr_array of shape (n_partners, n_types)
        Equal shares of a partner's types; rows sum to 1, or to 0 where unknown.

    Examples
    --------
    >>> type_shares(pl.Series(["ISV;MSP", None, "MSP"])).toarray()
    array([[0.5, 0.5],
           [0. , 0. ],
           [0. , 1. ]])
    """
    return named_types(types)[1]


def named_types(types: pl.Series) -> tuple[pl.Series, csr_array]:
    """Sorted types, and membership of partners in them as in :func:`type_shares`."""
    words = (
        pl.DataFrame({"type": types.cast(pl.String)})
        .with_row_index("partner")
        .drop_nulls("type")
        .with_columns(pl.col("type").str.split(";"))
        .explode("type")
        .with_columns(pl.col("type").str.strip_chars())
        .filter(pl.col("type") != "")
        .unique(["partner", "type"])
        .with_columns(kind=pl.col("type").rank("dense") - 1, n=pl.len().over("partner"))
    )
    n_types = words["type"].n_unique()
    places = (words["partner"].to_numpy(), words["kind"].to_numpy())
    shares = csr_array((1.0 / words["n"].to_numpy(), places), shape=(len(types), n_types))
    shares.sort_indices()
    return words["type"].unique().sort(), shares
