"""Joint wins of pairs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.synthetic.deals.history import JointWins


@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] != pair[1])
    )
)
def test_joint_wins_are_counted_as_a_dictionary_would(pairs):
    joint, counted = JointWins(6), np.zeros((6, 6), dtype=int)
    for left, right in pairs:
        joint.add(np.array([left], dtype=np.int32), np.array([right], dtype=np.int32))
        counted[left, right] += 1
        counted[right, left] += 1
    left, right = np.divmod(np.arange(36, dtype=np.int32), 6)
    np.testing.assert_array_equal(joint.between(left, right), counted.ravel())
    drawn = joint.random_collaborators(
        np.arange(6, dtype=np.int32), np.linspace(0, 0.99, 12).reshape(6, 2)
    )
    for partner, others in enumerate(drawn):
        known = set(np.flatnonzero(counted[partner])) or {-1}
        assert set(others.tolist()) <= known
