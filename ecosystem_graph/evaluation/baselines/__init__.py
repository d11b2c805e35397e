"""Simple methods to compare the model with, and their ranking of all partners."""
