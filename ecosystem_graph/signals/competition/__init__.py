"""Signals of rivalry: shared markets, opposite sides of a tender, substitutes."""
