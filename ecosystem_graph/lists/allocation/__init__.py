"""Who appears in which lists where places are limited: an auction, and augmenting paths."""
