"""What is asked of a model, found on a graph; and why a list is empty."""
