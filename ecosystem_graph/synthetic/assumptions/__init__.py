"""What a synthetic ecosystem rests on: every number and every word."""
