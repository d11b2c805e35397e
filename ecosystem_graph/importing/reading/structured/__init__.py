"""Inputs whose columns are known: JSON, databases, Parquet, dataframes."""
