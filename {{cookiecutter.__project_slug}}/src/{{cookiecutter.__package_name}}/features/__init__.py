"""What the model gets to see: your own features, then the fitted transform."""
