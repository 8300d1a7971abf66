"""The registry: versions of the model, and which of them serves in which stage."""
