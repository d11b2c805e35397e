"""Files and dataframes -> raw tables: every row as it stands, with its row number."""
