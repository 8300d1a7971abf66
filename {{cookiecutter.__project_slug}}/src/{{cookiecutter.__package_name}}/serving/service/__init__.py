"""The packaged model over HTTP."""
