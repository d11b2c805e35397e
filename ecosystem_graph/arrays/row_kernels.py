"""Compiled loops over one row of a sparse array, which other kernels are made of."""

from ecosystem_graph.arrays.jit import compiled

#: Weights below it count as none: single precision cannot tell them apart.
SMALLEST = 1e-37


@compiled
def set_row(dense, matrix, row):  # type: ignore[no-untyped-def]
    """Write the values of a sparse row into a dense one of zeros."""
    for i in range(matrix.pointers[row], matrix.pointers[row + 1]):
        dense[matrix.columns[i]] = matrix.values[i]


@compiled
def clear_row(dense, matrix, row):  # type: ignore[no-untyped-def]
    """Put zeros where a sparse row has entries; nothing for row -1."""
    if row >= 0:
        for i in range(matrix.pointers[row], matrix.pointers[row + 1]):
            dense[matrix.columns[i]] = 0.0


@compiled
def mark_row(mask, matrix, row, to):  # type: ignore[no-untyped-def]
    """Set a mask to true or false where a sparse row has entries."""
    for i in range(matrix.pointers[row], matrix.pointers[row + 1]):
        mask[matrix.columns[i]] = to


@compiled
def add_row_of_product(first, second, row, dense, touched):  # type: ignore[no-untyped-def]
    """Add a row of ``first @ second``, entries >= 0, to a dense row of zeros.

    Returns the number of columns that have an entry then; `touched` lists them.
    """
    n_touched = 0
    for i in range(first.pointers[row], first.pointers[row + 1]):
        between = first.columns[i]
        for j in range(second.pointers[between], second.pointers[between + 1]):
            column, weight = second.columns[j], first.values[i] * second.values[j]
            if weight > 0.0:  # a product of tiny weights can be 0
                if dense[column] == 0.0:
                    touched[n_touched] = column
                    n_touched += 1
                dense[column] += weight
    return n_touched
