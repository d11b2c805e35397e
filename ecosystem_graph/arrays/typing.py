"""Names for the two kinds of arrays that most functions take and return."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: Integers that say where somebody or something stands in the arrays of a graph.
Positions: TypeAlias = NDArray[np.intp]

#: Numbers, one each.
Values: TypeAlias = NDArray[np.float64]
