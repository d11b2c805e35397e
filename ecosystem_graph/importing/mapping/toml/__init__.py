"""TOML of a mapping -> its values, with every fault at once."""
