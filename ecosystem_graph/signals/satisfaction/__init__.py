"""Signals of customer satisfaction, shrunk towards the mean of peers where responses are few."""
