"""The signals that come with the package, one entry each: words, unit, scale and function."""
