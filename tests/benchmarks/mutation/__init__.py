"""Mutations of the package's source, and the tests each is run against."""
