"""Tables as data packages: the descriptor, shipped datasets, and empty tables to fill in."""
