"""Rows of all rules -> tables: one row per key, merged records, repairs."""
