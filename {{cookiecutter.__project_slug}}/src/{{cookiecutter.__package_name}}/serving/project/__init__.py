"""Serving with the model that the project has now, not with a packaged one."""
