"""The report of a change, for a pull request."""
