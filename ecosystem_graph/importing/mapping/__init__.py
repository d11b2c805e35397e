"""The mapping language: TOML that states how exports become tables."""
