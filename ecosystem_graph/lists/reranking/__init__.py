"""Reranking of lists beyond the score: reciprocity, diversity, a price on exposure."""

from ecosystem_graph.lists.reranking.options import PLAIN, POOL, UNLIMITED, Reranking

__all__ = ["PLAIN", "POOL", "UNLIMITED", "Reranking"]
