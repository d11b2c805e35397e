"""An import into the tables of earlier ones: which of their rows stay, and what changes."""
