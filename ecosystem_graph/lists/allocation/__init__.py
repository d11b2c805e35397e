"""Which partner appears in which lists under capacities: an auction, then augmenting paths."""
