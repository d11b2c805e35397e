"""Demand, and how teams form, deals close and partners come to know each other."""
