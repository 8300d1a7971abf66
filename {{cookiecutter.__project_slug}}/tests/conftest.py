"""What all tests share."""

from hypothesis import settings

# The same examples each time and no time limit for one: a slow machine fails no test.
settings.register_profile("project", max_examples=25, deadline=None, derandomize=True)
settings.load_profile("project")
