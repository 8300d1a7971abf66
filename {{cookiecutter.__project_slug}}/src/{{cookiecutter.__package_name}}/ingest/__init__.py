"""New deliveries: found where they arrive, copied to where `prepare` reads them."""
