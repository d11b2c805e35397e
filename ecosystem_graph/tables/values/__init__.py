"""Values of a column: text, numbers, dates, markets, as people and systems write them."""
