"""Today's model against an earlier one, on the same rows."""
