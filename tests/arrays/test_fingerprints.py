import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.sparse import csr_array

from ecosystem_graph.arrays.fingerprints import colours, distinct, hashed, mixed, ranks, uniform

WORDS = ["0x20bc330fe3c2d91b", "0x9da02f0cadaa0e4c"]
tables = hnp.arrays(int, (5, 4), elements=st.integers(0, 1))
numbers = hnp.arrays(np.int64, st.integers(0, 20), elements=st.integers(0, 2**62), unique=True)


@given(numbers=numbers, salt=st.integers(0, 9))
def test_different_numbers_have_different_hashes_and_a_salt_changes_them(numbers, salt):
    hashes = mixed(numbers, salt)
    assert len(np.unique(hashes)) == len(numbers)
    assert not (hashes == mixed(numbers, salt + 1)).any()


def test_a_bit_of_a_number_changes_half_of_the_bits_of_its_hash():
    start = np.arange(1_000)
    for bit in range(40):
        changed = mixed(start) ^ mixed(start ^ (1 << bit))
        bits = np.unpackbits(changed.view(np.uint8)).sum() / len(start)
        np.testing.assert_allclose(bits, 32, atol=1)


def test_hashes_are_spread_evenly_over_0_to_1():
    shares = uniform(mixed(np.arange(20_000)))
    assert shares.min() >= 0
    assert shares.max() < 1
    np.testing.assert_allclose(np.histogram(shares, 10, (0, 1))[0] / 20_000, 0.1, atol=0.01)


def test_hashes_of_words_are_the_same_in_every_process():
    assert [hex(number) for number in hashed(["p-1", "\udcff"]).tolist()] == WORDS


@given(table=tables, data=st.data())
def test_renumbering_nodes_and_links_only_renumbers_the_colours(table, data):
    rows, columns = (np.array(data.draw(st.permutations(range(n)))) for n in table.shape)
    known = np.arange(table.shape[1]) % 2
    before = colours([(csr_array(table), known)], n=5)
    after = colours([(csr_array(table[rows][:, columns]), known[columns])], n=5)
    np.testing.assert_array_equal(after, before[rows])


def test_nodes_differ_when_their_neighbours_do():
    path = csr_array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]])
    end, inner, other_inner, other_end = colours([(path, np.zeros(3, dtype=int))], n=4)
    assert end == other_end
    assert inner == other_inner
    assert end != inner
    first, *_, last = colours([(path, np.array([7, 0, 0]))], n=4)
    assert first != last


@given(shades=hnp.arrays(np.uint64, 6, elements=st.integers(0, 2)), data=st.data())
def test_equal_colours_are_distinguished_by_names_wherever_they_stand(shades, data):
    names = hashed("abcdef")
    order = np.array(data.draw(st.permutations(range(6))))
    apart = distinct(shades, names)
    assert len(np.unique(apart)) == 6
    np.testing.assert_array_equal(distinct(shades[order], names[order]), apart[order])


@given(keys=hnp.arrays(int, (2, 6), elements=st.integers(0, 3)))
def test_ranks_are_the_positions_in_sorted_order(keys):
    order = sorted(range(6), key=lambda i: (keys[0, i], keys[1, i], i))
    assert ranks(*keys).tolist() == [order.index(i) for i in range(6)]
