"""Problems of typed tables: in a table, and between tables."""
