"""Numbers -> tables, the ground truth, and files."""
