"""Reading, checking, cleaning and splitting the deliveries."""
