"""From raw deliveries to a packaged model: data, features, model, stages."""
