"""Compiled bounded heaps: the best k of many entries, ties by lower column.

The root is the worst entry kept so far, so that finding the best k of m entries costs about m
comparisons and no sorting.
"""

import numpy as np

from ecosystem_graph.arrays.jit import compiled


@compiled
def _worse(weight, column, other_weight, other_column):  # type: ignore[no-untyped-def]
    return weight < other_weight or (weight == other_weight and column > other_column)


@compiled
def _sink(weights, columns, size, weight, column):  # type: ignore[no-untyped-def]
    """Where an entry belongs when it replaces the root; moves worse entries up on the way."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            return place
        other = child + 1
        if other < size and _worse(
            weights[other], np.int64(columns[other]), weights[child], np.int64(columns[child])
        ):
            child = other
        if not _worse(weights[child], np.int64(columns[child]), weight, column):
            return place
        weights[place], columns[place] = weights[child], columns[child]
        place = child


@compiled
def push(weights, columns, size, weight, column):  # type: ignore[no-untyped-def]
    """Offer one entry to a bounded heap whose root is its worst entry; returns the new size."""
    k = len(weights)
    if size < k:
        place = size
        size += 1
        while place > 0:
            parent = (place - 1) // 2
            if not _worse(weight, column, weights[parent], np.int64(columns[parent])):
                break
            weights[place], columns[place] = weights[parent], columns[parent]
            place = parent
    elif _worse(weights[0], np.int64(columns[0]), weight, column):
        place = _sink(weights, columns, size, weight, column)
    else:
        return size
    weights[place], columns[place] = weight, column
    return size


@compiled
def sort_heap(weights, columns, size):  # type: ignore[no-untyped-def]
    """Turn the heap into a list, best first."""
    while size > 1:
        size -= 1
        weight, column = weights[size], np.int64(columns[size])
        weights[size], columns[size] = weights[0], columns[0]
        place = _sink(weights, columns, size, weight, column)
        weights[place], columns[place] = weight, column
