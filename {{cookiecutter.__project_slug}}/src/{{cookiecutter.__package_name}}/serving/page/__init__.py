"""The page for people: a form for one row, an upload for many, and the model card."""
