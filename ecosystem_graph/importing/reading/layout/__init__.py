"""Grid of cells -> header, data, and the rows that are neither."""
