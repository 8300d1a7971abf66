"""The wheel that a model is packaged in."""
