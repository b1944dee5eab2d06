"""HTML, one file per concept."""
