"""The log of what was predicted, written off the request path."""
