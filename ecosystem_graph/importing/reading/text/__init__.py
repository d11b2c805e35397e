"""Bytes of a text file -> cells: encoding, delimiter, records."""
