"""Names for the two kinds of arrays that most functions take and return."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Indices into the arrays of a graph.
Positions: TypeAlias = NDArray[np.intp]

#: A number for each item.
Values: TypeAlias = NDArray[np.float64]
