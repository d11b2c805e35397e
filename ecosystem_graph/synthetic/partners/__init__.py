"""Partners, what they are able to do, and what they sell where."""
