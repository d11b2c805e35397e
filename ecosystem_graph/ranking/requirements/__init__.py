"""Ranking the partners that could join the lead of a deal in serving one customer's requirement."""
