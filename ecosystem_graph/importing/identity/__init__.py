"""Which partner a value means: identifiers, names, matching, duplicates and their review."""
