"""New rows against those that the model was trained on."""
