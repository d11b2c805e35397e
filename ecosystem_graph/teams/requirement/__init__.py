"""A customer's requirement: read from a file, and resolved on a graph."""
