"""A source on disk -> raw tables: every cell as text, each row with its row number."""
