"""Which input of a mapping, or of which preset, a file is."""
