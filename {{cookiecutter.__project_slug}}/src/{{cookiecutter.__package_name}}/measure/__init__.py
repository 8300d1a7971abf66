"""How good a model is, and what its rows look like: what evaluate and the reviews count."""
