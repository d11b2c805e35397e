"""Signals of who won with whom: ties, shared collaborators, walks, embeddings."""
