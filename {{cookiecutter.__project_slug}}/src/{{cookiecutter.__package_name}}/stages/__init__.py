"""The stages of dvc.yaml, one module each: read, call, write."""
