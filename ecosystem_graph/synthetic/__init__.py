"""Synthetic ecosystems: every table of the schema, invented, with the truth behind it.

The numbers it rests on are in :mod:`ecosystem_graph.synthetic.assumptions.parameters`.
"""

from ecosystem_graph.synthetic.output.writing import Synthetic, synthetic, write_synthetic

__all__ = ["Synthetic", "synthetic", "write_synthetic"]
