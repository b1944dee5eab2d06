"""JSON, one file per concept."""
