"""How a table is declared, and the declarations of every table."""
