"""Predictions for a file of rows."""
