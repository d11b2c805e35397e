"""Partners, their capabilities, and what they sell where."""
