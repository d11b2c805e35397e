"""What an import hands over: tables, the account of every row, and where each row is from."""
