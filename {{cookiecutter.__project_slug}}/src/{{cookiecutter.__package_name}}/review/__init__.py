"""Is the goal met, and what do people need to see to believe it."""
