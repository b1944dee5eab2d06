"""The benchmark's own tests: a generator counts what it was given, and is not late by itself."""
