"""Deals: demand, forming of teams, outcomes, and the history of joint wins."""
