"""Requests to a model, resolved on a graph; and why a list is empty."""
