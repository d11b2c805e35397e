"""The rules of a team: who may be in it, who may not be in it together, what counts how much."""
