"""Rules of a mapping at work: inputs -> rows of tables."""
