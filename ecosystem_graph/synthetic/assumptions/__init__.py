"""Parameters and vocabulary of synthetic ecosystems."""
