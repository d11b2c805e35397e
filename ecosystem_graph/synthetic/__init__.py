"""Synthetic ecosystems: every table of the schema, with the ground truth behind it.

All parameters are in :mod:`ecosystem_graph.synthetic.assumptions.parameters`.
"""

from ecosystem_graph.synthetic.output.writing import Synthetic, synthetic, write_synthetic

__all__ = ["Synthetic", "synthetic", "write_synthetic"]
