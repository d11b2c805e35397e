"""What holds for any sparse graph: compiled kernels, top-k, work in chunks, arrays kept on disk."""
