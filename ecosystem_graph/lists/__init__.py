"""From scored candidates to lists: reranking, capacity, exposure, and the rows that are shown."""
