"""Learning of the models of winning and of accepting from deals and introductions on record."""
