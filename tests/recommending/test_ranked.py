import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_graph.recommending.ranked import Ranked


@given(
    k=st.integers(1, 5),
    pairs=st.dictionaries(
        st.tuples(st.integers(0, 3), st.integers(0, 9)),
        st.sampled_from([-1.0, 0.0, 0.5]),
        min_size=1,
    ),
)
def test_the_best_are_those_of_a_plain_sort(k, pairs):
    sources, targets = np.array(list(pairs)).T
    known = np.zeros(len(pairs), dtype=bool)
    best = Ranked.best(sources, targets, np.array(list(pairs.values())), known, k=k)
    expected = []
    for source in sorted(set(sources.tolist())):
        own = [(-score, b) for (a, b), score in pairs.items() if a == source]
        expected += [
            (source, b, rank, -score) for rank, (score, b) in enumerate(sorted(own)[:k], 1)
        ]
    columns = (best.sources, best.targets, best.ranks, best.scores)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected
