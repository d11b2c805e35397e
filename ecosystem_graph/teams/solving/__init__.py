"""The optimisation: a problem of candidates and points, solved greedily and then exactly."""
