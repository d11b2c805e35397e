"""Signals of what customers require and who can deliver it."""
