import threading

import numpy as np
from scipy.sparse import csr_array, random_array

from ecosystem_graph.arrays import workspace as scratch
from ecosystem_graph.arrays.list_kernels import best_columns, fuse, largest_terms
from ecosystem_graph.arrays.pair_kernels import (
    row_dot,
    unmet_demand,
    unmet_demand_in_return,
)
from ecosystem_graph.arrays.path_kernels import best_paths, best_paths_twice
from ecosystem_graph.signals.network.shared_collaborators import Walks, shared_collaborators


def rooms():
    return list(scratch._ARRAYS.__dict__.values())


def test_a_room_is_the_same_one_until_another_size_is_asked_for():
    room = scratch.zeros("here", 3)
    assert scratch.zeros("here", 3) is room
    assert scratch.zeros("there", 3) is not room
    assert len(scratch.zeros("here", 4)) == 4


def test_every_thread_has_its_own_room():
    found = []
    thread = threading.Thread(target=lambda: found.append(scratch.zeros("here", 3)))
    thread.start()
    thread.join()
    assert found[0] is not scratch.zeros("here", 3)


def test_every_loop_leaves_its_room_as_it_found_it():
    rng = np.random.default_rng(0)
    square = random_array((60, 60), density=0.2, rng=rng, format="csr")
    square = (square + square.T).tocsr()
    square.setdiag(0.0)
    square.eliminate_zeros()
    square.indices, square.indptr = square.indices.astype("i4"), square.indptr.astype("i4")
    a = np.sort(rng.integers(60, size=200))
    b = rng.integers(60, size=200)
    sources = np.arange(60)
    scores = rng.random((60, 60)).astype(np.float32)
    row_dot(square, square, a, b)
    row_dot(csr_array(square.shape), square, a, b % 3)  # taken by target
    unmet_demand(square, square, a, b)
    unmet_demand_in_return(square, square, square, a, b)
    largest_terms(square, square, a, b, 3)
    lists = best_paths(square, square, sources, square, np.ones(60, dtype=bool), 5)
    everybody = np.ones(60, dtype=bool)
    best_paths_twice(square, square.data, square, sources, square, everybody, 5)
    best_columns(scores, sources, sources, square, 5)
    fuse(lists, np.arange(1, 6), 60, 5)
    shared_collaborators(Walks.along(square, np.ones(square.nnz)), a, b)
    assert len(rooms()) >= 4
    assert not any(room.any() for room in rooms())
