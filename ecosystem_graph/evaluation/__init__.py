"""Metrics, baselines and the back-test: how good the recommendations are, and beside what."""
