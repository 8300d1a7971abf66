"""Estimators, their metrics, and the bundle in which a model travels."""
