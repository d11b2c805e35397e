"""Text of exports -> dates, numbers and money, decided for a column as a whole."""
