"""Invented ecosystems, what may be wrong with them, and what must hold all the same."""
