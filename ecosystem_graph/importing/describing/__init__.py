"""What is in a source, and what an import would make of it; nothing is written."""
