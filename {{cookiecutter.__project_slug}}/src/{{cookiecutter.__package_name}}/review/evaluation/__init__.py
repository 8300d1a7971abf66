"""What evaluate finds out of a model, and the reports that it writes."""
