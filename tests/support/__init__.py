"""Real parts for tests: PostgreSQL, Redis, a browser and the product itself."""
