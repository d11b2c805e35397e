"""What signals read of a graph, of pairs and of requirements, each computed once."""
