"""A fitted model as plain numbers and names, which serving reads without scikit-learn."""
