"""What an introduction adds: models of winning and of accepting, and the benefit of a pair."""
