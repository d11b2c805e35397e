"""Fitting a ranker and its calibration on what happened within horizons of the past."""
