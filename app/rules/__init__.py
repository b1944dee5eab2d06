"""What the method says: pure functions on values. No database, clock, request or language."""
