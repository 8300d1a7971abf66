"""Predictions from a packaged model."""
