"""Sparse arrays of any kind: compiled kernels, top-k, work in chunks, arrays kept on disk."""
