"""One value of a column: text, number, date or market, as people and systems write it."""
